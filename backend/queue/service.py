"""The queue's figures, and the calls that were missed and are called back (66号: all are)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, exists, func, select, union
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from backend.calls.entries import Outcome
from backend.calls.models import Call
from backend.database import tell
from backend.desk.models import AgentSeat
from backend.desk.seats import SeatState
from backend.errors import NotFound
from backend.queue.models import KeptPlace, QueueWait, ReturnedCall
from backend.tickets.models import Ticket

DAY = dt.timedelta(hours=24)
ANSWER_SECONDS = 15
"""A caller should be with an agent within this (GB/T 33358)."""
LONGEST_WAIT = dt.timedelta(minutes=30)
"""A wait without an end that is older was cut off with the exchange."""
LOOKED_BACK = dt.timedelta(days=30)
"""So far back callers are looked for who gave up in the queue."""
REACHED, DIALLED = "reached", "dialled"


@dataclass(frozen=True, slots=True)
class Figures:
    """The queue now and in the last 24 hours; a share of nothing is None."""

    waiting: int
    longest_wait_seconds: float
    ready: int
    talking: int
    """Agents with a caller at their telephone, ringing or in a talk; they count as nothing else."""
    paused: int
    waits: int
    connected: int
    within_seconds: int

    @property
    def connected_share(self) -> float | None:
        """Of all who waited, how many reached an agent."""
        return self.connected / self.waits if self.waits else None

    @property
    def within_share(self) -> float | None:
        """Of all who waited, how many reached an agent within 15 seconds."""
        return self.within_seconds / self.waits if self.waits else None


@dataclass(frozen=True, slots=True)
class Missed:
    """A call that reached nobody, with what was done about it."""

    call: Call
    returned: ReturnedCall | None
    kept: KeptPlace | None = None
    """The place that was promised to be kept, if the caller asked to be called back."""
    ticket: str | None = None
    """The number of the ticket that was made of what the caller had said."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A caller in the queue; the number is masked, and missing while the call is not told of."""

    call_id: uuid.UUID
    caller: str | None
    joined_at: dt.datetime


async def who_waits(session: AsyncSession, now: dt.datetime, limit: int) -> list[Waiting]:
    """Return who waits for an agent, the longest first."""
    query = (
        select(QueueWait.call_id, Call.caller_masked, QueueWait.joined_at)
        .outerjoin(Call, Call.id == QueueWait.call_id)
        .where(
            QueueWait.joined_at > now - LONGEST_WAIT,
            QueueWait.connected_at.is_(None),
            QueueWait.left_at.is_(None),
        )
        .order_by(QueueWait.joined_at)
        .limit(limit)
    )
    return [Waiting(*row) for row in (await session.execute(query)).all()]


async def figures(session: AsyncSession, now: dt.datetime) -> Figures:
    """Count the last 24 hours, and who waits now."""
    query = select(QueueWait.joined_at, QueueWait.connected_at, QueueWait.left_at)
    rows = (await session.execute(query.where(QueueWait.joined_at > now - DAY))).all()
    open_since = [
        joined
        for joined, connected, left in rows
        if connected is None and left is None and joined > now - LONGEST_WAIT
    ]
    over = [row for row in rows if row[0] not in set(open_since)]
    took = [(row[1] - row[0]).total_seconds() for row in over if row[1] is not None]
    free = select(AgentSeat.state).where(AgentSeat.call_id.is_(None))
    states = list(await session.scalars(free))
    busy = select(func.count()).select_from(AgentSeat).where(AgentSeat.call_id.is_not(None))
    return Figures(
        waiting=len(open_since),
        longest_wait_seconds=max(((now - one).total_seconds() for one in open_since), default=0.0),
        ready=states.count(SeatState.READY.value),
        talking=await session.scalar(busy) or 0,
        paused=states.count(SeatState.PAUSED.value),
        waits=len(over),
        connected=len(took),
        within_seconds=sum(seconds <= ANSWER_SECONDS for seconds in took),
    )


async def missed(session: AsyncSession, limit: int) -> list[Missed]:
    """Return the calls that wait to be called back: kept places by arrival, then the missed."""
    query = _to_call_back(Call, ReturnedCall, KeptPlace, Ticket.number).order_by(
        KeptPlace.call_id.is_(None), func.coalesce(KeptPlace.arrived_at, Call.ended_at)
    )
    rows = await session.execute(query.limit(limit))
    return [Missed(*row) for row in rows.all()]


async def how_many_missed(session: AsyncSession) -> int:
    """Count the calls that wait to be called back."""
    found = _to_call_back(Call.id).subquery()
    return await session.scalar(select(func.count()).select_from(found)) or 0


def _to_call_back(*what: Any) -> Select[Any]:
    """Whoever was missed, gave up in the queue, or asked for it; until they have been reached."""
    met = aliased(QueueWait)
    gave_up = (
        select(QueueWait.call_id)
        .join(Call, Call.id == QueueWait.call_id)
        .where(
            QueueWait.joined_at > dt.datetime.now(dt.UTC) - LOOKED_BACK,
            QueueWait.left_at.is_not(None),
            QueueWait.connected_at.is_(None),
            Call.outcome == Outcome.HUNG_UP.value,
            ~exists().where(met.call_id == Call.id, met.connected_at.is_not(None)),
        )
    )
    due = union(select(Call.id).where(Call.needs_call_back), select(KeptPlace.call_id), gave_up)
    query = select(*what).select_from(Call)
    query = query.outerjoin(ReturnedCall, ReturnedCall.call_id == Call.id)
    query = query.outerjoin(KeptPlace, KeptPlace.call_id == Call.id)
    query = query.outerjoin(Ticket, Ticket.call_id == Call.id)
    return query.where(
        Call.id.in_(due),
        Call.caller_sealed.is_not(None),
        ReturnedCall.result.is_distinct_from(REACHED),
    )


async def note_try(
    session: AsyncSession, call_id: uuid.UUID, person_id: int, now: dt.datetime
) -> ReturnedCall:
    """Keep that an agent calls somebody back."""
    found = await session.get(ReturnedCall, call_id, with_for_update=True)
    if found is None:
        found = ReturnedCall(call_id=call_id, person_id=person_id, at=now, tries=1)
        session.add(found)
    else:
        found.tries, found.person_id, found.at = found.tries + 1, person_id, now
    found.result = DIALLED
    tell(session, "queue.returned", call_id=str(call_id))
    return found


async def note_reached(session: AsyncSession, call_id: uuid.UUID) -> None:
    """Keep that the caller was reached: the call leaves the list."""
    found = await session.get(ReturnedCall, call_id, with_for_update=True)
    if found is None:
        raise NotFound(
            "never_called_back",
            "nobody has called this caller back yet",
            field="call_id",
            remedy="call back first",
        )
    found.result = REACHED
    tell(session, "queue.returned", call_id=str(call_id))
