"""Cases that an act itself brings about: redone again and again, passed on and on (Art. 24)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.ext.asyncio import AsyncSession

from backend.deadlines import Calendar
from backend.supervision import service
from backend.supervision.clauses import Clause
from backend.supervision.settings import settings
from backend.tickets.models import Ticket


async def watch(
    session: AsyncSession, ticket: Ticket, *, at: dt.datetime, calendar: Calendar
) -> None:
    """Put a ticket under supervision that was redone or passed on too often; its row is held."""
    limits = settings()
    if ticket.redos >= limits.redone:
        why = f"已补充办理{ticket.redos}次，诉求人仍不满意"
        facts = {"redos": ticket.redos}
        await _open(session, ticket, Clause.REDONE, why, facts, at, calendar)
    if ticket.dispatches > limits.passed_on:
        passed = ticket.dispatches - 1
        why, facts = f"已转派{passed}次，未明确承办单位", {"passed_on": passed}
        await _open(session, ticket, Clause.OTHER, why, facts, at, calendar)


async def _open(
    session: AsyncSession,
    ticket: Ticket,
    clause: Clause,
    reason: str,
    facts: dict[str, int],
    at: dt.datetime,
    calendar: Calendar,
) -> None:
    if await service.unreleased(session, clause, [ticket.id]):
        return
    key = f"{clause}:{ticket.number}:" + ",".join(f"{k}={v}" for k, v in facts.items())
    await service.open_case(
        session, key, clause, [ticket], reason=reason, facts=dict(facts), at=at, calendar=calendar
    )
