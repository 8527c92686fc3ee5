"""Which tickets somebody sees: the hotline all, a unit those in its hands (Art. 13, 35)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from backend.people.sight import Sight
from backend.tickets.models import Assignment, Ticket


def seen_by(sight: Sight, first: int | None = None) -> ColumnElement[bool]:
    """Return the condition that a ticket is seen, for a query's WHERE.

    `first` is the smallest id that the query asks for, so that no older one is looked at.
    """
    if sight.everything:
        return true()
    held = select(Assignment.ticket_id).where(held_by(sight))
    if first is not None:
        held = held.where(Assignment.ticket_id >= first)
    return Ticket.id.in_(held)


def held_by(sight: Sight) -> ColumnElement[bool]:
    """Return the condition that a unit of this sight has a ticket in its hands."""
    return and_(Assignment.ended_at.is_(None), sight.condition(Assignment.unit_id))


async def sees(session: AsyncSession, sight: Sight, ticket: Ticket) -> bool:
    """Tell whether one ticket is seen."""
    query = select(Ticket.id).where(Ticket.id == ticket.id, seen_by(sight))
    return sight.everything or await session.scalar(query) is not None
