"""Figures for the public."""

from dataclasses import replace

from hypothesis import given

from backend.statistics import DEFAULT, Cell, Dimension, PublicReport, make_report, public_report
from backend.surveys.codes import SurveyResult
from tests.backend.statistics.given import COUNTED_AT, MANY, NOV, cell, cells, tickets
from tests.backend.statistics.oracle import Ticket

SMALLEST = DEFAULT.in_force(NOV).smallest_public


def published(*given_cells: Cell) -> PublicReport:
    report = make_report(given_cells, NOV, DEFAULT, Dimension.CATEGORY, COUNTED_AT)
    return public_report(report)


def test_a_small_group_is_hidden_and_the_next_smallest_with_it() -> None:
    made = [replace(cell("u", n), category=c) for c, n in (("供热", 3), ("供水", 20), ("教育", 90))]

    report = published(*made)

    shown = {row.key: row.valid for row in report.rows}
    assert shown == {"供热": None, "供水": None, "教育": 90}
    assert [row.figures is None for row in report.rows] == [
        row.valid is None for row in report.rows
    ]
    assert report.total.valid == 113


def test_a_group_large_enough_to_show_but_too_small_to_rate_says_so() -> None:
    report = published(cell("u", SMALLEST))

    assert report.rows[0].valid == SMALLEST
    assert report.rows[0].figures is not None
    assert set(report.rows[0].figures.values()) == {"不予评价"}


def test_few_exclusions_are_hidden_without_hiding_v_that_the_rows_tell() -> None:
    refused = replace(cell("u", 1), result=SurveyResult.REFUSED, answers=None)
    busy = replace(refused, result=SurveyResult.NOT_REACHED, tickets=50)

    report = published(cell("u", 90), refused, busy)

    assert report.endings["valid"] == 90
    assert report.endings["refused"] is None
    assert report.endings["not_reached"] is None
    assert report.closed == 141


def test_a_single_small_exclusion_hides_the_number_of_closed_tickets() -> None:
    refused = replace(cell("u", 1), result=SurveyResult.REFUSED, answers=None)

    report = published(cell("u", 90), refused)

    assert (report.endings["refused"], report.closed, report.total.valid) == (None, None, 90)


@MANY
@given(tickets)
def test_nothing_public_is_small_and_nothing_hidden_follows(made: list[Ticket]) -> None:
    report = public_report(make_report(cells(made), NOV, DEFAULT, Dimension.DISTRICT, COUNTED_AT))

    figures = [*(row.valid for row in report.rows), report.total.valid, report.closed]
    for count in (*figures, *report.endings.values()):
        assert count is None or count == 0 or count >= SMALLEST
    gone = sum(row.valid is None for row in report.rows)
    if report.total.valid is not None:
        shown = sum(row.valid or 0 for row in report.rows)
        assert (gone == 0) == (report.total.valid == shown)
        assert gone != 1
        assert gone == 0 or report.total.valid - shown >= SMALLEST
    hidden_endings = [key for key, count in report.endings.items() if count is None]
    if report.closed is not None and hidden_endings:
        assert len(hidden_endings) >= 2
        assert report.closed - sum(n or 0 for n in report.endings.values()) >= SMALLEST
