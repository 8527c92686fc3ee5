"""A report (考核报表) of a month or a year: every group with its counts, its rates and its mean."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from backend.deadlines.moments import in_shanghai
from backend.statistics.counts import Cell, Counts, Dimension, Grouped, group, pool
from backend.statistics.errors import ForeignCell
from backend.statistics.months import Month, Year
from backend.statistics.periods import Period, period
from backend.statistics.rates import Figures, Mean, figures, mean
from backend.statistics.settings import History, RateSettings

FORMULAS = "three-rates/1"
"""Names the formulas of this package; raise it with them."""

MEMBERS = {
    Dimension.UNIT: Dimension.MONTH,
    Dimension.LEVEL: Dimension.UNIT,
    Dimension.DISTRICT: Dimension.UNIT,
    Dimension.CATEGORY: Dimension.UNIT,
    Dimension.MONTH: Dimension.UNIT,
    Dimension.YEAR: Dimension.MONTH,
}
"""Over whom the mean of a group is taken, to stand beside its pooled figures."""


@dataclass(frozen=True, slots=True)
class Row:
    """A group. `counts` and `figures` are pooled and official, `mean` is over its members."""

    key: str
    members: dict[str, Counts]
    counts: Counts
    figures: Figures
    mean: Mean | None


@dataclass(frozen=True, slots=True)
class Report:
    """Rows in the order of their keys, never of their scores: bands, not rankings.

    counted_at  what was known at this moment was counted (aware); answers that came later were not
    mean        over the rows
    """

    period: Period
    counted_at: datetime
    settings: RateSettings
    by: Dimension
    rows: tuple[Row, ...]
    counts: Counts
    figures: Figures
    mean: Mean | None

    @property
    def preliminary(self) -> bool:
        """Whether it was counted before its period had ended."""
        return self.counted_at.astimezone(UTC) < self.period.ends.astimezone(UTC)


def make_report(
    cells: Iterable[Cell],
    span: Month | Year,
    history: History,
    by: Dimension,
    counted_at: datetime,
) -> Report:
    """The report of a month or year; a year is judged by the settings of its January.

    ForeignCell when a cell lies outside the span, NaiveTime when `counted_at` has no zone.
    """
    settings = history.in_force(span.months[0] if isinstance(span, Year) else span)
    grouped = group(_inside(cells, span), by, MEMBERS[by])
    return assemble(grouped, period(span, history), settings, by, counted_at)


def assemble(
    grouped: Grouped, span: Period, settings: RateSettings, by: Dimension, counted_at: datetime
) -> Report:
    """The report that follows from counts alone."""
    rows = tuple(_row(key, members, settings) for key, members in sorted(grouped.items()))
    total = pool(row.counts for row in rows)
    return Report(
        period=span,
        counted_at=in_shanghai(counted_at),
        settings=settings,
        by=by,
        rows=rows,
        counts=total,
        figures=figures(total, settings),
        mean=mean(row.figures for row in rows),
    )


def _row(key: str, members: dict[str, Counts], settings: RateSettings) -> Row:
    counts = pool(members.values())
    parts = (figures(one, settings) for one in members.values())
    return Row(key, members, counts, figures(counts, settings), mean(parts))


def _inside(cells: Iterable[Cell], span: Month | Year) -> Iterator[Cell]:
    for cell in cells:
        if not span.covers(cell.month):
            raise ForeignCell(f"{cell.unit}: tickets of {cell.month} do not belong to {span}")
        yield cell
