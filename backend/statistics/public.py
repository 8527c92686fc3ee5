"""Figures for the public (Art. 37): nothing personal, no count that points at anyone."""

from dataclasses import dataclass

from backend.statistics.display import shown
from backend.statistics.report import Report
from backend.statistics.suppression import TOTAL, hidden_in_list
from backend.surveys.codes import SurveyResult

HIDDEN = "不公开"


@dataclass(frozen=True, slots=True)
class PublicRow:
    """A group's V and rates as text; both None where the group is hidden."""

    key: str
    valid: int | None
    figures: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class PublicReport:
    """A report's public face.

    closed    all closed tickets; None when hidden
    endings   how many of them ended in a valid callback or in which exclusion; None where hidden
    """

    span: str
    preliminary: bool
    by: str
    settings_version: str
    smallest_public: int
    rows: tuple[PublicRow, ...]
    total: PublicRow
    closed: int | None
    endings: dict[str, int | None]


def public_report(report: Report) -> PublicReport:
    """The report with small groups hidden, and others with them so that totals betray nothing."""
    smallest = report.settings.smallest_public
    valid = {row.key: row.counts.valid for row in report.rows}
    endings = endings_of(report)
    gone_rows = hidden_in_list(valid, smallest)
    known = frozenset({SurveyResult.VALID.value}) if TOTAL not in gone_rows else frozenset()
    return without(report, gone_rows, hidden_in_list(endings, smallest, known))


def endings_of(report: Report) -> dict[str, int]:
    """How many of a report's closed tickets ended in a valid callback or in which exclusion."""
    left_out = report.counts.excluded
    return {one.value: left_out.get(one, 0) for one in SurveyResult} | {
        SurveyResult.VALID.value: report.counts.valid
    }


def without(
    report: Report, gone_rows: frozenset[str], gone_endings: frozenset[str]
) -> PublicReport:
    """The report without these rows and endings; TOTAL among them hides the total."""
    endings = endings_of(report)
    rows = tuple(
        PublicRow(row.key, None, None)
        if row.key in gone_rows
        else PublicRow(row.key, row.counts.valid, shown(row.figures))
        for row in report.rows
    )
    total = PublicRow(TOTAL, report.counts.valid, shown(report.figures))
    return PublicReport(
        span=str(report.period.span),
        preliminary=report.preliminary,
        by=report.by.value,
        settings_version=report.settings.version,
        smallest_public=report.settings.smallest_public,
        rows=rows,
        total=PublicRow(TOTAL, None, None) if TOTAL in gone_rows else total,
        closed=None if TOTAL in gone_endings else report.counts.closed,
        endings={key: None if key in gone_endings else count for key, count in endings.items()},
    )
