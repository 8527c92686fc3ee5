"""Counts the assessed tickets of a month or year as they were known at a moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.people.sight import ALL, Sight
from backend.statistics.counts import Cell, Dimension
from backend.statistics.models import Assessed, AssessedUnit
from backend.statistics.months import Month, Year
from backend.statistics.outcomes import meaning
from backend.statistics.report import MEMBERS, Report, make_report
from backend.statistics.settings import History

_BY_UNIT = frozenset({Dimension.UNIT, Dimension.LEVEL})


async def report_of(
    session: AsyncSession,
    span: Month | Year,
    by: Dimension,
    history: History,
    counted_at: dt.datetime,
    sight: Sight = ALL,
) -> Report:
    """Make the report that was true at `counted_at`, of the units that are seen."""
    cells = await cells_of(session, span, by, counted_at, sight)
    return make_report(cells, span, history, by, counted_at)


async def cells_of(
    session: AsyncSession,
    span: Month | Year,
    by: Dimension,
    counted_at: dt.datetime,
    sight: Sight = ALL,
) -> list[Cell]:
    """Return the counts that a report by this dimension needs, and no finer ones."""
    used = {by, MEMBERS[by]}
    columns: list[Any] = [Assessed.month, Assessed.outcome]
    if used & _BY_UNIT:
        columns.append(Assessed.unit)
    if Dimension.DISTRICT in used:
        columns.append(Assessed.district)
    if Dimension.CATEGORY in used:
        columns.append(Assessed.category)
    first, last = _numbers(span)
    query = (
        select(*columns, func.count().label("tickets"))
        .where(Assessed.month >= first, Assessed.month <= last)
        .where(Assessed.known_from <= counted_at, Assessed.known_until > counted_at)
        .group_by(*columns)
    )
    if not sight.everything:
        seen = select(AssessedUnit.id).where(sight.condition(AssessedUnit.unit_id))
        query = query.where(Assessed.unit.in_(seen))
    rows = (await session.execute(query)).all()
    return _cells(rows, await _units(session) if used & _BY_UNIT else {})


def _cells(rows: Sequence[Any], units: dict[int, AssessedUnit]) -> list[Cell]:
    titles = _titles(units, {row.unit for row in rows}) if units else {}
    cells = []
    for row in rows:
        result, answers = meaning(row.outcome)
        unit = getattr(row, "unit", None)
        cells.append(
            Cell(
                month=Month(*divmod(row.month, 100)),
                unit=titles[unit] if unit is not None else "",
                level=units[unit].level if unit is not None else "",
                district=getattr(row, "district", ""),
                category=getattr(row, "category", ""),
                result=result,
                answers=answers,
                tickets=row.tickets,
            )
        )
    return cells


def _titles(units: dict[int, AssessedUnit], used: set[int]) -> dict[int, str]:
    """Name each unit by its newest title among those counted; two of one title get their ids."""
    newest: dict[int | None, str] = {}
    for one in sorted(used):
        newest[units[one].unit_id] = units[one].title
    titles = list(newest.values())
    named = {
        unit: name if titles.count(name) == 1 else f"{name}（{unit}）"
        for unit, name in newest.items()
    }
    return {one: named[units[one].unit_id] for one in used}


async def _units(session: AsyncSession) -> dict[int, AssessedUnit]:
    return {row.id: row for row in await session.scalars(select(AssessedUnit))}


def _numbers(span: Month | Year) -> tuple[int, int]:
    months = span.months if isinstance(span, Year) else (span,)
    first, last = months[0], months[-1]
    return first.year * 100 + first.month, last.year * 100 + last.month
