"""How disputed matters are shown: without the caller."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.duties.models import Dispute, Opinion
from backend.duties.schemas import DisputeView, OpinionView
from backend.people.callers import hush
from backend.tickets.models import Ticket
from backend.units.models import Unit


async def dispute_views(session: AsyncSession, found: Sequence[Dispute]) -> list[DisputeView]:
    """Show disputes with their opinions, in three queries whatever their number."""
    await session.flush()
    tickets = await _tickets(session, {one.ticket_id for one in found})
    opinions = await _opinions(session, {one.id for one in found})
    names = await _names(session, {one.unit_id for one in found if one.unit_id})
    return [
        DisputeView(
            id=one.id,
            ticket=(ticket := tickets[one.ticket_id]).number,
            state=one.state,
            question=one.question,
            category=ticket.category,
            district=ticket.district,
            place=hush(ticket.place) if ticket.place else None,
            words=hush(ticket.words),
            opened_at=one.opened_at,
            decide_by=one.decide_by,
            decided_at=one.decided_at,
            unit=names.get(one.unit_id or 0),
            reason=one.reason,
            experts=one.experts,
            opinions=opinions.get(one.id, []),
        )
        for one in found
    ]


async def _tickets(session: AsyncSession, ids: set[int]) -> dict[int, Ticket]:
    rows = await session.scalars(select(Ticket).where(Ticket.id.in_(ids)))
    return {row.id: row for row in rows}


async def _names(session: AsyncSession, ids: set[int]) -> dict[int, str]:
    rows = await session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(ids)))
    return {unit_id: name for unit_id, name in rows}


async def _opinions(session: AsyncSession, ids: set[int]) -> dict[int, list[OpinionView]]:
    query = (
        select(Opinion, Unit.name)
        .join(Unit, Unit.id == Opinion.unit_id)
        .where(Opinion.dispute_id.in_(ids))
        .order_by(Opinion.dispute_id, Opinion.unit_id)
    )
    shown: dict[int, list[OpinionView]] = {}
    for row, name in await session.execute(query):
        names = OpinionView.model_fields.keys() - {"unit"}
        view = OpinionView(unit=name, **{field: getattr(row, field) for field in names})
        shown.setdefault(row.dispute_id, []).append(view)
    return shown
