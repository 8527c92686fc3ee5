"""Drafts that wait for an agent: the most urgent and oldest first, each to one agent only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import insert_into, tell
from backend.desk.models import DraftHold
from backend.errors import Conflict
from backend.tickets.models import Ticket
from backend.tickets.states import State

HOLD = dt.timedelta(minutes=30)
"""So long a draft stays with the agent who took or last worked on it."""
URGENCY = (
    (State.EMERGENCY, None),
    *(
        (state, tier)
        for tier in ("2h", "24h", "3d", "5d")
        for state in (State.DRAFT, State.RETURNED)
    ),
)
"""In this order drafts are given out; within each the oldest first."""


async def waiting(session: AsyncSession, now: dt.datetime, limit: int) -> list[Ticket]:
    """Return the drafts nobody holds, most urgent and oldest first."""
    found: list[Ticket] = []
    for state, tier in URGENCY:
        query = select(Ticket).outerjoin(DraftHold, DraftHold.ticket_id == Ticket.id)
        query = query.where(Ticket.state == state.value, _free(now))
        if tier is not None:
            query = query.where(Ticket.tier == tier)
        rows = await session.scalars(query.order_by(Ticket.id).limit(limit - len(found)))
        found += rows.all()
        if len(found) >= limit:
            break
    return found


async def mine(session: AsyncSession, person_id: int, now: dt.datetime) -> Sequence[Ticket]:
    """Return the drafts in somebody's hands, the one taken first before the others."""
    query = select(Ticket).join(DraftHold, DraftHold.ticket_id == Ticket.id)
    query = query.where(
        DraftHold.person_id == person_id,
        DraftHold.taken_at >= now - HOLD,
        Ticket.state.in_([State.DRAFT.value, State.EMERGENCY.value, State.RETURNED.value]),
    )
    return (await session.scalars(query.order_by(DraftHold.taken_at))).all()


async def holder(session: AsyncSession, ticket: Ticket, now: dt.datetime) -> int | None:
    """Return the id of the person who holds a draft now, or None."""
    hold = await session.get(DraftHold, ticket.id)
    return hold.person_id if hold and hold.taken_at >= now - HOLD else None


async def take(session: AsyncSession, ticket: Ticket, person_id: int, now: dt.datetime) -> None:
    """Take a draft, or keep it longer; raises Conflict where somebody else has it."""
    if not await _take(session, ticket.id, person_id, now):
        raise Conflict(
            "taken_already",
            f"{ticket.number} is in another agent's hands",
            field="number",
            remedy="take the next one",
        )
    tell(session, "draft.taken", number=ticket.number)


async def take_next(session: AsyncSession, person_id: int, now: dt.datetime) -> Ticket | None:
    """Take the first draft that waits; None when there is none."""
    for ticket in await waiting(session, now, 20):
        if await _take(session, ticket.id, person_id, now):
            tell(session, "draft.taken", number=ticket.number)
            return ticket
    return None


async def give_back(session: AsyncSession, ticket: Ticket, person_id: int) -> None:
    """Let others take a draft again; what is not one's own stays where it is."""
    hold = await session.get(DraftHold, ticket.id)
    if hold and hold.person_id == person_id:
        await session.delete(hold)
        tell(session, "draft.returned", number=ticket.number)


async def _take(session: AsyncSession, ticket_id: int, person_id: int, now: dt.datetime) -> bool:
    """Write the hold in one statement, so that of two who ask at once one gets it."""
    row = insert_into(session, DraftHold).values(
        ticket_id=ticket_id, person_id=person_id, taken_at=now
    )
    row = row.on_conflict_do_update(
        index_elements=["ticket_id"],
        set_={"person_id": person_id, "taken_at": now},
        where=or_(DraftHold.person_id == person_id, DraftHold.taken_at < now - HOLD),
    )
    done = await session.execute(row.returning(DraftHold.ticket_id))
    return done.scalar_one_or_none() is not None


def _free(now: dt.datetime) -> ColumnElement[bool]:
    return or_(
        DraftHold.ticket_id.is_(None),
        and_(DraftHold.ticket_id.is_not(None), DraftHold.taken_at < now - HOLD),
    )
