"""Witnesses: the audit record notes a digest of the tickets' histories as they grow.

Each history is a chain of its own, whose end stands beside it. Whoever rewrote a whole chain with
its end would be found by the witness, which stands in the one chain of the record.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.people import audit
from backend.people.audit import Act, AuditEntry
from backend.tickets.models import TicketEvent

SUBJECT = "ticket_events"
SETTLED = dt.timedelta(minutes=10)
"""Events older than this have no other beside them that is still being written."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The events with ids above `after` up to `upto`, as they were."""

    after: int
    upto: int
    events: int
    digest: str


async def bear(session: AsyncSession, now: dt.datetime) -> Seen | None:
    """Note the events that came since the last time; None if there are none."""
    await audit.hold(session)
    last = await session.scalar(
        select(AuditEntry)
        .where(AuditEntry.act == Act.HISTORY_WITNESSED, AuditEntry.subject == SUBJECT)
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    )
    after = int(last.data["upto"]) if last else 0
    newest = select(func.max(TicketEvent.id)).where(
        TicketEvent.id > after, TicketEvent.at < now - SETTLED
    )
    upto = await session.scalar(newest)
    if upto is None:
        return None
    seen = await look(session, after, upto)
    await audit.record(
        session,
        Act.HISTORY_WITNESSED,
        actor="machine",
        subject=SUBJECT,
        at=now,
        after=after,
        upto=upto,
        events=seen.events,
        digest=seen.digest,
    )
    return seen


async def look(session: AsyncSession, after: int, upto: int) -> Seen:
    """Return what the events of a stretch look like now."""
    query = (
        select(TicketEvent.ticket_id, TicketEvent.seq, TicketEvent.hash)
        .where(TicketEvent.id > after, TicketEvent.id <= upto)
        .order_by(TicketEvent.id)
        .execution_options(yield_per=5000)
    )
    whole, count = hashlib.sha256(), 0
    async for ticket, seq, digest in await session.stream(query):
        whole.update(f"{ticket}:{seq}:{digest}\n".encode())
        count += 1
    return Seen(after, upto, count, whole.hexdigest())
