"""Publishes the figures of a month (Art. 37): once, for good, with small counts hidden.

A figure that was public stays as it was: two versions of it, one day apart, would give away the
one citizen by whom they differ. So only months that are over are published, and each only once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.errors import Conflict, Invalid, NotFound
from backend.people import audit
from backend.people.audit import Act
from backend.people.identity import Identity
from backend.statistics import asking
from backend.statistics.counts import Dimension
from backend.statistics.frozen import prove
from backend.statistics.models import OpenFigures
from backend.statistics.months import Month
from backend.statistics.public import PublicReport, public_report

PUBLISHED = (Dimension.DISTRICT, Dimension.CATEGORY, Dimension.UNIT)
"""Lists without a common cell but the total, so that one gives nothing away of another."""


async def publish(
    session: AsyncSession, month: str, asker: Identity, now: dt.datetime
) -> list[OpenFigures]:
    """Publish a month and return its figures; Conflict when it is public or not over."""
    span = asking.span_of(month)
    if not isinstance(span, Month):
        raise Invalid(
            "no_month", "month: years are not published", field="month", remedy="write 2026-11"
        )
    if await of_month(session, str(span)):
        raise _refused(
            "already_public", f"the figures of {span} are public", "they stay as they are"
        )
    made = []
    for by in PUBLISHED:
        kept = await asking.keep(session, span, by, asker, now)
        report = prove(kept.text)
        if report.preliminary:
            raise _refused("not_over", f"{span} is not over", "publish it when it has ended")
        shown = public_report(report)
        if shown.total.valid is None:
            raise _refused(
                "too_few", f"{span} has too few callbacks to be shown", "publish a later month"
            )
        row = OpenFigures(month=str(span), by=by.value, figures=_record(shown), report=kept.digest)
        row.actor, row.at = asker.actor, now
        made.append(row)
    session.add_all(made)
    await audit.record(
        session, Act.FIGURES_PUBLISHED, actor=asker.actor, subject=f"figures:{span}", at=now
    )
    return made


async def months(session: AsyncSession) -> list[str]:
    """Return the months that are public, the newest first."""
    query = select(OpenFigures.month).distinct().order_by(OpenFigures.month.desc())
    return list(await session.scalars(query))


async def of_month(session: AsyncSession, month: str) -> Sequence[OpenFigures]:
    """Return what is public of a month."""
    query = select(OpenFigures).where(OpenFigures.month == month).order_by(OpenFigures.id)
    return (await session.scalars(query)).all()


async def figures(session: AsyncSession, month: str, by: Dimension) -> OpenFigures:
    """Return one list of a public month, or raise NotFound."""
    query = select(OpenFigures).where(OpenFigures.month == month, OpenFigures.by == by.value)
    found = await session.scalar(query)
    if found is None:
        raise NotFound(
            "not_public",
            f"no figures of {month} by {by} are public",
            field="month",
            remedy="GET /api/open/figures lists the months that are",
        )
    return found


def _record(shown: PublicReport) -> dict[str, object]:
    return asdict(shown)


def _refused(error: str, message: str, remedy: str) -> Conflict:
    return Conflict(error, message, field="month", remedy=remedy)
