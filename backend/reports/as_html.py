"""A report as a page to print: no script, nothing from elsewhere, charts drawn as SVG."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from backend.reports.charts import Bar, Point, bars, trend
from backend.reports.notes import notes_of, title_of
from backend.reports.sheet import KEYS, Share, Value, sheet
from backend.statistics.display import percent
from backend.statistics.rates import Figures, Rate, Rated
from backend.statistics.report import Report

_HERE = Path(__file__).parent / "templates"
_PAGES = Environment(
    loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
_STYLE = (_HERE / "report.css").read_text(encoding="utf-8")
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; img-src 'self' data:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What the page may load: its own style and nothing else."""
CHARTED = 40
"""More groups than these are not charted; the table has them all."""
THREE = (("响应率", "contact"), ("解决率", "solution"), ("满意率", "satisfaction"))


def as_html(report: Report, scope: str, trends: Sequence[tuple[str, Figures]] = ()) -> str:
    """Write the page; `trends` are the totals of months before, oldest first."""
    made = sheet(report)
    return _PAGES.get_template("report.html").render(
        style=Markup(_STYLE),
        title=title_of(report),
        by=KEYS[report.by],
        heads=made.heads,
        lines=[[_shown(value) for value in line] for line in made.lines],
        total=[_shown(value) for value in made.total],
        notes=notes_of(report, scope),
        charts=[Markup(one) for one in (*_trends(trends), *_charts(report))],
        charted=len(report.rows) <= CHARTED,
    )


def _charts(report: Report) -> list[str]:
    if len(report.rows) > CHARTED:
        return []
    return [
        bars(name, [Bar(row.key, _rate(row.figures, field)) for row in report.rows])
        for name, field in THREE
        if report.rows
    ]


def _trends(trends: Sequence[tuple[str, Figures]]) -> list[str]:
    if len(trends) < 2:
        return []
    return [
        trend(f"{name}逐月变化", [Point(month, _rate(one, field)) for month, one in trends])
        for name, field in THREE
    ]


def _rate(figures: Figures, field: str) -> Rate | None:
    if not isinstance(figures, Rated):
        return None
    found: Rate = getattr(figures, field)
    return found


def _shown(value: Value) -> str:
    return percent(value.value) if isinstance(value, Share) else str(value)
