"""Asks the assessment for a report: brings it up to date first, and says when it was counted."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.errors import Away, Invalid, NotFound
from backend.people import audit
from backend.people.audit import Act
from backend.people.identity import Identity
from backend.people.sight import ALL, Sight
from backend.statistics import taking_in
from backend.statistics.counting import cells_of, report_of
from backend.statistics.counts import Counts, Dimension, group, pool
from backend.statistics.errors import StatisticsError
from backend.statistics.frozen import digest, freeze, prove
from backend.statistics.models import KeptReport
from backend.statistics.months import Month, Year, parse_span
from backend.statistics.rates import Figures, figures
from backend.statistics.report import Report
from backend.statistics.rules import history_of

MOST_BATCHES = 20
"""So many batches are taken in while somebody waits; the worker does the rest."""


def span_of(text: str) -> Month | Year:
    """Return the month or year that is asked for; Invalid when it is neither."""
    try:
        return parse_span(text)
    except StatisticsError as error:
        raise Invalid(
            "no_span", f"span: {error}", field="span", remedy="write 2026-11 or 2026"
        ) from error


async def bring_up_to_date(session: AsyncSession, now: dt.datetime) -> dt.datetime:
    """Take in what happened since; return the moment at which everything known is counted."""
    for _ in range(MOST_BATCHES):
        if not await taking_in.catch_up(session, now):
            head = await taking_in.hold(session)
            return taking_in.stamp(head, now)
    raise Away(
        "still_counting",
        "more tickets were closed than can be counted at once",
        remedy="the worker goes on counting: try again in a minute",
    )


async def live(
    session: AsyncSession, span: Month | Year, by: Dimension, now: dt.datetime, sight: Sight = ALL
) -> Report:
    """Return the report of what is known now."""
    counted_at = await bring_up_to_date(session, now)
    return await report_of(session, span, by, await history_of(session), counted_at, sight)


async def keep(
    session: AsyncSession, span: Month | Year, by: Dimension, asker: Identity, now: dt.datetime
) -> KeptReport:
    """Keep a report word for word; a later one of the same month stands beside it."""
    report = await live(session, span, by, now)
    text = freeze(report)
    kept = KeptReport(span=str(span), by=by.value, digest=digest(text), text=text)
    kept.actor, kept.at = asker.actor, now
    session.add(kept)
    await audit.record(
        session,
        Act.REPORT_KEPT,
        actor=asker.actor,
        subject=f"report:{span}:{by}",
        at=now,
        digest=kept.digest,
    )
    return kept


async def kept_of(session: AsyncSession, of: str) -> KeptReport:
    """Return the kept report of a digest, or raise NotFound."""
    found = await session.scalar(select(KeptReport).where(KeptReport.digest == of))
    if found is None:
        raise NotFound(
            "no_such_report",
            "no report with this digest was kept",
            field="digest",
            remedy="GET /api/reports/kept lists those there are",
        )
    return found


async def count_again(session: AsyncSession, kept: KeptReport) -> str:
    """Return the text of a kept report as it comes out of the database today: the same bytes."""
    report = prove(kept.text)
    history = await history_of(session)
    again = await report_of(session, report.period.span, report.by, history, report.counted_at)
    return freeze(again)


async def trend(
    session: AsyncSession, last: Month, months: int, counted_at: dt.datetime, sight: Sight = ALL
) -> list[tuple[str, Counts, Figures]]:
    """Return the totals of so many months, the oldest first; each by the rules of its time."""
    history = await history_of(session)
    listed = [last.plus(step) for step in range(1 - months, 1)]
    counted: dict[str, Counts] = {}
    for year in sorted({month.year for month in listed}):
        cells = await cells_of(session, Year(year), Dimension.YEAR, counted_at, sight)
        grouped = group(cells, Dimension.MONTH, Dimension.MONTH)
        counted |= {key: pool(members.values()) for key, members in grouped.items()}
    found = [(str(one), counted.get(str(one), Counts()), history.in_force(one)) for one in listed]
    return [(name, counts, figures(counts, rules)) for name, counts, rules in found]
