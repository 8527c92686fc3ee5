"""Which unit a closed ticket is counted for: the lead that had it last, by the title of then."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.statistics.models import AssessedUnit
from backend.tickets.models import Assignment, Merged
from backend.units import tree
from backend.units.levels import Level
from backend.units.models import Unit

HOTLINE = "市热线工作机构"
"""Tickets that never went to a unit were dealt with by the hotline itself (Art. 16(1))."""


async def units_of(session: AsyncSession, tickets: Collection[int]) -> dict[int, int]:
    """Return the unit of each ticket that had one; a merged ticket has its parent's."""
    query = select(Merged.ticket_id, Merged.parent_id).where(Merged.ticket_id.in_(tickets))
    parents = {ticket: parent for ticket, parent in (await session.execute(query)).all()}
    asked = {*tickets, *parents.values()}
    leads = select(Assignment.ticket_id, Assignment.unit_id).where(
        Assignment.ticket_id.in_(asked), Assignment.lead
    )
    rows = (await session.execute(leads.order_by(Assignment.id))).all()
    last = {ticket: unit for ticket, unit in rows}
    found = {ticket: last.get(parents.get(ticket, ticket)) for ticket in tickets}
    return {ticket: unit for ticket, unit in found.items() if unit is not None}


async def titles_of(session: AsyncSession, units: Collection[int | None]) -> dict[int | None, int]:
    """Return, for each unit and for None, the id of what it is called now; made where missing."""
    wanted = await _called(session, [unit for unit in units if unit is not None])
    if None in units:
        wanted[None] = HOTLINE, HOTLINE
    rows = await session.scalars(select(AssessedUnit).order_by(AssessedUnit.id))
    known = {(row.unit_id, row.title, row.level): row.id for row in rows}
    found = {}
    for unit, (title, level) in sorted(wanted.items(), key=lambda one: one[0] or 0):
        row_id = known.get((unit, title, level))
        if row_id is None:
            row = AssessedUnit(unit_id=unit, title=title, level=level)
            session.add(row)
            await session.flush()
            row_id = row.id
        found[unit] = row_id
    return found


async def _called(
    session: AsyncSession, units: Collection[int]
) -> dict[int | None, tuple[str, str]]:
    rows = (await session.scalars(select(Unit).where(Unit.id.in_(units)))).all()
    above = {one for row in rows for one in tree.ids_in(row.path)}
    names = await _names(session, above)
    return {
        row.id: (title(names[one] for one in tree.ids_in(row.path)), Level(row.level).chinese)
        for row in rows
    }


def title(names: Iterable[str]) -> str:
    """Write the names from the root down to a unit, without the city where others follow it."""
    listed = list(names)
    return "/".join(listed[1:] or listed)


async def _names(session: AsyncSession, units: Collection[int]) -> dict[int, str]:
    rows = (await session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(units)))).all()
    return {unit: name for unit, name in rows}
