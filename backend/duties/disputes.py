"""Disputed matters 疑难事项 (Art. 17): units are heard, the hotline decides with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.deadlines import Calendar, Counting, count_period, in_shanghai
from backend.deadlines.moments import end_of
from backend.dispatch import act as acts
from backend.dispatch import schemas as handling
from backend.dispatch import sending
from backend.dispatch.act import Act, seen
from backend.duties.models import Dispute, Opinion
from backend.duties.schemas import Decided, Disputed, Dropped, Opined
from backend.errors import Conflict, Forbidden, NotFound
from backend.people.identity import Identity
from backend.tickets import history, moving
from backend.tickets.models import Ticket
from backend.tickets.moves import Move, step
from backend.tickets.states import EventKind, State
from backend.units import service as units

DECIDE_WITHIN_WORKING_DAYS = 2
OPEN, DECIDED, DROPPED = "open", "decided", "dropped"


async def put(
    session: AsyncSession,
    asker: Identity,
    number: str,
    sent: Disputed,
    *,
    at: dt.datetime,
    calendar: Calendar,
) -> Dispute:
    """Put a ticket that nobody handles yet to the units it may belong to."""
    ticket = await seen(session, asker, number, locked=True)
    moving.refuse_stale(ticket, sent.version)
    if step(State(ticket.state), Move.PASS_ON) is None:
        raise moving.no_such_move(ticket, Move.DISPATCH)
    if await _open(session, ticket):
        raise Conflict(
            "disputed_already",
            f"whose matter ticket {number} is, is being decided already",
            field="number",
            remedy="GET /api/disputes shows the opinions so far",
        )
    today = in_shanghai(at).date()
    days = count_period(today, DECIDE_WITHIN_WORKING_DAYS, Counting.WORKING, calendar)
    dispute = Dispute(ticket_id=ticket.id, state=OPEN, question=sent.question, opened_at=at)
    dispute.opened_by, dispute.decide_by = asker.actor, end_of(days.last_day, None)
    session.add(dispute)
    await session.flush()
    asked = sorted(set(sent.units))
    for place, unit_id in enumerate(asked):
        await units.find(session, unit_id, f"units.{place}")
        session.add(Opinion(dispute_id=dispute.id, unit_id=unit_id, asked_at=at))
    data = {"dispute": dispute.id, "question": sent.question, "asked": asked}
    _note(session, ticket, EventKind.DISPUTED, asker, at, data)
    return dispute


async def opine(
    session: AsyncSession, asker: Identity, dispute_id: int, sent: Opined, *, at: dt.datetime
) -> Dispute:
    """Keep the opinion of the asker's unit; given again, the later one counts."""
    dispute, ticket = await held(session, dispute_id)
    query = select(Opinion).where(
        Opinion.dispute_id == dispute.id, asker.sight.condition(Opinion.unit_id)
    )
    mine = None if asker.sight.everything else await session.scalar(query.limit(1))
    if mine is None:
        raise Forbidden(
            "not_asked",
            f"{asker.actor} acts for no unit that was asked",
            remedy="a unit that was asked gives its own opinion",
        )
    mine.given_at, mine.given_by, mine.takes = at, asker.actor, sent.takes
    mine.opinion, mine.basis = sent.opinion, sent.basis
    data = {"dispute": dispute.id, "unit": mine.unit_id, **sent.model_dump()}
    _note(session, ticket, EventKind.OPINED, asker, at, data)
    return dispute


async def decide(
    session: AsyncSession,
    asker: Identity,
    dispute_id: int,
    sent: Decided,
    *,
    at: dt.datetime,
    calendar: Calendar,
) -> Act:
    """Decide which unit leads, with a reason: the ticket is dispatched to it (Art. 17)."""
    dispute, ticket = await held(session, dispute_id)
    act = await acts.begin(
        session, asker, ticket.number, sent.version, Move.DISPATCH, at=at, calendar=calendar
    )
    dispute.state, dispute.decided_at, dispute.decided_by = DECIDED, at, asker.actor
    dispute.unit_id, dispute.reason, dispute.experts = sent.unit_id, sent.reason, sent.experts
    given = handling.Dispatch(
        version=sent.version, unit_id=sent.unit_id, basis=sent.basis, tier=sent.tier
    )
    await sending.dispatch(act, given, reason=sent.reason, dispute=dispute.id)
    return act


async def drop(
    session: AsyncSession, asker: Identity, dispute_id: int, sent: Dropped, *, at: dt.datetime
) -> Dispute:
    """End a dispute that needs no decision any more."""
    dispute, ticket = await held(session, dispute_id)
    dispute.state, dispute.decided_at, dispute.decided_by = DROPPED, at, asker.actor
    dispute.reason = sent.reason
    data = {"dispute": dispute.id, "reason": sent.reason}
    _note(session, ticket, EventKind.DISPUTE_DROPPED, asker, at, data)
    return dispute


async def held(session: AsyncSession, dispute_id: int) -> tuple[Dispute, Ticket]:
    """Hold an open dispute and its ticket until the commit."""
    dispute = await session.get(Dispute, dispute_id)
    if dispute is None:
        raise NotFound(
            "no_such_dispute",
            f"there is no dispute {dispute_id}",
            field="dispute_id",
            remedy="GET /api/disputes lists them",
        )
    query = select(Ticket).where(Ticket.id == dispute.ticket_id).with_for_update()
    ticket = (await session.scalars(query.execution_options(populate_existing=True))).one()
    await session.refresh(dispute)
    if dispute.state != OPEN:
        raise Conflict(
            "decided_already",
            f"dispute {dispute_id} is {dispute.state}",
            field="dispute_id",
            remedy="put the ticket to the units again if it is unclear once more",
        )
    return dispute, ticket


async def page(
    session: AsyncSession, asker: Identity, state: str | None, before: int | None, limit: int
) -> Sequence[Dispute]:
    """Return disputes, newest first: the hotline sees all, a unit those it was asked about."""
    query = select(Dispute).order_by(Dispute.id.desc()).limit(limit)
    if not asker.sight.everything:
        asked = select(Opinion.dispute_id).where(asker.sight.condition(Opinion.unit_id))
        query = query.where(Dispute.id.in_(asked))
    if state is not None:
        query = query.where(Dispute.state == state)
    if before is not None:
        query = query.where(Dispute.id < before)
    return (await session.scalars(query)).all()


async def _open(session: AsyncSession, ticket: Ticket) -> bool:
    query = select(Dispute.id).where(Dispute.ticket_id == ticket.id, Dispute.state == OPEN)
    return await session.scalar(query) is not None


def _note(
    session: AsyncSession,
    ticket: Ticket,
    kind: EventKind,
    asker: Identity,
    at: dt.datetime,
    data: dict[str, object],
) -> None:
    history.append(session, ticket, kind, actor=asker.actor, at=at, data=data)
