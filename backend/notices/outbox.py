"""The outbox: a move leaves word of itself in its own transaction; nothing is sent here."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.ext.asyncio import AsyncSession

from backend.jobs.models import Job
from backend.jobs.service import JobKind
from backend.tickets.models import Ticket, TicketEvent


def leave_word(session: AsyncSession, ticket: Ticket, event: TicketEvent, at: dt.datetime) -> None:
    """Have a worker tell callers and other systems of an event, once this is committed."""
    key = f"{JobKind.TELL}:{ticket.number}:{event.seq}"
    data = {"ticket": ticket.id, "seq": event.seq}
    session.add(Job(kind=JobKind.TELL.value, key=key, data=data, due_at=at, tries=0))
