"""Calls a citizen in danger back who left while a service rang, up to three times.

Each turn is noted before it is dialled and its line has an id made of call and turn, so that a
worker that dies in it rings nobody twice: the next worker waits for the lease, which outlasts the
ringing, and goes on with the next turn only if the legs tell that the citizen was not reached.
"""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from backend.alarms.service import Level, raise_alarm
from backend.ami import AmiError
from backend.calls import service as calls
from backend.calls.entries import CalledBack, Entry, Kind
from backend.calls.models import Call
from backend.database import Database
from backend.jobs import service as jobs
from backend.jobs.models import Job
from backend.jobs.service import JobKind, LeaseLost
from backend.lines import legs as notes
from backend.lines.control import Control, Rang, Ring
from backend.lines.report import report_legs
from backend.lines.settings import LineSettings
from backend.logs import log
from backend.privacy import Seal
from backend.reception.service import take_in
from backend.recordings import files

TALK_SECONDS = 150.0
"""How long a citizen who was called back may wait until a service has them."""
LOOK_SECONDS = 0.3
STILL_UP_SECONDS = 2.0
IN_TALK_SECONDS = 3.0
SETTLE_SECONDS = 5.0
"""How long the files of a call back rest before they are taken in."""
HOLD_SECONDS = 45.0
"""The lease while it rings: longer than the ringing, so that no two turns overlap."""


@dataclass(frozen=True, slots=True)
class Due:
    """A citizen who is due a call, as far as the books know them."""

    call_id: uuid.UUID
    number: str
    channel: str | None
    service: str
    turn: int
    served: bool


class CallBack:
    """Does the turns that are due; any number of workers may have one."""

    def __init__(self, settings: LineSettings, database: Database, media: Path, seal: Seal) -> None:
        self._settings, self._database = settings, database
        self._media, self._seal = media, seal

    async def take_turn(self, job: Job, worker: str) -> None:
        """Call the citizen once, or end the matter: served, or all turns are over."""
        due = await self._look(job)
        legs = notes.read_legs(self._media, due.call_id)
        now = notes.since_cut(legs)
        met = any(leg.moment == "connected" for leg in now)
        if met or (due.served and now is legs):
            # The recording is taken in, and the notes are removed, once the talk is over.
            if notes.called_back_talks(legs):
                await self._again(job, worker, IN_TALK_SECONDS, "they talk")
            else:
                await self._finish(job, worker, due, reached=True)
        elif due.turn > self._settings.call_back_turns or not due.number:
            await self._finish(job, worker, due, reached=False)
        else:
            try:
                async with self._held(job, worker), Control.open(self._settings.login) as control:
                    if due.channel and await control.is_up(due.channel, due.call_id):
                        await self._again(job, worker, STILL_UP_SECONDS, "still on the line")
                        return
                    await self._turn(job, worker, due, control)
            except AmiError as error:
                pause = self._settings.call_back_pause_seconds
                await self._again(job, worker, pause, str(error))

    async def _look(self, job: Job) -> Due:
        call_id = uuid.UUID(job.data["call_id"])
        note = await asyncio.to_thread(files.read_note, self._media, call_id)
        async with self._database.transaction(writes=False) as session:
            call = await calls.find(session, call_id)
            picture = await calls.picture_of(session, call_id, self._seal)
        known = self._seal.open(call.caller_sealed) if call and call.caller_sealed else None
        served = any(one.answered_at for one in picture.emergencies)
        return Due(
            call_id=call_id,
            number=_dialled(str(known or (note.caller if note else ""))),
            channel=picture.opened.channel if picture.opened else None,
            service=str(job.data["service"]),
            turn=int(job.data["turn"]) + 1,
            served=served or any(one.reached for one in picture.called_back),
        )

    async def _turn(self, job: Job, worker: str, due: Due, control: Control) -> None:
        began = datetime.now(UTC)
        data = {**job.data, "turn": due.turn}
        async with self._database.transaction() as session:
            await jobs.remember(session, job, worker, data)
        log.info("calling back", call=str(due.call_id), turn=due.turn, service=due.service)
        rang = await self._ring(control, due)
        reached = rang is Rang.ANSWERED and await self._met(due, began)
        entry = CalledBack(
            turn=due.turn,
            service=due.service or None,
            dialled_at=began,
            ended_at=datetime.now(UTC),
            result=rang.value,
            reached=reached,
        )
        over = reached or due.turn >= self._settings.call_back_turns
        pause = timedelta(seconds=0 if over else self._settings.call_back_pause_seconds)
        async with self._database.transaction() as session:
            await take_in(session, [_entry(due, entry)], self._seal, datetime.now(UTC))
            await report_legs(session, self._media, due.call_id, self._seal)
            due_at = datetime.now(UTC) + pause
            await jobs.postpone(session, job, worker, due_at, rang.value, data)

    async def _ring(self, control: Control, due: Due) -> Rang:
        """Ring the citizen over each trunk until one of them carries the call."""
        rang = Rang.FAILED
        for trunk in self._settings.trunk_names:
            rang = await control.ring(
                Ring(
                    channel=f"PJSIP/{due.number}@{trunk}",
                    context="call-back",
                    exten=due.service or "0",
                    seconds=self._settings.call_back_ring_seconds,
                    variables=(
                        ("GROUP(side)", "out"),
                        ("HOTLINE_CALL_ID", str(due.call_id)),
                        ("HOTLINE_CITIZEN", due.number),
                        ("HOTLINE_TURN", str(due.turn)),
                        ("CONNECTEDLINE(num)", self._settings.city_number),
                    ),
                    channel_id=str(uuid.uuid5(due.call_id, f"call-back:{due.turn}:{trunk}")),
                )
            )
            if rang is not Rang.FAILED:
                break
        return rang

    async def _met(self, due: Due, since: datetime) -> bool:
        """Wait until a service has the citizen, or the citizen has left or was told to dial."""
        until = asyncio.get_running_loop().time() + TALK_SECONDS
        while asyncio.get_running_loop().time() < until:
            all_legs = await asyncio.to_thread(notes.read_legs, self._media, due.call_id)
            legs = [leg for leg in all_legs if leg.at >= since]
            if any(leg.moment == "connected" for leg in legs):
                return True
            if any(leg.number == "caller" for leg in legs):
                return False
            await asyncio.sleep(LOOK_SECONDS)
        return False

    async def _finish(self, job: Job, worker: str, due: Due, *, reached: bool) -> None:
        now = datetime.now(UTC)
        async with self._database.transaction() as session:
            await report_legs(session, self._media, due.call_id, self._seal)
            if not reached:
                await _give_up(session, due, now)
            data = {"call_id": str(due.call_id)}
            settled = now + timedelta(seconds=SETTLE_SECONDS)
            await jobs.ask_again(session, JobKind.TAKE_IN, str(due.call_id), data, settled)
            await jobs.finish(session, job, worker, now)

    async def _again(self, job: Job, worker: str, pause: float, why: str) -> None:
        async with self._database.transaction() as session:
            due_at = datetime.now(UTC) + timedelta(seconds=pause)
            await jobs.postpone(session, job, worker, due_at, why)

    @contextlib.asynccontextmanager
    async def _held(self, job: Job, worker: str) -> AsyncIterator[None]:
        """Keep the lease while it rings and while the citizen waits for the service."""

        async def renew() -> None:
            while True:
                with contextlib.suppress(LeaseLost):
                    async with self._database.transaction() as session:
                        now = datetime.now(UTC)
                        await jobs.renew(session, job, worker, now, HOLD_SECONDS)
                await asyncio.sleep(HOLD_SECONDS / 4)

        renewing = asyncio.create_task(renew())
        try:
            yield
        finally:
            renewing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await renewing


async def _give_up(session: AsyncSession, due: Due, now: datetime) -> None:
    call = await session.get(Call, due.call_id)
    await raise_alarm(
        session,
        "emergency.not_called_back",
        Level.CRITICAL,
        "紧急来电人挂断后回拨未能接通，请立即人工联系来电人和紧急热线。",
        call.id if call else None,
        key=f"call:{due.call_id}:not_called_back",
        at=now,
    )


def _entry(due: Due, data: CalledBack) -> Entry:
    name = uuid.uuid5(due.call_id, f"called_back:{due.turn}")
    return Entry(name, due.call_id, Kind.CALLED_BACK, datetime.now(UTC), data)


def _dialled(number: str) -> str:
    """Give a caller's number as it is dialled within the country; empty if none can be dialled."""
    digits = "".join(c for c in number.removeprefix("+86").removeprefix("0086") if c.isdigit())
    return digits if 3 <= len(digits) <= 20 and digits.isascii() else ""
