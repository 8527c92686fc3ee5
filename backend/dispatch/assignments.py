"""With which units a ticket is: the lead 首接单位 and its co-handlers (Art. 21)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.deadlines import Deadline, freeze
from backend.dispatch.act import Act
from backend.dispatch.signing import sign_by
from backend.errors import Forbidden
from backend.tickets.models import Assignment, Ticket


async def lead_of(session: AsyncSession, ticket: Ticket) -> Assignment | None:
    """Return the assignment of the unit that leads now 首接单位, or None."""
    query = select(Assignment).where(
        Assignment.ticket_id == ticket.id, Assignment.lead, Assignment.ended_at.is_(None)
    )
    return await session.scalar(query)


async def own(act: Act, *, lead: bool = True) -> Assignment:
    """Return the assignment of the asker's unit, as lead or as co-handler; Forbidden without."""
    query = (
        select(Assignment)
        .where(
            Assignment.ticket_id == act.ticket.id,
            Assignment.lead.is_(lead),
            Assignment.ended_at.is_(None),
            act.asker.sight.condition(Assignment.unit_id),
        )
        .order_by(Assignment.replied_at.is_not(None), Assignment.id)
        .limit(1)
    )
    found = await act.session.scalar(query)
    if found is None:
        part = "lead" if lead else "co-handler"
        raise Forbidden(
            f"not_{part.replace('-', '_')}",
            f"{act.asker.actor} does not act for this ticket's {part}",
            remedy="the handling page of the ticket names the units it is with",
        )
    return found


async def in_hand(act: Act) -> Sequence[Assignment]:
    """Return the assignments that have not ended."""
    query = select(Assignment).where(
        Assignment.ticket_id == act.ticket.id, Assignment.ended_at.is_(None)
    )
    return (await act.session.scalars(query)).all()


def assign(act: Act, unit_id: int, deadline: Deadline, *, lead: bool) -> None:
    """Give a ticket to a unit until a deadline."""
    row = Assignment(ticket_id=act.ticket.id, unit_id=unit_id, lead=lead, given_at=act.at)
    row.deadline, row.due_at = freeze(deadline), deadline.due_at
    row.sign_by = sign_by(act.at, deadline.inputs, act.calendar) if lead else None
    act.session.add(row)


async def end_all(act: Act) -> list[int]:
    """Take a ticket from all its units and return them, for the event that says why.

    Written at once, for there is only ever one lead.
    """
    here = await in_hand(act)
    for one in here:
        one.ended_at = act.at
    await act.session.flush()
    return sorted(one.unit_id for one in here)
