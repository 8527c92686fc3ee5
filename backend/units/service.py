"""Add units, change them, move them in the tree; each change is recorded."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.errors import Conflict, Invalid, NotFound
from backend.people import audit
from backend.people.audit import Act
from backend.people.models import Person
from backend.units import queries, tree
from backend.units.levels import Level
from backend.units.models import Unit
from backend.units.schemas import UnitChange, UnitIn


async def add(session: AsyncSession, sent: UnitIn, *, actor: str, now: dt.datetime) -> Unit:
    """Add a unit under its parent; the parent's district is taken where none is named."""
    await audit.hold(session)
    parent = await _parent(session, sent.parent_id) if sent.parent_id else None
    _refuse_place(sent.level, parent)
    unit = Unit(
        name=sent.name,
        level=sent.level.value,
        parent_id=parent.id if parent else None,
        path="",
        district=_district_under(parent, sent.district),
        duties=sent.duties,
        created_at=now,
        updated_at=now,
    )
    await _refuse_same_name(session, unit)
    session.add(unit)
    await session.flush()
    unit.path = tree.path_under(parent.path if parent else None, unit.id)
    await audit.record(
        session, Act.UNIT_ADDED, actor=actor, subject=subject_of(unit), at=now, path=unit.path
    )
    return unit


async def change(
    session: AsyncSession, unit_id: int, sent: UnitChange, *, actor: str, now: dt.datetime
) -> Unit:
    """Change a unit that was read at `sent.version`; a move takes its whole branch along."""
    await audit.hold(session)
    unit = await find(session, unit_id)
    refuse_stale("unit", unit.version, sent.version)
    changes = sent.changes()
    before = {name: getattr(unit, name) for name in changes}
    for name in ("name", "duties"):
        if name in changes:
            setattr(unit, name, changes[name])
    if "active" in changes:
        await _set_active(session, unit, changes["active"])
    if "parent_id" in changes or "district" in changes:
        await _place(session, unit, changes, now)
    if {"name", "parent_id"} & changes.keys():
        await _refuse_same_name(session, unit)
    moved = {name: [before[name], getattr(unit, name)] for name in changes}
    unit.version, unit.updated_at = unit.version + 1, now
    await audit.record(
        session, Act.UNIT_CHANGED, actor=actor, subject=subject_of(unit), at=now, changes=moved
    )
    return unit


async def find(session: AsyncSession, unit_id: int, field: str = "unit_id") -> Unit:
    """Return a unit as the database has it now, or raise NotFound naming the field."""
    unit = await session.get(Unit, unit_id, populate_existing=True)
    if unit is None:
        raise NotFound(
            "no_such_unit",
            f"there is no unit {unit_id}",
            field=field,
            remedy="take an id that GET /api/units lists",
        )
    return unit


def subject_of(unit: Unit) -> str:
    """Return how the record names a unit."""
    return f"unit:{unit.id}"


def refuse_stale(what: str, stored: int, read: int) -> None:
    """Raise Conflict when somebody has changed a row since it was read."""
    if stored != read:
        raise Conflict(
            "changed_meanwhile",
            f"somebody changed this {what}: it is at version {stored}, you read {read}",
            field="version",
            remedy=f"read the {what} again, then send your change with its version",
        )


async def _place(
    session: AsyncSession, unit: Unit, changes: dict[str, Any], now: dt.datetime
) -> None:
    """Put a unit under its parent, old or new, and let its branch follow path and district."""
    parent_id = changes.get("parent_id", unit.parent_id)
    parent = await _parent(session, parent_id) if parent_id else None
    branch = await queries.branch(session, unit)
    depths = [len(tree.ids_in(one.path)) for one in branch]
    height = max(depths) - min(depths) + 1
    _refuse_place(Level(unit.level), parent, own_path=unit.path, height=height)
    if parent and unit.active and not parent.active:
        raise _inactive_parent()
    old_path, old_district = unit.path, unit.district
    wanted = changes.get("district", None if "district" in changes else old_district)
    if "parent_id" in changes and "district" not in changes and parent and parent.district:
        wanted = parent.district
    new_district = _district_under(parent, wanted)
    new_path = tree.path_under(parent.path if parent else None, unit.id)
    unit.parent_id = parent.id if parent else None
    for one in branch:
        one.path = new_path + one.path[len(old_path) :]
        if one is unit or new_district is not None or one.district == old_district:
            one.district = new_district
        if one is not unit:
            one.version, one.updated_at = one.version + 1, now


def _refuse_place(
    level: Level, parent: Unit | None, *, own_path: str | None = None, height: int = 1
) -> None:
    above = (Level(parent.level), parent.path) if parent else None
    fault = tree.placement_fault(level, above, own_path=own_path, height=height)
    if fault:
        raise Invalid(
            "wrong_place",
            f"{fault.field}: {fault.problem}",
            field=fault.field,
            remedy=fault.remedy,
        )
    if own_path is None and parent and not parent.active:
        raise _inactive_parent()


def _inactive_parent() -> Conflict:
    return Conflict(
        "inactive_parent",
        "the parent is not active",
        field="parent_id",
        remedy="activate the parent first, or choose another",
    )


def _district_under(parent: Unit | None, wanted: str | None) -> str | None:
    if parent is None or parent.district is None:
        return wanted
    if wanted not in (None, parent.district):
        raise Invalid(
            "wrong_district",
            f"district: the parent is of {parent.district}, not of {wanted}",
            field="district",
            remedy=f"leave it out or send {parent.district}",
        )
    return parent.district


async def _set_active(session: AsyncSession, unit: Unit, active: bool) -> None:
    if active:
        parent = await find(session, unit.parent_id) if unit.parent_id else None
        if parent and not parent.active:
            raise _inactive_parent()
    else:
        below = select(Unit.name).where(Unit.parent_id == unit.id, Unit.active).limit(1)
        staff = select(Person.login).where(Person.unit_id == unit.id, Person.active).limit(1)
        used = await session.scalar(below) or await session.scalar(staff)
        if used:
            raise Conflict(
                "still_used",
                f"{used} still belongs to it",
                field="active",
                remedy="move or deactivate its people and the units below it first",
            )
    unit.active = active


async def _refuse_same_name(session: AsyncSession, unit: Unit) -> None:
    root = unit.parent_id is None
    if root:
        query = select(Unit.id).where(Unit.parent_id.is_(None))
    else:
        query = select(Unit.id).where(Unit.parent_id == unit.parent_id, Unit.name == unit.name)
    with session.no_autoflush:
        other = await session.scalar(query.where(Unit.id != (unit.id or 0)).limit(1))
    if other is not None:
        raise Conflict(
            "exists_already",
            "there is a city already" if root else f"{unit.name} stands there already",
            field="level" if root else "name",
            remedy=f"use unit {other}, or choose another {'level' if root else 'name'}",
        )


async def _parent(session: AsyncSession, parent_id: int) -> Unit:
    return await find(session, parent_id, "parent_id")
