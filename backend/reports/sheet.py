"""A report as a table: one line a group, V and every exclusion beside the rates."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from backend.statistics.counts import Counts, Dimension
from backend.statistics.display import NOT_RATED
from backend.statistics.rates import Figures, Mean, NotRated, Rate
from backend.statistics.report import Report, Row
from backend.surveys.codes import EXCLUSIONS

TOTAL = "合计"
KEYS = {
    Dimension.UNIT: "承办单位",
    Dimension.LEVEL: "单位层级",
    Dimension.DISTRICT: "区域",
    Dimension.CATEGORY: "诉求类别",
    Dimension.MONTH: "考核月",
    Dimension.YEAR: "考核年",
}
RATES = ("响应率", "解决率", "满意率")
_NO_MEAN = "—"


@dataclass(frozen=True, slots=True)
class Share:
    """A number between 0 and 1 that is shown in percent; it is multiplied nowhere else."""

    value: Fraction


Value = str | int | Share


@dataclass(frozen=True, slots=True)
class Sheet:
    """Heads, lines and the line of the total, cell by cell."""

    heads: tuple[str, ...]
    lines: tuple[tuple[Value, ...], ...]
    total: tuple[Value, ...]


def sheet(report: Report) -> Sheet:
    """Lay a report out; the pooled figures are official, the mean stands last, for comparison."""
    reasons = tuple(f"不计：{one.chinese}" for one in EXCLUSIONS)
    rates = tuple(f"{name}{part}" for name in RATES for part in ("", "下限", "上限"))
    heads = (KEYS[report.by], "办结件数", "有效回访数V", *rates, "综合得分", "等次")
    return Sheet(
        heads=(*heads, *reasons, "成员平均得分", "已评价成员数", "成员数"),
        lines=tuple(_line(row) for row in report.rows),
        total=_cells(TOTAL, report.counts, report.figures, report.mean, len(report.rows)),
    )


def _line(row: Row) -> tuple[Value, ...]:
    return _cells(row.key, row.counts, row.figures, row.mean, len(row.members))


def _cells(
    key: str, counts: Counts, figures: Figures, mean: Mean | None, members: int
) -> tuple[Value, ...]:
    excluded = tuple(counts.excluded.get(one, 0) for one in EXCLUSIONS)
    average: tuple[Value, ...] = (_NO_MEAN, 0, members)
    if mean:
        average = (Share(mean.score), mean.rated, mean.members)
    return (key, counts.closed, counts.valid, *_rated(figures), *excluded, *average)


def _rated(figures: Figures) -> tuple[Value, ...]:
    if isinstance(figures, NotRated):
        return (NOT_RATED,) * 11
    three = (figures.contact, figures.solution, figures.satisfaction)
    rates = tuple(part for one in three for part in _parts(one))
    return (*rates, Share(figures.score), figures.band)


def _parts(rate: Rate) -> tuple[Share, Share, Share]:
    low, high = rate.interval.low, rate.interval.high
    return Share(rate.value), Share(Fraction(low)), Share(Fraction(high))
