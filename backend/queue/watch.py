"""Watches the queue over call control, and writes down who waited and who was reached."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.orm import InstrumentedAttribute

from backend.ami import Ami, AmiError, AmiLogin, Message
from backend.database import Database, insert_into, tell
from backend.desk import seats
from backend.desk.models import AgentSeat
from backend.desk.seats import SeatState
from backend.logs import log
from backend.queue.models import QueueWait
from backend.queue.sentences import Sentences

REST_SECONDS = 3.0
SWEEP_SECONDS = 15.0
SAME_WAIT = dt.timedelta(seconds=5)
"""Between the leaving of one queue and the joining of the next."""
CALL = "HOTLINE_CALL_ID="


class QueueWatch:
    """One listener; several may listen to the same queue, for each writes the same rows."""

    def __init__(self, login: AmiLogin, database: Database, media: Path | None = None) -> None:
        self._login, self._database = login, database
        self._sentences = Sentences(database, media) if media else None

    async def run(self) -> None:
        """Listen until cancelled; connect again when Asterisk was away."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watch())
            if self._sentences:
                group.create_task(self._sentences.run())

    async def _watch(self) -> None:
        away = False
        while True:
            try:
                async with Ami(self._login) as ami:
                    away = False
                    await asyncio.gather(self._listen(ami), self._sweep(ami))
            except AmiError as error:
                if not away:
                    log.warning("the queue is not watched", why=str(error))
                away = True
            except Exception as error:
                log.error("the queue's watch begins anew", why=str(error)[:300])
            await asyncio.sleep(REST_SECONDS)

    async def take(self, event: Message) -> None:
        """Write down what one event tells."""
        call_id, at = call_of(event), _moment(event)
        if call_id is None:
            return
        agent = event.get("Interface", "")
        match event["Event"]:
            case "QueueCallerJoin":
                await self._joined(call_id, at)
            case "AgentCalled":
                await self._seat(agent, call_id, "agent.ringing", overwrite=True)
            case "AgentConnect":
                await self._write(call_id, QueueWait.connected_at, at, agent=agent[:80])
                await self._seat(agent, call_id, "agent.connected", overwrite=True)
            case "QueueCallerLeave" | "QueueCallerAbandon":
                # A caller who is connected leaves the queue too, a moment before.
                await self._write(call_id, QueueWait.left_at, at)
            case "AgentComplete" | "AgentRingNoAnswer":
                await self._seat(agent, call_id, "agent.free", overwrite=False)

    async def _listen(self, ami: Ami) -> None:
        with ami.listen() as events:
            async for event in events:
                if event["Event"].startswith(("Queue", "Agent")):
                    await self.take(event)

    async def _sweep(self, ami: Ami) -> None:
        """Take the telephone from agents whose session is over."""
        while True:
            now = dt.datetime.now(dt.UTC)
            async with self._database.transaction(writes=False) as session:
                over = await seats.overdue(session, now)
            for person_id in over:
                await seats.take_line(ami, person_id)
                async with self._database.transaction() as session:
                    await seats.note(session, person_id, SeatState.OFF, now)
            await asyncio.sleep(SWEEP_SECONDS)

    async def _joined(self, call_id: uuid.UUID, at: dt.datetime) -> None:
        """Write a wait down; one who changes from one queue to another goes on waiting."""
        async with self._database.transaction() as session:
            changed = update(QueueWait).where(
                QueueWait.call_id == call_id,
                QueueWait.connected_at.is_(None),
                QueueWait.left_at > at - SAME_WAIT,
                QueueWait.left_at <= at,
            )
            same = await session.execute(
                changed.values(left_at=None).returning(QueueWait.joined_at)
            )
            if same.first() is None:
                row = insert_into(session, QueueWait).values(call_id=call_id, joined_at=at)
                await session.execute(row.on_conflict_do_nothing())
            tell(session, "queue.joined", call_id=str(call_id))

    async def _write(
        self,
        call_id: uuid.UUID,
        column: InstrumentedAttribute[dt.datetime | None],
        at: dt.datetime,
        **facts: str,
    ) -> None:
        """Write a moment of a call's latest wait, once."""
        async with self._database.transaction() as session:
            latest = select(func.max(QueueWait.joined_at)).where(QueueWait.call_id == call_id)
            query = update(QueueWait).where(
                QueueWait.call_id == call_id,
                QueueWait.joined_at == latest.scalar_subquery(),
                column.is_(None),
            )
            await session.execute(query.values({column.key: at, **facts}))
            tell(session, "queue.left", call_id=str(call_id))

    async def _seat(self, agent: str, call_id: uuid.UUID, kind: str, *, overwrite: bool) -> None:
        person_id = seats.person_of(agent)
        if person_id is None:
            return
        async with self._database.transaction() as session:
            seat = await session.get(AgentSeat, person_id, with_for_update=True)
            if seat is None:
                return
            if overwrite:
                seat.call_id = call_id
            elif seat.call_id == call_id:
                seat.call_id = None
            tell(session, kind, person_id=person_id, call_id=str(call_id))


def call_of(event: Message) -> uuid.UUID | None:
    """Return the id that the event's channel carries (manager.conf: channelvars)."""
    for name in ("ChanVariable", "DestChanVariable"):
        for line in event.get(name, "").splitlines():
            if line.startswith(CALL) and len(line) > len(CALL):
                try:
                    return uuid.UUID(line.removeprefix(CALL))
                except ValueError:
                    return None
    return None


def _moment(event: Message) -> dt.datetime:
    """Return when it happened by Asterisk's clock, the same for every listener."""
    try:
        return dt.datetime.fromtimestamp(float(event.get("Timestamp", "")), dt.UTC)
    except ValueError:
        return dt.datetime.now(dt.UTC)
