"""Figures for the statistics page: rates by unit, trend, intake by day, districts by category."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.deadlines import SHANGHAI
from backend.people.sight import Sight
from backend.statistics.counts import Counts
from backend.statistics.rates import Figures, Rated
from backend.tickets.models import Ticket
from backend.tickets.seen import seen_by

DAYS, MOST_CATEGORIES, SHADES = 30, 14, 5
THREE = (("响应率", "contact"), ("解决率", "solution"), ("满意率", "satisfaction"))
ELSEWHERE = "未说明"


@dataclass(frozen=True, slots=True)
class Heat:
    """Requests by district and category; a cell is its number and its shade 0..5."""

    categories: list[str]
    rows: list[tuple[str, list[tuple[int, int]], int]]


def percent(figures: Figures, name: str) -> float | None:
    """Return a rate in percent with two decimals, None where nothing is rated."""
    if not isinstance(figures, Rated):
        return None
    rate: Fraction = getattr(figures, name).value
    return round(float(rate) * 100, 2)


def trend_chart(points: Sequence[tuple[str, Counts, Figures]]) -> dict[str, Any]:
    """Return the chart of the three rates by month; a month without ratings is a gap."""
    series = [
        {"name": said, "type": "line", "data": [percent(one, name) for _, _, one in points]}
        for said, name in THREE
    ]
    return {
        "legend": {"top": 0},
        "grid": {"left": 48, "right": 24, "top": 40, "bottom": 32},
        "xAxis": {"type": "category", "data": [month for month, _, _ in points]},
        "yAxis": {"type": "value", "min": 0, "max": 100, "axisLabel": {"formatter": "{value}%"}},
        "series": series,
    }


async def intake_chart(session: AsyncSession, sight: Sight, now: dt.datetime) -> dict[str, Any]:
    """Return the chart of requests by day; a ticket's number begins with its day."""
    today = now.astimezone(SHANGHAI).date()
    days = [today - dt.timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    day = func.substr(Ticket.number, 1, 6)
    begin = dt.datetime.combine(days[0], dt.time(), SHANGHAI)
    query = select(day, func.count()).where(Ticket.created_at >= begin, seen_by(sight))
    counted = {name: many for name, many in await session.execute(query.group_by(day))}
    return {
        "grid": {"left": 48, "right": 24, "top": 24, "bottom": 32},
        "xAxis": {"type": "category", "data": [one.strftime("%m-%d") for one in days]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [
            {"type": "bar", "data": [counted.get(one.strftime("%y%m%d"), 0) for one in days]}
        ],
    }


async def heat(session: AsyncSession, sight: Sight, now: dt.datetime) -> Heat:
    """Count the requests of the last days by district and category, the most frequent first."""
    begin = now - dt.timedelta(days=DAYS)
    query = (
        select(Ticket.district, Ticket.category, func.count())
        .where(Ticket.created_at >= begin, seen_by(sight))
        .group_by(Ticket.district, Ticket.category)
    )
    cells: Counter[tuple[str, str]] = Counter()
    for district, category, many in await session.execute(query):
        cells[district or ELSEWHERE, category] += many
    return shaded(cells)


def shaded(cells: Counter[tuple[str, str]]) -> Heat:
    """Lay counts out as a table with a shade for each cell."""
    districts: Counter[str] = Counter()
    categories: Counter[str] = Counter()
    for (district, category), many in cells.items():
        districts[district] += many
        categories[category] += many
    columns = [name for name, _ in categories.most_common(MOST_CATEGORIES)]
    most = max((cells[d, c] for d in districts for c in columns), default=0)
    rows = [
        (district, [_cell(cells[district, one], most) for one in columns], total)
        for district, total in districts.most_common()
    ]
    return Heat(columns, rows)


def _cell(many: int, most: int) -> tuple[int, int]:
    return many, -(-many * SHADES // most) if most else 0
