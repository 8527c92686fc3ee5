"""Sessions 登录会话: begin with the right password, end by time, by hand or with the person."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import Database
from backend.errors import Unauthorised
from backend.people import audit, lockout, token_text
from backend.people.audit import Act
from backend.people.models import Person, SignIn
from backend.people.passwords import Passwords
from backend.people.settings import PeopleSettings
from backend.units.models import Unit

SEEN_SHARE = 10
"""Use is noted when this part of the idle time has passed, not at every request."""


class EndedBy(StrEnum):
    """Why a session is over, other than by time."""

    SIGNED_OUT = "signed_out"
    EVERYWHERE = "everywhere"
    PASSWORD = "password"
    DEACTIVATED = "deactivated"


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody at the door: what they typed, and where from."""

    login: str
    password: str
    address: str
    device: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that has begun, with the only copy of its token."""

    token: str
    session: SignIn
    person: Person


@dataclass(frozen=True, slots=True)
class Found:
    """A living session, its person, and the path of their unit."""

    sign_in: SignIn
    person: Person
    unit_path: str | None

    def noted_long_ago(self, settings: PeopleSettings, now: dt.datetime) -> bool:
        """Tell whether the use of the session should be noted again."""
        passed = (now - self.sign_in.seen_at).total_seconds()
        return passed > settings.session_idle_seconds / SEEN_SHARE


async def open_session(
    database: Database,
    asking: Asking,
    passwords: Passwords,
    settings: PeopleSettings,
    now: dt.datetime,
) -> Opened:
    """Begin a session; unknown login, wrong password and inactive person look the same.

    No transaction is held while the password is hashed.
    """
    async with database.transaction() as session:
        await lockout.take_a_try(session, asking.login, asking.address, settings, now)
        person = await session.scalar(
            select(Person).where(Person.login == asking.login, Person.active)
        )
    stored = person.password_hash if person else None
    if not await passwords.right(stored, asking.password) or person is None:
        await _note_lock(database, asking, person, now)
        async with database.transaction() as session:
            await lockout.forget_old(session, settings, now)
        raise _refused()
    better = await passwords.hash(asking.password) if passwords.outdated(stored or "") else None
    return await _begin(database, asking, person, better, settings, now)


async def open_vouched(
    database: Database, asking: Asking, settings: PeopleSettings, now: dt.datetime
) -> Opened:
    """Begin a session for a login that another system vouches for; it must be one of ours.

    Raises Locked where wrong passwords have locked the login, Unauthorised for anybody unknown.
    """
    async with database.transaction() as session:
        await lockout.take_a_try(session, asking.login, asking.address, settings, now)
        person = await session.scalar(
            select(Person).where(Person.login == asking.login, Person.active)
        )
    if person is None:
        await _note_lock(database, asking, None, now)
        raise _refused()
    return await _begin(database, asking, person, None, settings, now, token_text.VOUCHED)


async def find(
    database: Database, token: str, settings: PeopleSettings, now: dt.datetime
) -> Found | None:
    """Return the living session of a token and its person."""
    async with database.glance() as session:
        query = select(SignIn, Person, Unit.path).join(Person, Person.id == SignIn.person_id)
        query = query.outerjoin(Unit, Unit.id == Person.unit_id)
        query = query.where(SignIn.token_digest == token_text.digest(token))
        found = (await session.execute(query)).one_or_none()
    if found is None:
        return None
    sign_in, person, unit_path = found
    if not (person.active and alive(sign_in, settings, now)):
        return None
    return Found(sign_in, person, unit_path)


def alive(sign_in: SignIn, settings: PeopleSettings, now: dt.datetime) -> bool:
    """Tell whether a session still holds."""
    idle = (now - sign_in.seen_at).total_seconds()
    return (
        sign_in.ended_at is None and now < sign_in.ends_at and idle < settings.session_idle_seconds
    )


async def of_person(
    session: AsyncSession, person_id: int, settings: PeopleSettings, now: dt.datetime
) -> list[SignIn]:
    """Return a person's living sessions, newest first."""
    query = select(SignIn).where(
        SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.ends_at > now
    )
    rows = await session.scalars(query.order_by(SignIn.id.desc()))
    return [row for row in rows if alive(row, settings, now)]


async def end(
    session: AsyncSession,
    person_id: int,
    by: EndedBy,
    now: dt.datetime,
    *,
    only: int | None = None,
    but: int | None = None,
) -> int:
    """End a person's sessions, one of them, or all but one; return how many were open."""
    query = update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
    if only is not None:
        query = query.where(SignIn.id == only)
    if but is not None:
        query = query.where(SignIn.id != but)
    query = query.values(ended_at=now, ended_by=by.value).returning(SignIn.id)
    return len((await session.scalars(query)).all())


async def _begin(
    database: Database,
    asking: Asking,
    person: Person,
    better_hash: str | None,
    settings: PeopleSettings,
    now: dt.datetime,
    kind: str = token_text.SESSION,
) -> Opened:
    token = token_text.new(kind)
    async with database.transaction() as session:
        await audit.hold(session)
        fresh = await session.get_one(Person, person.id, populate_existing=True)
        if not fresh.active or fresh.password_hash != person.password_hash:
            raise _refused()
        await lockout.forgive(session, asking.login, asking.address, now)
        fresh.password_hash = better_hash or fresh.password_hash
        sign_in = SignIn(
            person_id=fresh.id,
            token_digest=token_text.digest(token),
            began_at=now,
            seen_at=now,
            ends_at=now + dt.timedelta(seconds=settings.session_longest_seconds),
            address=asking.address[:64],
            device=asking.device[:200],
        )
        session.add(sign_in)
        subject = f"person:{fresh.id}"
        how: dict[str, Any] = {"vouched": True} if kind == token_text.VOUCHED else {}
        await audit.record(session, Act.SIGNED_IN, actor=subject, subject=subject, at=now, **how)
    return Opened(token, sign_in, fresh)


async def _note_lock(
    database: Database, asking: Asking, person: Person | None, now: dt.datetime
) -> None:
    """Record that this try locked the login; an invented login has no name in the record."""
    async with database.transaction() as session:
        if await lockout.is_locked(session, asking.login, now):
            subject = f"person:{person.id}" if person else lockout.of_login(asking.login)
            await audit.record(session, Act.LOCKED, actor="machine", subject=subject, at=now)


def _refused() -> Unauthorised:
    return Unauthorised(
        "refused",
        "login or password is wrong",
        field="password",
        remedy="check both; an administrator can give a new password",
    )
