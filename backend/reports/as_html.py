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
from backend.reports.sheet import KEYS, TOTAL
from backend.statistics.counts import Counts
from backend.statistics.display import NOT_RATED, percent
from backend.statistics.rates import Figures, Mean, Rate, Rated
from backend.statistics.report import Report
from backend.surveys.codes import EXCLUSIONS

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
HEADS = (
    "办结件数",
    "有效回访数V",
    "不计件数及原因",
    "响应率（区间）",
    "解决率（区间）",
    "满意率（区间）",
    "综合得分",
    "等次",
    "成员平均得分",
)
THREE = (("响应率", "contact"), ("解决率", "solution"), ("满意率", "satisfaction"))


def as_html(report: Report, scope: str, trends: Sequence[tuple[str, Figures]] = ()) -> str:
    """Write the page; `trends` are the totals of months before, oldest first."""
    return _PAGES.get_template("report.html").render(
        style=Markup(_STYLE),
        title=title_of(report),
        by=KEYS[report.by],
        heads=HEADS,
        lines=[_line(row.key, row.counts, row.figures, row.mean) for row in report.rows],
        total=_line(TOTAL, report.counts, report.figures, report.mean),
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


def _line(key: str, counts: Counts, made: Figures, mean: Mean | None) -> list[str]:
    """Write a line: V and every exclusion stand before the rates that rest on them."""
    reasons = [f"{one.chinese} {n}" for one in EXCLUSIONS if (n := counts.excluded.get(one, 0))]
    start = [key, str(counts.closed), str(counts.valid), "；".join(reasons) or "无"]
    average = percent(mean.score) if mean else "—"
    if not isinstance(made, Rated):
        return [*start, *[NOT_RATED] * 5, average]
    rates = [_between(one) for one in (made.contact, made.solution, made.satisfaction)]
    return [*start, *rates, percent(made.score), made.band, average]


def _between(rate: Rate) -> str:
    low, high = percent(rate.interval.low), percent(rate.interval.high)
    return f"{percent(rate.value)}（{low}–{high}）"
