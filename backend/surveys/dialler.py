"""The dialler 外呼: opens surveys, calls citizens in their turn, and follows each call to its end.

Any number of diallers may run on one database. Each may die at any moment: a try is written before
its number is dialled, and whoever is left ends it by what the line and the call's story tell.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import signal
import socket
import time
import uuid

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from backend.database import Database
from backend.live import Loudspeaker
from backend.logs import log
from backend.privacy import Seal
from backend.settings import Settings
from backend.surveys import claiming, following, opening
from backend.surveys.channels import Ending
from backend.surveys.clock import Clock
from backend.surveys.codes import TryResult
from backend.surveys.greetings import Greetings
from backend.surveys.line import Line, LineAway
from backend.surveys.models import ONLY, Survey, SurveyHead
from backend.surveys.planning import Policy
from backend.surveys.settings import LineSettings
from backend.surveys.slots import NoPlaces, Places

TICK_SECONDS = 0.3
LOOK_SECONDS = 2.0
"""Between two looks for surveys that fell due and for reasons that were heard late."""
READ_SECONDS = 1.0
"""Between two looks into the story of a call whose line has ended."""
UNSEEN_SECONDS = 8.0
"""How long a try may be without a channel before its line has ended, or never was."""
LONGEST_HOLD_SECONDS = 300.0


class Dialler:
    """One dialler; `settings.survey_clock` lets a rehearsal set its clock ahead."""

    def __init__(
        self,
        settings: LineSettings,
        database: Database,
        seal: Seal,
        places: Places,
        greetings: Greetings,
    ) -> None:
        self.settings, self.database, self.seal = settings, database, seal
        self.places, self.greetings = places, greetings
        self.clock = Clock(settings.survey_clock)
        self.policy = Policy(settings.rules, settings.survey_on_rest_days)
        self.name = f"dialler:{socket.gethostname()[:40]}:{os.getpid()}"
        self._endings: list[Ending] = []
        self._unseen: dict[uuid.UUID, float] = {}
        self._left: dict[uuid.UUID, float] = {}
        self._read_again: dict[uuid.UUID, float] = {}
        self._strays: set[uuid.UUID] = set()
        self._looked = self._hold_until = 0.0
        self._congested = 0

    async def run(self) -> None:
        """Work until cancelled; without call control nobody is dialled and nothing is decided."""
        log.info("dialler started", dialler=self.name, lines=self.settings.survey_lines)
        while True:
            try:
                async with Line.open(self.settings, self._endings.append) as line:
                    log.info("call control is there", calls=len(line.channels.ours))
                    self._unseen.clear()
                    while True:
                        await self.tick(line)
                        await asyncio.sleep(TICK_SECONDS)
            except (LineAway, NoPlaces, SQLAlchemyError, OSError) as error:
                log.warning("dialling waits", why=f"{type(error).__name__}: {error}"[:200])
                await asyncio.sleep(1)

    async def tick(self, line: Line) -> None:
        """Do all that is due now."""
        if time.monotonic() - self._looked >= LOOK_SECONDS:
            self._looked = time.monotonic()
            await self._look()
        line.check()
        await self._end(line)
        if time.monotonic() >= self._hold_until:
            await self._dial(line)

    async def _look(self) -> None:
        now = self.clock.now()
        async with self.database.transaction() as session:
            opened = await opening.open_due(session, self.seal, now)
            await following.hear_late(session, self.seal, now)
            known = {one.id for one in await following.under_way(session)}
        await self._sweep(known)
        if opened:
            log.info("surveys opened", count=opened)

    async def _sweep(self, known: set[uuid.UUID]) -> None:
        """Free places that were taken for calls which never came to be: their dialler died."""
        stray = await self.places.taken() - known
        await self.places.free(stray & self._strays)
        self._strays = stray

    async def _end(self, line: Line) -> None:
        """End every try that is over."""
        while self._endings:
            ending = self._endings[0]
            async with self.database.transaction() as session:
                result = await following.left(
                    session, ending, self.seal, self.policy, self.clock.now()
                )
            self._endings.pop(0)
            await self._ended(ending.call, result)
        async with self.database.transaction(writes=False) as session:
            tries = [
                (one.id, one.left_at is not None) for one in await following.under_way(session)
            ]
        for call, has_left in tries:
            if has_left or await self._is_gone(line, call):
                await self._settle(call)

    async def _is_gone(self, line: Line, call: uuid.UUID) -> bool:
        """Tell whether a try has no channel, and has had none for a while."""
        if line.has(call):
            self._unseen.pop(call, None)
            return False
        since = self._unseen.setdefault(call, time.monotonic())
        if time.monotonic() - since < UNSEEN_SECONDS:
            return False
        return str(call) not in await line.present()

    async def _settle(self, call: uuid.UUID) -> None:
        now = time.monotonic()
        since = self._left.setdefault(call, now)
        if now < self._read_again.get(call, 0.0):
            return
        self._read_again[call] = now + READ_SECONDS
        give_up = now - since >= self.settings.survey_words_seconds
        async with self.database.transaction() as session:
            result = await following.over(
                session, call, self.seal, self.policy, self.clock.now(), give_up=give_up
            )
        if result is not None:
            await self._ended(call, result)

    async def _ended(self, call: uuid.UUID, result: TryResult | None) -> None:
        await self.places.free([call])
        if result is None:
            return
        self._unseen.pop(call, None)
        self._left.pop(call, None)
        self._read_again.pop(call, None)
        log.info("try ended", call=str(call), result=result.value)
        if result is not TryResult.CONGESTED:
            self._congested = 0
            return
        self._congested += 1
        pause = min(2.0**self._congested, LONGEST_HOLD_SECONDS)
        self._hold_until = time.monotonic() + pause

    async def _dial(self, line: Line) -> None:
        """Call as many as there are places for, one by one."""
        while await self._somebody_is_due() and await self.greetings.ready(self.database):
            call = uuid.uuid4()
            if not await self.places.take(call, self._most(line)):
                return
            now = self.clock.now()
            async with self.database.transaction() as session:
                found = await claiming.claim(session, self.seal, self.policy, self.name, now, call)
            if found is None:
                await self.places.free([call])
                return
            await self.places.turn()
            log.info("dialling", call=str(call))
            if not await line.place(call, found.number):
                self._endings.append(Ending(call, None, ""))
                return

    def _most(self, line: Line) -> int:
        """How many places surveys may have now: the rest is for citizens who call."""
        lines = self.settings.trunk_lines
        kept = math.ceil(lines * self.settings.survey_inbound_share)
        spare = self.settings.emergency_lines
        return min(self.settings.survey_lines, lines - max(kept, line.busy + spare))

    async def _somebody_is_due(self) -> bool:
        async with self.database.transaction(writes=False) as session:
            head = await session.get_one(SurveyHead, ONLY)
            if head.paused_at is not None:
                return False
            query = select(Survey.id).where(
                Survey.ended_at.is_(None), Survey.due_at <= self.clock.now()
            )
            return (await session.scalars(query.limit(1))).first() is not None


def run(settings: Settings, lines: LineSettings) -> None:
    """Run one dialler until SIGTERM or SIGINT."""
    asyncio.run(_run(settings, lines))


async def _run(settings: Settings, lines: LineSettings) -> None:
    speaker = Loudspeaker(settings.redis_url)
    database = Database(settings.database_url, speaker.announce)
    seal = Seal(settings.data_key.get_secret_value())
    lease = lines.survey_ring_seconds + lines.survey_longest_seconds + 60.0
    places = Places(settings.redis_url, lease, lines.survey_calls_per_second)
    speaker.start()
    try:
        asr, token = f"http://{settings.asr_host}:{settings.asr_port}", settings.service_token
        async with Greetings(asr, token.get_secret_value()) as greetings:
            dialler = Dialler(lines, database, seal, places, greetings)
            work = asyncio.create_task(dialler.run())
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, work.cancel)
            with contextlib.suppress(asyncio.CancelledError):
                await work
    finally:
        await places.close()
        await speaker.stop()
        await database.close()
    log.info("dialler stopped")
