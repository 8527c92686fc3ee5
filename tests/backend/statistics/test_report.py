"""Reports by every dimension, over months and years, whatever the order of the cells."""

import random
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.deadlines import SHANGHAI, NaiveTime
from backend.statistics import (
    DEFAULT,
    Cell,
    Dimension,
    ForeignCell,
    Month,
    NotRated,
    Rated,
    Report,
    Year,
    freeze,
    make_report,
)
from backend.surveys.answers import ALL_ANSWERS
from backend.surveys.codes import EXCLUSIONS, SurveyResult
from tests.backend.statistics.given import COUNTED_AT, FEW, NOV, cell, cells, tickets
from tests.backend.statistics.oracle import Ticket


def by(dimension: Dimension, *given_cells: Cell, span: Month | Year = NOV) -> Report:
    return make_report(given_cells, span, DEFAULT, dimension, COUNTED_AT)


@pytest.mark.parametrize(
    ("dimension", "keys"),
    [
        (Dimension.UNIT, ["供热公司", "城管局"]),
        (Dimension.LEVEL, ["县级", "市级"]),
        (Dimension.DISTRICT, ["易县", "莲池区"]),
        (Dimension.CATEGORY, ["供热", "城市管理"]),
        (Dimension.MONTH, ["2026-10", "2026-11"]),
        (Dimension.YEAR, ["2026"]),
    ],
)
def test_a_year_is_reported_by_any_dimension_in_the_order_of_its_keys(
    dimension: Dimension, keys: list[str]
) -> None:
    first = cell("城管局", 20, Month(2026, 10))
    second = replace(
        cell("供热公司", 30, Month(2026, 11), happy=False),
        level="县级",
        district="易县",
        category="城市管理",
    )

    report = by(dimension, replace(first, category="供热"), second, span=Year(2026))

    assert [row.key for row in report.rows] == sorted(keys)
    assert report.counts.valid == 50


def test_rows_stand_in_the_order_of_their_keys_whatever_their_scores() -> None:
    report = by(Dimension.UNIT, cell("b", 10), cell("a", 10, happy=False), cell("c", 3))

    assert [row.key for row in report.rows] == ["a", "b", "c"]
    assert [type(row.figures) for row in report.rows] == [Rated, Rated, NotRated]


def test_a_units_year_is_pooled_over_its_tickets_with_the_mean_of_its_months_beside_it() -> None:
    october, november = Month(2026, 10), Month(2026, 11)

    report = by(
        Dimension.UNIT,
        cell("a", 90, november, happy=False),
        cell("a", 10, october),
        span=Year(2026),
    )

    (row,) = report.rows
    assert isinstance(row.figures, Rated)
    assert row.mean is not None
    assert (row.figures.score, row.mean.score) == (Fraction(1, 10), Fraction(1, 2))
    assert list(row.members) == ["2026-10", "2026-11"]


def test_a_month_takes_no_tickets_of_another() -> None:
    with pytest.raises(ForeignCell, match=r"2026-10 do not belong to 2026-11"):
        by(Dimension.UNIT, cell("a", 1, Month(2026, 10)))


def test_a_year_takes_no_tickets_of_another() -> None:
    with pytest.raises(ForeignCell):
        by(Dimension.UNIT, cell("a", 1, Month(2025, 12)), span=Year(2026))


def test_a_cell_cannot_have_answers_without_a_valid_callback_nor_lack_them_with_one() -> None:
    with pytest.raises(ForeignCell):
        replace(cell("a", 1), result=SurveyResult.REFUSED)
    with pytest.raises(ForeignCell):
        replace(cell("a", 1), answers=None)
    with pytest.raises(ForeignCell):
        replace(cell("a", 1), tickets=-1)


def test_nothing_closed_is_a_report_without_rows_that_is_not_rated() -> None:
    report = by(Dimension.UNIT)

    assert (report.rows, report.mean) == ((), None)
    assert report.figures == NotRated(0, 10)


def test_a_report_counted_before_its_period_ended_says_so() -> None:
    end = datetime(2026, 11, 19, tzinfo=SHANGHAI)
    early = make_report([], NOV, DEFAULT, Dimension.UNIT, end.replace(day=18))
    late = make_report([], NOV, DEFAULT, Dimension.UNIT, end)

    assert (early.preliminary, late.preliminary) == (True, False)


def test_the_moment_of_counting_must_be_aware() -> None:
    with pytest.raises(NaiveTime):
        make_report([], NOV, DEFAULT, Dimension.UNIT, COUNTED_AT.replace(tzinfo=None))


@FEW
@given(tickets, st.randoms(use_true_random=False))
def test_the_order_and_the_splitting_of_cells_change_no_byte(
    made: list[Ticket], chance: random.Random
) -> None:
    whole = cells(made)
    single = [replace(one, tickets=1) for one in whole for _ in range(one.tickets)]
    chance.shuffle(single)

    for dimension in Dimension:
        assert freeze(by(dimension, *whole)) == freeze(by(dimension, *single))


def test_300_units_with_every_kind_of_ending_are_reported() -> None:
    endings = [(SurveyResult.VALID, one) for one in ALL_ANSWERS]
    counted = [
        Cell(NOV, f"{unit:03}", "市级", "莲池区", "供热", result, answers, 112)
        for unit in range(300)
        for result, answers in (*endings, *((one, None) for one in EXCLUSIONS))
    ]

    report = by(Dimension.UNIT, *counted)
    text = freeze(report)

    assert len(report.rows) == 300
    assert report.counts.closed == len(counted) * 112
    assert len(text) > 300_000
