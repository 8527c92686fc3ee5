"""Takes closed tickets into the assessment: each as it was then, and when that became known.

A ticket that is closed, opened again, surveyed late, reviewed or tolerated gets a new line; the
old one stays with the moment until which it held. So every moment's state can be counted again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.statistics.leads import titles_of, units_of
from backend.statistics.models import FOREVER, ONLY, Assessed, AssessedHead
from backend.statistics.outcomes import outcomes_of
from backend.statistics.periods import month_of
from backend.statistics.rules import history_of
from backend.statistics.settings import History
from backend.surveys.codes import SurveyResult
from backend.surveys.models import Survey
from backend.tickets.models import Ticket, TicketEvent
from backend.tickets.states import State

BATCH = 1000
SETTLED = dt.timedelta(minutes=2)
"""No transaction lasts so long: older events have no younger ones still to be committed."""
PENDING = SurveyResult.PENDING.value
NO_DISTRICT = "地点不详"
_TICK = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Line:
    """How a closed ticket counts."""

    ticket_id: int
    month: int
    closed_at: dt.datetime
    unit: int
    district: str
    category: str
    outcome: str


async def hold(session: AsyncSession) -> AssessedHead:
    """Lock the head until the commit."""
    query = select(AssessedHead).where(AssessedHead.id == ONLY).with_for_update()
    return (
        await session.execute(query, execution_options={"populate_existing": True})
    ).scalar_one()


def stamp(head: AssessedHead, now: dt.datetime) -> dt.datetime:
    """Return a moment later than everything counted or known so far, and remember it."""
    head.stamp = max(now, head.stamp + _TICK)
    return head.stamp


async def take_in(session: AsyncSession, tickets: Collection[int], now: dt.datetime) -> int:
    """Bring the lines of these tickets up to date; return how many changed."""
    head = await hold(session)
    await session.flush()
    return await _take_in(session, tickets, stamp(head, now), await history_of(session))


async def catch_up(session: AsyncSession, now: dt.datetime) -> bool:
    """Take in what happened since the last time; True when there is more to take in."""
    head = await hold(session)
    if now - head.seen_at >= SETTLED:
        head.safe, head.seen_at = head.seen, now
    fresh = await _events(session, head.seen, None)
    more = len(fresh) == BATCH
    if more:
        head.safe = head.seen
    rows = fresh if more else [*await _events(session, head.safe, head.seen), *fresh]
    tickets = {row.ticket_id for row in rows} | await _answered_late(session)
    if tickets:
        await _take_in(session, tickets, stamp(head, now), await history_of(session))
    head.seen = max(head.seen, rows[-1].id if rows else 0)
    return more


async def _answered_late(session: AsyncSession) -> set[int]:
    """Return closed tickets that were counted while their survey was under way, and is no more."""
    query = (
        select(Assessed.ticket_id)
        .join(Survey, Survey.ticket_id == Assessed.ticket_id)
        .where(Assessed.outcome == PENDING, Assessed.known_until == FOREVER)
        .where(Survey.result != PENDING)
    )
    return set(await session.scalars(query.limit(BATCH)))


async def _events(session: AsyncSession, after: int, until: int | None) -> Sequence[Any]:
    """Return the next events after one, or all of them until another: id and ticket."""
    query = select(TicketEvent.id, TicketEvent.ticket_id).where(TicketEvent.id > after)
    query = query.limit(BATCH) if until is None else query.where(TicketEvent.id <= until)
    return (await session.execute(query.order_by(TicketEvent.id))).all()


async def _take_in(
    session: AsyncSession, tickets: Collection[int], at: dt.datetime, history: History
) -> int:
    changed = 0
    ordered = sorted(set(tickets))
    for start in range(0, len(ordered), BATCH):
        part = ordered[start : start + BATCH]
        wanted = await lines_of(session, part, history)
        changed += await _replace(session, part, wanted, at)
    return changed


async def lines_of(
    session: AsyncSession, tickets: Sequence[int], history: History
) -> dict[int, Line]:
    """Return how these tickets count now; one that is not closed has no line."""
    query = select(Ticket.id, Ticket.closed_at, Ticket.district, Ticket.category).where(
        Ticket.id.in_(tickets), Ticket.state == State.CLOSED, Ticket.closed_at.is_not(None)
    )
    closed = (await session.execute(query)).all()
    ids = [row.id for row in closed]
    outcomes = await outcomes_of(session, ids)
    leads = await units_of(session, ids)
    titles = await titles_of(session, set(leads.values()) | {None})
    return {
        row.id: Line(
            ticket_id=row.id,
            month=_number(row.closed_at, history),
            closed_at=row.closed_at,
            unit=titles[leads.get(row.id)],
            district=row.district or NO_DISTRICT,
            category=row.category,
            outcome=outcomes[row.id],
        )
        for row in closed
    }


async def _replace(
    session: AsyncSession, tickets: Sequence[int], wanted: dict[int, Line], at: dt.datetime
) -> int:
    held = {row.ticket_id: row for row in await _held(session, tickets)}
    stale, fresh = [], []
    for ticket in tickets:
        old, new = held.get(ticket), wanted.get(ticket)
        if old and new and old.closed_at == new.closed_at:
            new = _as_it_was(old, new)
        if old and (new is None or old.closed_at != new.closed_at or old.outcome != new.outcome):
            stale.append(old.id)
        elif old:
            continue
        if new:
            fresh.append(_row(new, at))
    if stale:
        over = update(Assessed).where(Assessed.id.in_(stale)).values(known_until=at)
        await session.execute(over.execution_options(synchronize_session=False))
    if fresh:
        await session.execute(insert(Assessed), fresh)
    return max(len(stale), len(fresh))


async def _held(session: AsyncSession, tickets: Sequence[int]) -> Sequence[Any]:
    columns = (Assessed.id, Assessed.ticket_id, Assessed.month, Assessed.closed_at, Assessed.unit)
    kinds = (Assessed.district, Assessed.category, Assessed.outcome)
    query = select(*columns, *kinds).where(
        Assessed.ticket_id.in_(tickets), Assessed.known_until == FOREVER
    )
    return (await session.execute(query)).all()


def _as_it_was(old: Any, new: Line) -> Line:
    """Keep what was frozen when the ticket was closed: only its outcome may become another."""
    frozen = {name: getattr(old, name) for name in ("month", "unit", "district", "category")}
    return replace(new, **frozen)


def _row(line: Line, at: dt.datetime) -> dict[str, Any]:
    facts = {name: getattr(line, name) for name in Line.__slots__}
    return {**facts, "known_from": at, "known_until": FOREVER}


def _number(closed_at: dt.datetime, history: History) -> int:
    month = month_of(closed_at, history)
    return month.year * 100 + month.month
