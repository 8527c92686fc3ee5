"""Writes talks down while they go on: each side by itself, for as long as a recogniser is free.

The sound of a side comes from Asterisk: a line of its own listens to the citizen's or the agent's
channel and leads to the recogniser like a listening step of a call. Nothing depends on it: what is
not written down stands in the recording.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from dataclasses import dataclass

from backend.ami import Ami, AmiError, AmiLogin, AmiRefused, Message
from backend.database import Database, tell
from backend.desk import seats
from backend.logs import log
from backend.privacy import Seal
from backend.queue.watch import call_of
from backend.reception.service import take_in
from backend.talks.ear import Ear, EarAway
from backend.talks.sides import Side, entry_of

REST_SECONDS = 3.0
FULL_SECONDS = 1.0
"""After this a side that found no recogniser free asks again."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of a talk: whose, and the channel on which it is heard."""

    call_id: uuid.UUID
    side: Side
    channel: str


class Overhearing:
    """Follows every talk of an agent in the browser. Run one for each Asterisk."""

    def __init__(
        self, login: AmiLogin, audiosocket: str, ear: Ear, database: Database, seal: Seal
    ) -> None:
        self._login, self._audiosocket, self._ear = login, audiosocket, ear
        self._database, self._seal = database, seal
        self._legs: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Follow until cancelled; begin anew when Asterisk was away."""
        while True:
            try:
                async with Ami(self._login) as ami:
                    with ami.listen() as events:
                        async for event in events:
                            self.take(ami, event)
            except AmiError as error:
                log.debug("talks are not followed", why=str(error))
            finally:
                self._leave(list(self._legs))
            await asyncio.sleep(REST_SECONDS)

    def take(self, ami: Ami, event: Message) -> None:
        """Begin with a talk that has begun, and end with one that is over."""
        match event["Event"]:
            case "AgentConnect" | "DialEnd":
                self._begin(ami, event)
            case "Hangup":
                self._leave([event.get("Channel", "")])

    def _begin(self, ami: Ami, event: Message) -> None:
        """Follow both sides; a dial that was not answered, or not by an agent, is no talk."""
        citizen, agent = event.get("Channel", ""), event.get("DestChannel", "")
        call_id = call_of(event)
        answered = event.get("DialStatus", "ANSWER") == "ANSWER"
        if call_id is None or not citizen or not answered or seats.person_of(agent) is None:
            return
        for leg in (Leg(call_id, Side.CITIZEN, citizen), Leg(call_id, Side.AGENT, agent)):
            if leg.channel not in self._legs:
                self._legs[leg.channel] = asyncio.create_task(self._follow(ami, leg))

    def _leave(self, channels: list[str]) -> None:
        for channel in channels:
            if task := self._legs.pop(channel, None):
                task.cancel()

    async def _follow(self, ami: Ami, leg: Leg) -> None:
        while True:
            try:
                if not await self._hear_once(ami, leg):
                    await asyncio.sleep(FULL_SECONDS)
            except AmiRefused:
                return
            except (AmiError, EarAway) as error:
                log.info("a side of a talk is not written down", side=leg.side, why=str(error))
                await asyncio.sleep(REST_SECONDS)
            except Exception as error:
                log.error("a side of a talk was lost", side=leg.side, why=str(error)[:300])
                await asyncio.sleep(REST_SECONDS)

    async def _hear_once(self, ami: Ami, leg: Leg) -> bool:
        """Hear one utterance and keep it; False while no recogniser is free."""
        listen_id = uuid.uuid4()
        if not await self._ear.announce(listen_id, leg.call_id, leg.side.step):
            return False
        async with self._database.transaction() as session:
            facts = {"call_id": str(leg.call_id), "listen_id": str(listen_id)}
            tell(session, "call.overheard", **facts, side=leg.side.value)
        await self._lead(ami, leg, listen_id)
        # A talk that ends meanwhile ends this task; its last words are kept all the same.
        await asyncio.shield(asyncio.create_task(self._keep(leg, listen_id)))
        return True

    async def _lead(self, ami: Ami, leg: Leg, listen_id: uuid.UUID) -> None:
        """Have Asterisk lead the sound of a channel to the recogniser."""
        await ami.ask(
            "Originate",
            [
                ("Channel", "Local/ear@overhear/n"),
                ("Context", "overhear"),
                ("Exten", "mouth"),
                ("Priority", "1"),
                ("Timeout", "3000"),
                ("Async", "true"),
                ("Variable", f"OVERHEAR_ID={listen_id}"),
                ("Variable", f"OVERHEAR_AT={self._audiosocket}"),
                ("Variable", f"OVERHEAR_WHOM={leg.channel}"),
            ],
        )

    async def _keep(self, leg: Leg, listen_id: uuid.UUID) -> None:
        found = await self._ear.heard(listen_id)
        now = dt.datetime.now(dt.UTC)
        entry = entry_of(leg.call_id, leg.side, listen_id, found, now)
        if entry is None:
            return
        async with self._database.transaction() as session:
            await take_in(session, [entry], self._seal, now)
