"""Add people, change them, give and change passwords; each change is recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import String, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.errors import Conflict, Invalid, NotFound
from backend.people import audit, lockout, sessions
from backend.people.audit import Act
from backend.people.models import Person
from backend.people.roles import UNIT_ROLES, Role
from backend.people.schemas import PersonChange, PersonIn
from backend.people.sessions import EndedBy
from backend.people.sight import Sight
from backend.units.service import find as find_unit
from backend.units.service import refuse_stale


async def add(
    session: AsyncSession,
    sent: PersonIn,
    password_hash: str,
    *,
    must_change: bool,
    actor: str,
    now: dt.datetime,
) -> Person:
    """Add a person."""
    await audit.hold(session)
    if await session.scalar(select(Person.id).where(Person.login == sent.login)) is not None:
        raise Conflict(
            "exists_already",
            f"the login {sent.login} is taken",
            field="login",
            remedy="choose another; a login is never given a second time",
        )
    await _check_unit(session, sent.roles, sent.unit_id)
    person = Person(
        login=sent.login,
        name=sent.name,
        password_hash=password_hash,
        must_change=must_change,
        roles=[role.value for role in sent.roles],
        unit_id=sent.unit_id,
        created_at=now,
        updated_at=now,
    )
    session.add(person)
    await session.flush()
    data: dict[str, Any] = {"roles": person.roles, "unit_id": person.unit_id}
    await audit.record(
        session, Act.PERSON_ADDED, actor=actor, subject=subject_of(person.id), at=now, **data
    )
    return person


async def change(
    session: AsyncSession, person_id: int, sent: PersonChange, *, actor: str, now: dt.datetime
) -> Person:
    """Change a person who was read at `sent.version`; deactivated, their sessions end."""
    await audit.hold(session)
    person = await find(session, person_id)
    refuse_stale("person", person.version, sent.version)
    changes = sent.changes()
    if actor == subject_of(person_id) and changes.keys() & {"roles", "active", "unit_id"}:
        raise Conflict(
            "own_rights",
            "nobody changes their own roles, unit or activity",
            field=min(changes.keys() & {"roles", "active", "unit_id"}),
            remedy="ask another administrator",
        )
    before = {name: getattr(person, name) for name in changes if name != "name"}
    for name, value in changes.items():
        setattr(person, name, value)
    if person.active:
        await _check_unit(session, [Role(role) for role in person.roles], person.unit_id)
    await _keep_an_administrator(session, person)
    if not person.active:
        await sessions.end(session, person.id, EndedBy.DEACTIVATED, now)
    person.version, person.updated_at = person.version + 1, now
    moved = {name: [old, getattr(person, name)] for name, old in before.items()}
    if "name" in changes:
        moved["name"] = ["…", "…"]
    await audit.record(
        session,
        Act.PERSON_CHANGED,
        actor=actor,
        subject=subject_of(person_id),
        at=now,
        changes=moved,
    )
    return person


async def give_password(
    session: AsyncSession,
    person_id: int,
    password_hash: str,
    *,
    own: bool,
    actor: str,
    now: dt.datetime,
    keep_session: int | None = None,
) -> Person:
    """Set a person's password and end their sessions; not their `own`, it must be changed."""
    await audit.hold(session)
    person = await find(session, person_id)
    person.password_hash, person.must_change = password_hash, not own
    person.version, person.updated_at = person.version + 1, now
    await sessions.end(session, person_id, EndedBy.PASSWORD, now, but=keep_session)
    if not own:
        await lockout.unlock(session, person.login)
    act = Act.PASSWORD_CHANGED if own else Act.PASSWORD_RESET
    await audit.record(session, act, actor=actor, subject=subject_of(person_id), at=now)
    return person


async def unlock(session: AsyncSession, person_id: int, *, actor: str, now: dt.datetime) -> None:
    """Let a person sign in again before the lock ends by itself."""
    await audit.hold(session)
    person = await find(session, person_id)
    await lockout.unlock(session, person.login)
    await audit.record(session, Act.UNLOCKED, actor=actor, subject=subject_of(person_id), at=now)


async def end_sessions(
    session: AsyncSession, person_id: int, *, actor: str, now: dt.datetime
) -> int:
    """End all sessions of a person; return how many were open."""
    await audit.hold(session)
    person = await find(session, person_id)
    ended = await sessions.end(session, person.id, EndedBy.EVERYWHERE, now)
    await audit.record(
        session, Act.SIGNED_OUT, actor=actor, subject=subject_of(person_id), at=now, ended=ended
    )
    return ended


async def find(session: AsyncSession, person_id: int, sight: Sight | None = None) -> Person:
    """Return a person as the database has them now, or raise NotFound; `sight` hides the rest."""
    query = select(Person).where(Person.id == person_id)
    if sight is not None:
        query = query.where(sight.condition(Person.unit_id))
    found = await session.scalar(query, execution_options={"populate_existing": True})
    if found is None:
        raise NotFound(
            "no_such_person",
            f"there is no person {person_id}",
            field="person_id",
            remedy="take an id that GET /api/people lists",
        )
    return found


async def by_login(session: AsyncSession, login: str) -> Person | None:
    """Return the person of a login, or None."""
    return await session.scalar(select(Person).where(Person.login == login.lower()))


async def page(
    session: AsyncSession, sight: Sight, after: int | None, limit: int
) -> Sequence[Person]:
    """Return the people of one's sight in the order they were added."""
    query = select(Person).where(sight.condition(Person.unit_id)).order_by(Person.id)
    if after is not None:
        query = query.where(Person.id > after)
    return (await session.scalars(query.limit(limit))).all()


def subject_of(person_id: int) -> str:
    """Return how histories and the record name a person."""
    return f"person:{person_id}"


async def _check_unit(session: AsyncSession, roles: Sequence[Role], unit_id: int | None) -> None:
    if unit_id is None:
        if UNIT_ROLES & set(roles):
            raise Invalid(
                "unit_missing",
                "unit_id: a unit's role needs the unit",
                field="unit_id",
                remedy="send the id of an active unit: GET /api/units lists them",
            )
        return
    unit = await find_unit(session, unit_id, "unit_id")
    if not unit.active:
        raise Conflict(
            "inactive_unit",
            f"unit {unit_id} is not active",
            field="unit_id",
            remedy="activate it first, or choose another",
        )


async def _keep_an_administrator(session: AsyncSession, changed: Person) -> None:
    """Refuse a change after which nobody could give anybody rights."""
    if changed.active and Role.ADMINISTRATOR in changed.roles:
        return
    holds = cast(Person.roles, String).like(f'%"{Role.ADMINISTRATOR}"%')
    others = select(Person.id).where(Person.active, holds, Person.id != changed.id).limit(1)
    with session.no_autoflush:
        was = select(Person.id).where(Person.id == changed.id, Person.active, holds)
        if await session.scalar(was) and await session.scalar(others) is None:
            raise Conflict(
                "last_administrator",
                "this is the last active administrator",
                field="roles" if changed.active else "active",
                remedy="add another administrator first",
            )
