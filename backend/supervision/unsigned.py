"""Units that do not sign (Art. 24(1)): found once the time to sign is well over."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from backend.database import Database
from backend.deadlines import Calendar, in_shanghai
from backend.supervision import service
from backend.supervision.clauses import Clause
from backend.supervision.lateness import PAGE, UNSIGNED_STATES
from backend.supervision.models import SupervisedTicket, Supervision
from backend.tickets.models import Assignment, Ticket
from backend.tickets.states import State


async def find(database: Database, now: dt.datetime, hours: float) -> list[int]:
    """Return the assignments not signed so long after their time, not yet supervised for it."""
    counted = (
        select(SupervisedTicket.ticket_id)
        .join(Supervision, Supervision.id == SupervisedTicket.supervision_id)
        .where(
            SupervisedTicket.ticket_id == Assignment.ticket_id,
            Supervision.clause == Clause.UNSIGNED.value,
            Supervision.unit_id == Assignment.unit_id,
            Supervision.opened_at >= Assignment.sign_by,
        )
        .exists()
    )
    query = (
        select(Assignment.id)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .where(
            Assignment.ended_at.is_(None),
            Assignment.signed_at.is_(None),
            Assignment.sign_by < now - dt.timedelta(hours=hours),
            Ticket.state.in_([one.value for one in UNSIGNED_STATES]),
            ~counted,
        )
        .order_by(Assignment.id)
        .limit(PAGE)
    )
    async with database.transaction(writes=False) as session:
        return list(await session.scalars(query))


async def supervise(
    database: Database, assignment_id: int, now: dt.datetime, calendar: Calendar
) -> bool:
    """Put an unsigned ticket under supervision, if it still is unsigned."""
    async with database.transaction() as session:
        row = await session.get_one(Assignment, assignment_id)
        query = select(Ticket).where(Ticket.id == row.ticket_id).with_for_update()
        ticket = (await session.scalars(query)).one()
        await session.refresh(row)
        waits = State(ticket.state) in UNSIGNED_STATES and row.signed_at is None
        if not waits or row.ended_at or row.sign_by is None:
            return False
        limit = in_shanghai(row.sign_by)
        made = await service.open_case(
            session,
            f"{Clause.UNSIGNED}:{ticket.number}:{row.id}:{limit.isoformat()}",
            Clause.UNSIGNED,
            [ticket],
            reason=f"签收时限{limit:%m月%d日%H:%M}已过，仍未签收",
            facts={"sign_by": limit.isoformat()},
            at=now,
            calendar=calendar,
            unit_id=row.unit_id,
        )
        return made is not None
