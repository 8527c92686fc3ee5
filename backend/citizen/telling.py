"""What a citizen who proved that a ticket is theirs is told of it (Art. 13): stand and result."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.deadlines import in_shanghai
from backend.dispatch.merging import parent_of
from backend.logs import mask_in
from backend.tickets.models import Assignment, Ticket, TicketEvent
from backend.tickets.moves import Move
from backend.tickets.service import by_number
from backend.tickets.states import EventKind, State
from backend.units.models import Unit

_DAY = "%Y年%m月%d日"
_MOMENT = f"{_DAY} %H:%M"


async def told_of(session: AsyncSession, number: str) -> Sequence[tuple[str, str]]:
    """Return pairs of a name and its words, without names, numbers or places."""
    ticket = await by_number(session, number)
    assert ticket is not None
    subject = await parent_of(session, ticket) or ticket
    told = [
        ("工单号", ticket.number),
        ("受理时间", f"{in_shanghai(ticket.created_at):{_MOMENT}}"),
        ("诉求类别", ticket.category),
        ("当前状态", State(ticket.state).chinese),
    ]
    if unit := await _unit(session, subject):
        told.append(("承办单位", unit))
    if subject.due_at and ticket.closed_at is None:
        told.append(("办理时限", f"{in_shanghai(subject.due_at):{_MOMENT}}"))
    if result := await _result(session, subject):
        told.append(("办理结果", result))
    if ticket.closed_at:
        told.append(("办结时间", f"{in_shanghai(ticket.closed_at):{_MOMENT}}"))
    return told


async def _unit(session: AsyncSession, ticket: Ticket) -> str | None:
    query = (
        select(Unit.name)
        .join(Assignment, Assignment.unit_id == Unit.id)
        .where(Assignment.ticket_id == ticket.id, Assignment.lead)
        .order_by(Assignment.id.desc())
    )
    return await session.scalar(query.limit(1))


async def _result(session: AsyncSession, ticket: Ticket) -> str | None:
    """Return what the unit last replied, or what was answered at once."""
    query = (
        select(TicketEvent)
        .where(TicketEvent.ticket_id == ticket.id, TicketEvent.kind == EventKind.MOVED.value)
        .order_by(TicketEvent.seq.desc())
    )
    for event in await session.scalars(query):
        if event.data.get("move") in (Move.REPLY, Move.ANSWER, Move.EXPLAIN):
            words = ("result", "answer", "explanation")
            found = next((event.data[one] for one in words if event.data.get(one)), None)
            return mask_in(str(found)) if found else None
    return None
