"""A new calendar settles or moves the deadlines of tickets in hand, each by an event (Art. 19)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import Database
from backend.deadlines import Calendar, Change, UnknownRules, freeze, recompute, thaw
from backend.supervision.lateness import PAGE
from backend.supervision.reminders import MACHINE
from backend.tickets.models import Assignment, Ticket
from backend.tickets.moves import RUNNING, Move
from backend.tickets.moving import move
from backend.tickets.states import State

Keep = Callable[[], Awaitable[None]]
"""Keeps the lease while the work goes on; raises LeaseLost when another worker has it."""


async def recount_all(database: Database, calendar: Calendar, now: dt.datetime, keep: Keep) -> int:
    """Recompute every ticket in hand; return how many changed. Done again, it changes nothing."""
    last, changed = 0, 0
    while True:
        await keep()
        async with database.transaction(writes=False) as session:
            query = (
                select(Ticket.id)
                .where(Ticket.id > last, Ticket.state.in_([one.value for one in RUNNING]))
                .order_by(Ticket.id)
                .limit(PAGE)
            )
            ids = (await session.scalars(query)).all()
        for ticket_id in ids:
            async with database.transaction() as session:
                changed += await recount(session, ticket_id, calendar, now)
        if len(ids) < PAGE:
            return changed
        last = ids[-1]


async def recount(
    session: AsyncSession, ticket_id: int, calendar: Calendar, now: dt.datetime
) -> bool:
    """Recompute one ticket with its units; True if the calendar changed anything."""
    query = select(Ticket).where(Ticket.id == ticket_id).with_for_update()
    ticket = (await session.scalars(query)).one()
    if State(ticket.state) not in RUNNING or ticket.deadline is None:
        return False
    leads = _change(ticket.deadline, calendar)
    held = select(Assignment).where(
        Assignment.ticket_id == ticket.id, Assignment.ended_at.is_(None)
    )
    moved = {}
    for one in (await session.scalars(held)).all():
        if theirs := leads if one.lead else _change(one.deadline, calendar):
            one.deadline, one.due_at = freeze(theirs.new), theirs.new.due_at
            moved[str(one.unit_id)] = theirs.new.due_at.isoformat()
    if leads is None and not moved:
        return False
    move(
        session,
        ticket,
        Move.RECOMPUTE,
        actor=MACHINE,
        at=now,
        version=None,
        deadline=freeze(leads.new) if leads else None,
        data={"why": leads.why if leads else "协办时限按工作日历调整", "assignments": moved},
    )
    return True


def _change(frozen: str, calendar: Calendar) -> Change | None:
    try:
        return recompute(thaw(frozen), calendar)
    except UnknownRules:
        return None
