"""A year for the public: its public months added up, hiding what a month hides (Art. 35, 37).

The months are taken as they were made public, not as they would be counted today: the year less its
months must give nothing away, neither a small count nor a citizen who answered since.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.statistics.bridges import Place
from backend.statistics.counts import Counts, Dimension
from backend.statistics.months import Year
from backend.statistics.periods import period
from backend.statistics.public import PublicReport, endings_of, without
from backend.statistics.report import Report, assemble
from backend.statistics.settings import History
from backend.statistics.suppression import TOTAL
from backend.statistics.suppression_grid import hidden_in_grid
from backend.surveys.codes import SurveyResult


@dataclass(frozen=True, slots=True)
class PublicMonth:
    """The report that a public month rests on, and what of it is public."""

    report: Report
    figures: Mapping[str, Any]

    @property
    def span(self) -> str:
        """The month's name."""
        return str(self.report.period.span)


def public_year(
    span: Year, by: Dimension, months: Sequence[PublicMonth], history: History
) -> PublicReport:
    """The year made of these months, judged as its January is; at least one month."""
    grouped: dict[str, dict[str, Counts]] = {}
    for month in months:
        for row in month.report.rows:
            grouped.setdefault(row.key, {})[month.span] = row.counts
    report = assemble(
        dict(sorted(grouped.items())),
        period(span, history),
        history.in_force(span.months[0]),
        by,
        max(month.report.counted_at for month in months),
    )
    asked = [month.report.settings.smallest_public for month in months]
    smallest = max(report.settings.smallest_public, *asked)
    return without(
        report, _hidden(_of_rows(months), smallest), _hidden(_of_endings(months), smallest)
    )


Cells = dict[Place, tuple[int, bool]]
"""Group and month -> the count, and whether it is public; TOTAL as group is the month's total."""


def _of_rows(months: Iterable[PublicMonth]) -> Cells:
    cells: Cells = {}
    for month in months:
        shown = {row["key"]: row["valid"] is not None for row in month.figures["rows"]}
        for row in month.report.rows:
            cells[row.key, month.span] = row.counts.valid, shown[row.key]
        cells[TOTAL, month.span] = month.report.counts.valid, True
    return cells


def _of_endings(months: Iterable[PublicMonth]) -> Cells:
    """Every ending by month; how many callbacks were valid is known from the other lists too."""
    cells: Cells = {}
    for month in months:
        for name, count in endings_of(month.report).items():
            public = month.figures["endings"][name] is not None or name == SurveyResult.VALID
            cells[name, month.span] = count, public
        cells[TOTAL, month.span] = month.report.counts.closed, month.figures["closed"] is not None
    return cells


def _hidden(cells: Cells, smallest: int) -> frozenset[str]:
    """The groups, TOTAL perhaps among them, whose count of the year stays hidden.

    A group that no month hides is known already: everybody can add up its months.
    """
    shown = {place for place, (_, public) in cells.items() if public}
    known = {group for group, _ in cells} - {group for group, _ in set(cells) - shown}
    gone = hidden_in_grid(
        {place: count for place, (count, _) in cells.items() if place[0] != TOTAL},
        smallest,
        frozenset(shown | {(group, TOTAL) for group in known}),
        frozenset(place for place, (count, public) in cells.items() if count and not public),
    )
    return frozenset(group for group, month in gone if month == TOTAL)
