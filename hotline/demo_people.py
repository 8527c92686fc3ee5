"""People and units for trying the desks out; made once, in a hotline with a simulated network."""

import datetime as dt
import os
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import Database
from backend.duties import starting
from backend.people import service as people
from backend.people.models import Person
from backend.people.passwords import Passwords, invent
from backend.people.roles import Role
from backend.people.schemas import PersonIn
from backend.people.settings import PeopleSettings
from backend.tables import METADATA
from backend.units import service as units
from backend.units.levels import Level
from backend.units.models import Unit
from backend.units.schemas import UnitIn
from hotline.instance import PREFIX
from hotline.programs import Env

ACTOR = "demo"
FILE = "demo-people.txt"
UTILITIES = ("公司", "集团")
DISTRICTS = (None, "莲池区", "竞秀区")
"""Whose units are made: the city's, and those of the two districts of its centre."""
assert METADATA.tables, "a person refers to the tables of other models"

WHO: tuple[tuple[str, str, tuple[Role, ...], bool], ...] = (
    ("agent", "话务员演示", (Role.AGENT,), False),
    ("supervisor", "督办员演示", (Role.SUPERVISOR, Role.DISPATCHER), False),
    ("unit", "承办单位演示", (Role.UNIT_HANDLER, Role.UNIT_LEAD), True),
    ("auditor", "审计员演示", (Role.AUDITOR,), False),
    ("administrator", "管理员演示", (Role.ADMINISTRATOR,), False),
)
"""Login, name, roles, and whether they belong to a unit: one for every desk."""


async def sign_ins(env: Env) -> str:
    """Return the lines that tell who may sign in and how; makes the people at the first time."""
    file = Path(env[f"{PREFIX}HOME"]) / FILE
    if file.exists():
        return file.read_text(encoding="utf-8").rstrip()
    database = Database(env[f"{PREFIX}DATABASE_URL"])
    try:
        async with database.transaction() as session:
            if await session.scalar(select(Person.id).limit(1)) is not None:
                return "  (people are kept already: ask their administrator)"
            lines = await _make(session)
    finally:
        await database.close()
    with os.fdopen(os.open(file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as kept:
        kept.write("\n".join(lines) + "\n")
    return "\n".join(lines)


async def _make(session: AsyncSession) -> list[str]:
    now, passwords = dt.datetime.now(dt.UTC), Passwords(PeopleSettings())
    unit = await _units(session, now)
    lines = []
    for login, name, roles, of_unit in WHO:
        password = invent()
        sent = PersonIn(
            login=login, name=name, roles=list(roles), unit_id=unit.id if of_unit else None
        )
        hashed = await passwords.hash(password)
        await people.add(session, sent, hashed, must_change=False, actor=ACTOR, now=now)
        lines.append(f"  {login:<14} {password}")
    return lines


async def _units(session: AsyncSession, now: dt.datetime) -> Unit:
    """Add the units that the starting catalogue names, and return the one that leads on heat."""
    city = await units.add(session, UnitIn(name="保定市", level=Level.CITY), actor=ACTOR, now=now)
    led: dict[str, Unit] = {}
    for duty in starting.entries():
        if duty.unit in led or duty.district not in DISTRICTS:
            continue
        level = Level.UTILITY if duty.unit.endswith(UTILITIES) else Level.DEPARTMENT
        sent = UnitIn(
            name=duty.unit, level=level, parent_id=city.id, district=duty.district or None
        )
        led[duty.unit] = await units.add(session, sent, actor=ACTOR, now=now)
    heat = next(
        one for one in starting.entries() if one.category == "供热" and one.district == "莲池区"
    )
    return led[heat.unit]
