"""Finds units along the tree: a branch, the way up, a page."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, String, and_, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.units import tree
from backend.units.levels import Level
from backend.units.models import Unit


def in_branch(path: str) -> ColumnElement[bool]:
    """Return the condition that a unit is the one of this path or stands below it."""
    low, high = tree.bounds(path)
    return and_(Unit.path >= low, Unit.path < high)


def ids_in_branch(path: str) -> Select[int]:
    """Return the query of the ids of a branch, for `column.in_(…)`."""
    return select(Unit.id).where(in_branch(path))


async def branch(session: AsyncSession, unit: Unit) -> Sequence[Unit]:
    """Return a unit and all below it, parents before children."""
    query = select(Unit).where(in_branch(unit.path)).order_by(Unit.path)
    found = await session.scalars(query, execution_options={"autoflush": False})
    return found.all()


async def way_up(session: AsyncSession, unit: Unit) -> Sequence[Unit]:
    """Return the units from the root down to this one."""
    query = select(Unit).where(Unit.id.in_(tree.ids_in(unit.path))).order_by(Unit.path)
    return (await session.scalars(query)).all()


async def page(
    session: AsyncSession,
    *,
    under: Unit | None = None,
    level: Level | None = None,
    district: str | None = None,
    duty: str | None = None,
    active: bool | None = None,
    after: str | None = None,
    limit: int = 50,
) -> list[Unit]:
    """Return units in the order of their paths; `after` is the path of the last one seen."""
    query = select(Unit).order_by(Unit.path)
    if under is not None:
        query = query.where(in_branch(under.path))
    if level is not None:
        query = query.where(Unit.level == level.value)
    if district is not None:
        query = query.where(Unit.district == district)
    if active is not None:
        query = query.where(Unit.active.is_(active))
    if duty is not None:
        query = query.where(_has_duty(session, duty))
    if after is not None:
        query = query.where(Unit.path > after)
    return list(await session.scalars(query.limit(limit)))


def _has_duty(session: AsyncSession, duty: str) -> ColumnElement[bool]:
    if session.get_bind().dialect.name == "postgresql":
        return Unit.duties.op("@>")(func.jsonb_build_array(literal(duty, String)))
    each = func.json_each(Unit.duties).table_valued("value")
    return select(each.c.value).where(each.c.value == duty).exists()
