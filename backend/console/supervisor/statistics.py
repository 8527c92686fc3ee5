"""The statistics page: three rates, trends, districts by category, hot words."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse

from backend.console.doors import console_router
from backend.console.pages import page
from backend.console.supervisor import figures, hot_words
from backend.database import Reading, Writing
from backend.people.access import desk_of, require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.statistics import asking, rules
from backend.statistics.counts import Dimension
from backend.statistics.periods import month_of

router = console_router()
MONTHS = 12
Reader = Annotated[Identity, Depends(require(Right.SEE_STATISTICS))]
Span = Annotated[str, Query(max_length=7, description="a month, 2026-11, or a year; now if none")]


@router.get("/statistics")
async def statistics(
    request: Request, reader: Reader, session: Writing, span: Span = ""
) -> HTMLResponse:
    """Show the figures; a unit sees those of its own branch."""
    now = desk_of(request).now()
    last = month_of(now, await rules.history_of(session))
    wanted = asking.span_of(span) if span else last
    report = await asking.live(session, wanted, Dimension.UNIT, now, reader.sight)
    points = await asking.trend(session, last, MONTHS, report.counted_at, reader.sight)
    return page(
        request,
        "supervisor/statistics.html",
        report=report,
        span=str(wanted),
        months=[name for name, _, _ in reversed(points)],
        percent=figures.percent,
        trend=figures.trend_chart(points),
        intake=await figures.intake_chart(session, reader.sight, now),
        heat=await figures.heat(session, reader.sight, now),
    )


@router.get("/statistics/words")
async def words(request: Request, reader: Reader, session: Reading) -> HTMLResponse:
    """Show the hot words; asked for apart, for counting them takes a moment."""
    recent, before = await hot_words.said(session, reader.sight, desk_of(request).now())
    found = await asyncio.to_thread(hot_words.hot, recent, before)
    return page(request, "supervisor/words.html", words=found, days=hot_words.DAYS)
