"""Publishes the figures of a month or year (Art. 37): once, for good, with small counts hidden.

A figure that was public stays as it was: two versions of it, one day apart, would give away the
one citizen by whom they differ. So only what is over is published, and only once; and a year is
what its public months said, added up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.errors import Conflict, NotFound
from backend.people import audit
from backend.people.audit import Act
from backend.people.identity import Identity
from backend.statistics import asking
from backend.statistics.counts import Dimension
from backend.statistics.frozen import prove
from backend.statistics.models import OpenFigures
from backend.statistics.months import Month, Year
from backend.statistics.periods import period
from backend.statistics.public import PublicReport, public_report
from backend.statistics.public_year import PublicMonth, public_year
from backend.statistics.rules import history_of

PUBLISHED = (Dimension.DISTRICT, Dimension.CATEGORY, Dimension.UNIT)
"""Lists without a common cell but the total, so that one gives nothing away of another."""


async def publish(
    session: AsyncSession, month: str, asker: Identity, now: dt.datetime
) -> list[OpenFigures]:
    """Publish a month or year and return its figures; Conflict when it is public or not over."""
    span = asking.span_of(month)
    if await of_month(session, str(span)):
        raise _refused(
            "already_public", f"the figures of {span} are public", "they stay as they are"
        )
    made = []
    for by in PUBLISHED:
        if isinstance(span, Month):
            shown, digest = await _month(session, span, by, asker, now)
        else:
            shown, digest = await _year(session, span, by, now)
        if shown.total.valid is None:
            raise _refused(
                "too_few", f"{span} has too few callbacks to be shown", "publish a later month"
            )
        row = OpenFigures(month=str(span), by=by.value, figures=asdict(shown), report=digest)
        row.actor, row.at = asker.actor, now
        made.append(row)
    session.add_all(made)
    await audit.record(
        session, Act.FIGURES_PUBLISHED, actor=asker.actor, subject=f"figures:{span}", at=now
    )
    return made


async def _month(
    session: AsyncSession, span: Month, by: Dimension, asker: Identity, now: dt.datetime
) -> tuple[PublicReport, str]:
    kept = await asking.keep(session, span, by, asker, now)
    report = prove(kept.text)
    if report.preliminary:
        raise _not_over(span)
    return public_report(report), kept.digest


async def _year(
    session: AsyncSession, span: Year, by: Dimension, now: dt.datetime
) -> tuple[PublicReport, str]:
    """Add up the public months of a year that is over; its digest is over theirs."""
    history = await history_of(session)
    if now < period(span, history).ends:
        raise _not_over(span)
    query = select(OpenFigures).where(
        OpenFigures.month.in_([str(one) for one in span.months]), OpenFigures.by == by.value
    )
    public = (await session.scalars(query.order_by(OpenFigures.month))).all()
    if not public:
        raise _refused("no_months", f"no month of {span} is public", "publish its months first")
    parts = [
        PublicMonth(prove((await asking.kept_of(session, one.report)).text), one.figures)
        for one in public
    ]
    digests = "".join(one.report for one in public)
    return public_year(span, by, parts, history), sha256(digests.encode()).hexdigest()


def _not_over(span: Month | Year) -> Conflict:
    return _refused("not_over", f"{span} is not over", "publish it when it has ended")


async def spans(session: AsyncSession) -> list[str]:
    """Return the months and years that are public, the newest first, a year after its months."""
    query = select(OpenFigures.month).distinct().order_by(OpenFigures.month.desc())
    return list(await session.scalars(query))


async def of_month(session: AsyncSession, month: str) -> Sequence[OpenFigures]:
    """Return what is public of a month."""
    query = select(OpenFigures).where(OpenFigures.month == month).order_by(OpenFigures.id)
    return (await session.scalars(query)).all()


async def figures(session: AsyncSession, month: str, by: Dimension) -> OpenFigures:
    """Return one list of a public month or year, or raise NotFound."""
    query = select(OpenFigures).where(OpenFigures.month == month, OpenFigures.by == by.value)
    found = await session.scalar(query)
    if found is None:
        raise NotFound(
            "not_public",
            f"no figures of {month} by {by} are public",
            field="month",
            remedy="GET /api/open/figures lists what is",
        )
    return found


def _refused(error: str, message: str, remedy: str) -> Conflict:
    return Conflict(error, message, field="month", remedy=remedy)
