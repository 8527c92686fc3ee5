"""Every completed ticket gets its survey 回访: found by its history, so that none is left out.

A ticket is due one when a unit's reply was accepted, when a merged caller follows its parent, and
when an emergency was closed; each caller of a merged ticket has a survey of their own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.calls.models import Call
from backend.database import insert_into
from backend.privacy import Seal, plain_number
from backend.surveys.models import ONLY, Survey, SurveyHead
from backend.tickets.models import Assignment, Merged, Ticket, TicketEvent
from backend.tickets.moves import Move
from backend.tickets.states import EventKind, State

BATCH = 1000
SETTLED = dt.timedelta(minutes=2)
"""No transaction lasts so long: older events have no younger ones still to be committed."""
SHORTEST_NUMBER = 5
_DUE = (Move.ACCEPT_REPLY, Move.FOLLOW)


async def head_of(session: AsyncSession) -> SurveyHead:
    """Return the one row of the surveys' head, locked until the commit."""
    query = select(SurveyHead).where(SurveyHead.id == ONLY).with_for_update()
    options = {"populate_existing": True}
    return (await session.execute(query, execution_options=options)).scalar_one()


async def open_due(session: AsyncSession, seal: Seal, now: dt.datetime) -> int:
    """Open the surveys that fell due since the last time; return how many."""
    head, real = await head_of(session), dt.datetime.now(dt.UTC)
    if real - head.seen_at >= SETTLED:
        head.safe, head.seen_at = head.seen, real
    query = select(TicketEvent).where(TicketEvent.id > head.safe).order_by(TicketEvent.id)
    rows = (await session.scalars(query.limit(BATCH))).all()
    opened = 0
    for row in rows:
        if row.kind == EventKind.MOVED and _makes_due(row):
            opened += await _open(session, row, seal, now)
    if rows:
        head.seen = max(head.seen, rows[-1].id)
        if len(rows) == BATCH:
            head.safe = rows[-1].id
    return opened


def _makes_due(event: TicketEvent) -> bool:
    told = event.data
    closes_emergency = told["move"] == Move.CLOSE and told["from"] == State.EMERGENCY
    return told["move"] in _DUE or closes_emergency


async def _open(session: AsyncSession, event: TicketEvent, seal: Seal, now: dt.datetime) -> int:
    ticket = await session.get_one(Ticket, event.ticket_id)
    number = await _number(session, ticket, seal)
    values = {
        "ticket_id": ticket.id,
        "closing": event.seq,
        "unit_id": await _unit(session, ticket),
        "number_sealed": seal.close(number) if number else None,
        "number_digest": seal.digest_of_number(number) if number else None,
        "opened_at": event.at,
        "due_at": now,
        "result": "pending",
        "reopened": False,
    }
    row = insert_into(session, Survey).values(values).on_conflict_do_nothing()
    return 1 if (await session.execute(row.returning(Survey.id))).first() else 0


async def _number(session: AsyncSession, ticket: Ticket, seal: Seal) -> str | None:
    """Return the number at which the caller can be reached: the one they named, else their own."""
    sealed = ticket.contact_sealed
    if sealed is None and ticket.call_id:
        call = await session.get(Call, ticket.call_id)
        sealed = call.caller_sealed if call else None
    number = plain_number(str(seal.open(sealed))) if sealed else ""
    return number if len(number) >= SHORTEST_NUMBER else None


async def _unit(session: AsyncSession, ticket: Ticket) -> int | None:
    """Return the unit that handled it; of a merged ticket, the unit of its parent."""
    parent = await session.scalar(select(Merged.parent_id).where(Merged.ticket_id == ticket.id))
    query = (
        select(Assignment.unit_id)
        .where(Assignment.ticket_id.in_([parent or ticket.id, ticket.id]), Assignment.lead)
        .order_by(Assignment.ended_at.is_not(None), Assignment.id.desc())
        .limit(1)
    )
    found: Sequence[int] = (await session.scalars(query)).all()
    return found[0] if found else None
