"""Lock-out 登录锁定: counts wrong passwords of a login and of an address, known or not alike."""

from __future__ import annotations

import datetime as dt
import hashlib
from http import HTTPStatus
from typing import ClassVar

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import insert_into
from backend.errors import HotlineError
from backend.people.models import FailedSignIns
from backend.people.settings import PeopleSettings


class Locked(HotlineError):
    """Too many wrong passwords; the right one is refused too until the lock ends."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    headers: ClassVar[dict[str, str]] = {"Retry-After": "60"}


def of_login(login: str) -> str:
    """Return the subject of a login; a digest, for people type passwords into login fields."""
    return "login:" + hashlib.sha256(login.encode()).hexdigest()


def of_address(address: str) -> str:
    """Return the subject of an address."""
    return f"address:{address[:60]}"


async def take_a_try(
    session: AsyncSession,
    login: str | None,
    address: str,
    settings: PeopleSettings,
    now: dt.datetime,
) -> None:
    """Count a try as failed before the password is looked at, or raise Locked.

    Tries at the same moment therefore count each other; `forgive` takes back a right one.
    Without a login it is the address's alone.
    """
    limits: dict[str, int] = {of_address(address): settings.lock_after_from_address}
    if login is not None:
        limits[of_login(login)] = settings.lock_after
    stamp = now.timestamp()
    held = [await _hold(session, subject, stamp) for subject in sorted(limits)]
    for row in held:
        row.times = [time for time in row.times if time > stamp - settings.lock_window_seconds]
    _refuse_locked(max(row.locked_until for row in held), stamp)
    for row in held:
        row.times = [*row.times, stamp]
        if len(row.times) >= limits[row.subject]:
            row.locked_until = stamp + settings.lock_seconds
            row.times = []


async def forgive(
    session: AsyncSession, login: str | None, address: str, taken: dt.datetime
) -> None:
    """Take back the try of a right password: the login starts anew, the address loses this one."""
    stamp = taken.timestamp()
    subjects = [of_address(address)] + ([of_login(login)] if login is not None else [])
    for subject in sorted(subjects):
        row = await _hold(session, subject, stamp)
        if subject.startswith("login:"):
            row.times, row.locked_until = [], 0.0
        elif stamp in row.times:
            times = list(row.times)
            times.remove(stamp)
            row.times = times


async def is_locked(session: AsyncSession, login: str, now: dt.datetime) -> bool:
    """Tell whether a login is locked now."""
    row = await session.get(FailedSignIns, of_login(login), populate_existing=True)
    return row is not None and row.locked_until > now.timestamp()


async def unlock(session: AsyncSession, login: str) -> None:
    """Forget the wrong passwords of a login."""
    await session.execute(delete(FailedSignIns).where(FailedSignIns.subject == of_login(login)))


async def forget_old(session: AsyncSession, settings: PeopleSettings, now: dt.datetime) -> None:
    """Remove what no longer matters, so that invented logins do not fill the table.

    Waits for nobody; give it a transaction of its own.
    """
    since = now.timestamp() - max(settings.lock_window_seconds, settings.lock_seconds)
    old = select(FailedSignIns.subject).where(FailedSignIns.touched_at < since).limit(1000)
    old = old.with_for_update(skip_locked=True)
    await session.execute(delete(FailedSignIns).where(FailedSignIns.subject.in_(old)))


def _refuse_locked(until: float, stamp: float) -> None:
    if until > stamp:
        minutes = int((until - stamp) // 60) + 1
        raise Locked(
            "locked",
            "too many wrong passwords",
            field="login",
            remedy=f"wait {minutes} min, or ask a supervisor or administrator to unlock it",
        )


async def _hold(session: AsyncSession, subject: str, stamp: float) -> FailedSignIns:
    """Lock the row of a subject until the commit."""
    fresh = {"subject": subject, "times": [], "locked_until": 0.0, "touched_at": stamp}
    row = insert_into(session, FailedSignIns).values(fresh)
    same = row.on_conflict_do_update(index_elements=["subject"], set_={"touched_at": stamp})
    await session.execute(same)
    return await session.get_one(FailedSignIns, subject, populate_existing=True)
