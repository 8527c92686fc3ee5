"""Which tickets somebody sees: the hotline all, a unit those in its hands (Art. 13, 35)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from backend.people.sight import Sight
from backend.tickets.models import Assignment, Ticket


def seen_by(sight: Sight) -> ColumnElement[bool]:
    """Return the condition that a ticket is seen, for a query's WHERE."""
    if sight.everything:
        return true()
    held = select(Assignment.ticket_id).where(
        Assignment.ended_at.is_(None), sight.condition(Assignment.unit_id)
    )
    return Ticket.id.in_(held)


async def sees(session: AsyncSession, sight: Sight, ticket: Ticket) -> bool:
    """Tell whether one ticket is seen."""
    query = select(Ticket.id).where(Ticket.id == ticket.id, seen_by(sight))
    return sight.everything or await session.scalar(query) is not None
