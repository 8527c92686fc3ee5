"""The three rates against a hand-computed table and against counting ticket by ticket."""

from fractions import Fraction

import pytest
from hypothesis import given

from backend.statistics import (
    DEFAULT,
    Counts,
    Dimension,
    Figures,
    Rated,
    RateSettings,
    band,
    figures,
    make_report,
)
from backend.surveys.answers import Answers, Contact, Satisfaction, Solution
from tests.backend.statistics import oracle
from tests.backend.statistics.given import COUNTED_AT, MANY, NOV, cells, tickets
from tests.backend.statistics.oracle import Ticket

SETTINGS = DEFAULT.in_force(NOV)


def values(rated: Figures) -> tuple[Fraction, ...] | None:
    if not isinstance(rated, Rated):
        return None
    return (rated.contact.value, rated.solution.value, rated.satisfaction.value, rated.score)


def test_twenty_callbacks_give_the_rates_computed_by_hand() -> None:
    yes, no = Contact
    twenty = Counts(
        {
            Answers(yes, Solution.SOLVED, Satisfaction.SATISFIED): 10,
            Answers(yes, Solution.SOLVED, Satisfaction.BASICALLY): 4,
            Answers(yes, Solution.PARTLY, Satisfaction.BASICALLY): 2,
            Answers(yes, Solution.NOT_SOLVED, Satisfaction.NOT_SATISFIED): 1,
            Answers(no, Solution.SOLVED, Satisfaction.SATISFIED): 1,
            Answers(no, Solution.NOT_SOLVED, Satisfaction.NOT_SATISFIED): 2,
        }
    )

    rated = figures(twenty, SETTINGS)

    # contacted 17; solved 15; satisfied 11 and 6 x 0.9; 0.1 x 0.85 + 0.5 x 0.75 + 0.4 x 0.82
    assert values(rated) == (
        Fraction("0.85"),
        Fraction("0.75"),
        Fraction("0.82"),
        Fraction("0.788"),
    )
    assert isinstance(rated, Rated)
    assert rated.band == "合格"


def test_partly_solved_counts_what_the_settings_say() -> None:
    half = RateSettings(version="half", partly_solved=Fraction(1, 2))
    ten = Counts({Answers(Contact.CONTACTED, Solution.PARTLY, Satisfaction.SATISFIED): 10})

    by_default, by_half = figures(ten, SETTINGS), figures(ten, half)

    assert isinstance(by_default, Rated)
    assert isinstance(by_half, Rated)
    assert by_default.solution.value == 0
    assert by_half.solution.value == Fraction(1, 2)


@pytest.mark.parametrize(
    ("score", "name"),
    [
        ("1", "优秀"),
        ("0.9", "优秀"),
        ("0.8999999999999999999999", "良好"),
        ("0.8", "良好"),
        ("0.6", "合格"),
        ("0.5999999999999999999999", "待改进"),
        ("0", "待改进"),
    ],
)
def test_the_lower_edge_of_a_band_belongs_to_it(score: str, name: str) -> None:
    assert band(Fraction(score), SETTINGS) == name


@MANY
@given(tickets)
def test_rates_from_counted_cells_equal_rates_counted_ticket_by_ticket(made: list[Ticket]) -> None:
    for by, mark in ((Dimension.UNIT, "unit"), (Dimension.DISTRICT, "district")):
        report = make_report(cells(made), NOV, DEFAULT, by, COUNTED_AT)

        assert values(report.figures) == oracle.rates(made)
        assert {row.key for row in report.rows} == {getattr(one, mark) for one in made}
        for row in report.rows:
            own = [one for one in made if getattr(one, mark) == row.key]
            expected = oracle.rates(own)
            assert values(row.figures) == expected
            assert row.counts.closed == len(own)
            if isinstance(row.figures, Rated):
                assert expected is not None
                assert row.figures.band == oracle.band(expected[3])


@MANY
@given(tickets)
def test_every_rate_and_score_lies_between_0_and_1_and_inside_its_interval(
    made: list[Ticket],
) -> None:
    rated = make_report(cells(made), NOV, DEFAULT, Dimension.UNIT, COUNTED_AT).figures

    if isinstance(rated, Rated):
        assert 0 <= rated.score <= 1
        for rate in (rated.contact, rated.solution, rated.satisfaction):
            assert 0 <= rate.interval.low <= rate.value <= rate.interval.high <= 1


@MANY
@given(tickets)
def test_a_mean_is_that_of_the_rated_rows_and_a_pooled_rate_that_of_all_tickets(
    made: list[Ticket],
) -> None:
    report = make_report(cells(made), NOV, DEFAULT, Dimension.UNIT, COUNTED_AT)
    rated = [
        found
        for unit in {one.unit for one in made}
        if (found := oracle.rates([one for one in made if one.unit == unit]))
    ]

    if not rated:
        assert report.mean is None
    else:
        assert report.mean is not None
        assert report.mean.score == sum(one[3] for one in rated) / len(rated)
        assert report.mean.contact == sum(one[0] for one in rated) / len(rated)
