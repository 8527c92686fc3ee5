"""What the operator's command does with reports: count, make the file, keep or prove it."""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
from pathlib import Path

from backend.database import Database
from backend.errors import HotlineError
from backend.reports.making import WHOLE_CITY, Format, make
from backend.settings import DatabaseSettings, load
from backend.statistics import asking, taking_in
from backend.statistics.counts import Dimension
from backend.statistics.months import Month, Year

FAULT = 2


def write(kind: str, span: str, by: str, as_what: str, output: Path | None) -> None:
    """Write the report of a month or year to a file, or to standard output."""
    try:
        when = _span(kind, span)
        content = asyncio.run(_content(when, Dimension(by), Format(as_what)))
    except HotlineError as error:
        print(f"{error.body.message}; {error.body.remedy}", file=sys.stderr)  # noqa: T201
        raise SystemExit(FAULT) from None
    if output is None:
        sys.stdout.buffer.write(content)
        return
    output.write_bytes(content)
    print(f"wrote {output} ({len(content)} bytes)", file=sys.stderr)  # noqa: T201


def _span(kind: str, text: str) -> Month | Year:
    span = asking.span_of(text)
    if isinstance(span, Month) is not (kind == "month"):
        wanted = "2026-11" if kind == "month" else "2026"
        print(f"span: {text} is no {kind}; write it as {wanted}", file=sys.stderr)  # noqa: T201
        raise SystemExit(FAULT)
    return span


async def _content(span: Month | Year, by: Dimension, as_what: Format) -> bytes:
    database = Database(load(DatabaseSettings).database_url)
    now = dt.datetime.now(dt.UTC)
    try:
        await take_all_in(database, now)
        async with database.transaction() as session:
            report = await asking.live(session, span, by, now)
            trends = []
            if as_what is Format.HTML and isinstance(span, Month):
                counted = await asking.trend(session, span, 12, report.counted_at)
                trends = [(month, figures) for month, _, figures in counted]
        return make(report, as_what, WHOLE_CITY, trends).content
    finally:
        await database.close()


async def take_all_in(database: Database, now: dt.datetime) -> None:
    """Take in every closed ticket, a batch in each transaction."""
    more = True
    while more:
        async with database.transaction() as session:
            more = await taking_in.catch_up(session, now)
