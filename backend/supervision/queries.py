"""Finds cases and reminders for lists: the hotline sees all, a unit its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.people.sight import Sight
from backend.supervision.clauses import Clause, Standing
from backend.supervision.lateness import What
from backend.supervision.models import Reminder, SupervisedTicket, Supervision
from backend.supervision.schemas import (
    ReminderView,
    SupervisionView,
    kind_chinese,
    supervision_view,
)
from backend.tickets.models import Ticket
from backend.units.models import Unit


async def page(
    session: AsyncSession,
    sight: Sight,
    *,
    state: Standing | None = None,
    clause: Clause | None = None,
    ticket_id: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[Supervision]:
    """Return cases, newest first."""
    query = select(Supervision).where(sight.condition(Supervision.unit_id))
    if state is not None:
        query = query.where(Supervision.state == state.value)
    if clause is not None:
        query = query.where(Supervision.clause == clause.value)
    if ticket_id is not None:
        linked = select(SupervisedTicket.supervision_id)
        linked = linked.where(SupervisedTicket.ticket_id == ticket_id)
        query = query.where(Supervision.id.in_(linked))
    if before is not None:
        query = query.where(Supervision.id < before)
    return (await session.scalars(query.order_by(Supervision.id.desc()).limit(limit))).all()


async def views(
    session: AsyncSession, rows: Sequence[Supervision], now: dt.datetime
) -> list[SupervisionView]:
    """Show cases with the names of their units and the numbers of their tickets."""
    await session.flush()
    ids = [row.id for row in rows]
    units = select(Unit.id, Unit.name).where(Unit.id.in_({row.unit_id for row in rows}))
    names = {unit_id: name for unit_id, name in await session.execute(units)}
    linked = (
        select(SupervisedTicket.supervision_id, Ticket.number)
        .join(Ticket, Ticket.id == SupervisedTicket.ticket_id)
        .where(SupervisedTicket.supervision_id.in_(ids))
        .order_by(Ticket.id)
    )
    numbers: dict[int, list[str]] = {}
    for case_id, number in await session.execute(linked):
        numbers.setdefault(case_id, []).append(number)
    return [
        supervision_view(row, names.get(row.unit_id or 0), numbers.get(row.id, []), now)
        for row in rows
    ]


async def reminders(
    session: AsyncSession, sight: Sight, *, kind: What | None, before: int | None, limit: int
) -> list[ReminderView]:
    """Return reminders, newest first; those to the hotline itself are seen by the hotline."""
    query = select(Reminder, Ticket.number).join(Ticket, Ticket.id == Reminder.ticket_id)
    query = query.where(sight.condition(Reminder.unit_id))
    if kind is not None:
        query = query.where(Reminder.kind == kind.value)
    if before is not None:
        query = query.where(Reminder.id < before)
    return [
        ReminderView(
            id=row.id,
            kind=row.kind,
            kind_chinese=kind_chinese(row.kind),
            ticket=number,
            unit_id=row.unit_id,
            at=row.at,
            due_at=row.due_at,
        )
        for row, number in await session.execute(query.order_by(Reminder.id.desc()).limit(limit))
    ]
