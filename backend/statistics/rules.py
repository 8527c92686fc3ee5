"""The rates' settings as the database has them: versions that begin with a month yet to come."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, Field, ValidationError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.errors import Conflict, Invalid
from backend.people import audit
from backend.people.audit import Act
from backend.people.identity import Identity
from backend.people.looks import sound_reason
from backend.statistics.errors import StatisticsError
from backend.statistics.models import RateVersion
from backend.statistics.months import Month
from backend.statistics.periods import period
from backend.statistics.settings import DEFAULT, History, RateSettings


class VersionIn(BaseModel):
    """A new version, and why the rules change."""

    settings: RateSettings
    reason: Annotated[str, Field(max_length=500)]


async def history_of(session: AsyncSession) -> History:
    """Return every version in force or to come; the first one came with the program."""
    rows = (await session.scalars(select(RateVersion).order_by(RateVersion.from_month))).all()
    return History((*DEFAULT.versions, *(RateSettings.model_validate(r.settings) for r in rows)))


async def add_version(
    session: AsyncSession, sent: VersionIn, asker: Identity, now: dt.datetime
) -> History:
    """Add a version and return the history with it; Invalid where it would change the past."""
    entry = await audit.record(
        session,
        Act.RATES_CHANGED,
        actor=asker.actor,
        subject=f"rates:{sent.settings.version}"[:80],
        at=now,
        reason=sound_reason(sent.reason),
        settings=sent.settings.canonical(),
        digest=sent.settings.digest,
    )
    old = await history_of(session)
    new = _with(old, sent.settings)
    _refuse_past(old, new, sent.settings, now)
    session.add(
        RateVersion(
            name=sent.settings.version,
            from_month=sent.settings.from_month,
            settings=sent.settings.canonical(),
            reason=entry.reason,
            actor=asker.actor,
            at=now,
        )
    )
    try:
        await session.flush()
    except IntegrityError as error:
        raise Conflict(
            "version_exists",
            "another version has this name or first month",
            field="settings.version",
            remedy="GET /api/rates/settings lists the versions",
        ) from error
    return new


def _with(old: History, settings: RateSettings) -> History:
    listed = sorted((*old.versions, settings), key=lambda one: one.from_month)
    try:
        return History(tuple(listed))
    except (StatisticsError, ValidationError) as error:
        raise Conflict(
            "version_exists",
            str(error),
            field="settings.from_month",
            remedy="give a name and a first month that no version has: GET /api/rates/settings",
        ) from error


def _refuse_past(old: History, new: History, settings: RateSettings, now: dt.datetime) -> None:
    month = Month.parse(settings.from_month)
    begins = min(period(month, history).begins for history in (old, new))
    if begins <= now:
        raise Invalid(
            "month_has_begun",
            f"settings.from_month: {month} begins on {begins:%Y-%m-%d}, which is past",
            field="settings.from_month",
            remedy="rules hold for months that have not begun; choose a later month",
        )
