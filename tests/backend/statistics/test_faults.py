"""Five faults that reporting systems of this kind have had, each kept out by a sentence."""

from datetime import datetime, timedelta
from fractions import Fraction

import pytest

from backend.deadlines import SHANGHAI
from backend.statistics import (
    DEFAULT,
    Dimension,
    Month,
    NotRated,
    Rated,
    figures,
    freeze,
    make_report,
    month_of,
    percent,
    period,
    shown,
)
from tests.backend.statistics.given import COUNTED_AT, NOV, cell, counts

SETTINGS = DEFAULT.in_force(NOV)


@pytest.mark.parametrize("valid", [0, 1, 9])
def test_too_few_callbacks_are_not_rated_and_never_scored_0_or_100(valid: int) -> None:
    nothing_good = figures(counts(dissatisfied=valid, no_number=40), SETTINGS)
    all_good = figures(counts(satisfied=valid), SETTINGS)

    assert nothing_good == all_good == NotRated(valid=valid, smallest=10)
    assert set(shown(nothing_good).values()) == {"不予评价"}


def test_rates_of_many_units_are_pooled_and_not_averaged() -> None:
    small_and_good, large_and_bad = cell("a", 10), cell("b", 990, happy=False)

    report = make_report([small_and_good, large_and_bad], NOV, DEFAULT, Dimension.UNIT, COUNTED_AT)

    assert isinstance(report.figures, Rated)
    assert report.mean is not None
    assert report.figures.satisfaction.value == Fraction(1, 100)
    assert report.mean.satisfaction == Fraction(1, 2)


def test_a_unit_that_is_not_rated_is_in_no_mean_but_its_tickets_are_pooled() -> None:
    report = make_report(
        [cell("a", 10), cell("b", 5, happy=False)], NOV, DEFAULT, Dimension.UNIT, COUNTED_AT
    )

    assert report.mean is not None
    assert (report.mean.members, report.mean.rated) == (2, 1)
    assert report.mean.contact == 1
    assert isinstance(report.figures, Rated)
    assert report.figures.contact.value == Fraction(10, 15)


def test_a_rate_is_multiplied_by_100_once_and_only_where_it_is_shown() -> None:
    rated = figures(counts(satisfied=14, dissatisfied=1), SETTINGS)

    assert isinstance(rated, Rated)
    assert rated.satisfaction.value == Fraction(14, 15)
    assert percent(rated.satisfaction.value) == "93.33%"
    with pytest.raises(ValueError, match="no share between 0 and 1"):
        percent(rated.satisfaction.value * 100)


def test_the_edge_of_a_period_belongs_to_one_period_only() -> None:
    edge = datetime(2026, 11, 19, tzinfo=SHANGHAI)
    november, december = (period(month, DEFAULT) for month in (NOV, Month(2026, 12)))

    assert november.ends == december.begins == edge
    assert (november.holds(edge), december.holds(edge)) == (False, True)
    assert month_of(edge, DEFAULT) == Month(2026, 12)
    assert month_of(edge - timedelta(microseconds=1), DEFAULT) == NOV


def test_every_figure_stands_beside_its_v_and_every_exclusion_by_reason() -> None:
    record = freeze(make_report([cell("a", 12)], NOV, DEFAULT, Dimension.UNIT, COUNTED_AT))
    total = counts(satisfied=12, refused=3, not_reached=7)

    assert '"closed":12' in record
    assert '"valid":12' in record
    assert (total.valid, total.closed) == (12, 22)
    assert {str(code): many for code, many in total.excluded.items()} == {
        "refused": 3,
        "not_reached": 7,
    }
