"""Months and years of assessment: their edges, and that every instant lies in just one."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.deadlines import SHANGHAI, NaiveTime
from backend.statistics import (
    DEFAULT,
    History,
    Month,
    RateSettings,
    StatisticsError,
    Year,
    month_of,
    parse_span,
    period,
)
from tests.backend.statistics.given import MANY

moments = st.builds(
    lambda seconds, micro, zone: datetime.fromtimestamp(seconds, zone).replace(microsecond=micro),
    st.integers(315_532_800, 4_102_444_800),  # 1980 to 2100
    st.sampled_from([0, 1, 999_999]),
    st.sampled_from([UTC, SHANGHAI]),
)
days = st.integers(1, 28)


@pytest.mark.parametrize(
    ("closed", "month"),
    [
        ("2026-10-18T23:59:59.999999+08:00", "2026-10"),
        ("2026-10-19T00:00:00+08:00", "2026-11"),
        ("2026-11-18T23:59:59+08:00", "2026-11"),
        ("2026-11-18T16:00:00+00:00", "2026-12"),
        ("2026-11-18T15:59:59+00:00", "2026-11"),
        ("2026-12-18T12:00:00+08:00", "2026-12"),
        ("2026-12-19T00:00:00+08:00", "2027-01"),
        ("2024-02-29T12:00:00+08:00", "2024-03"),
        ("2026-11-19T00:30:00+09:00", "2026-11"),
    ],
)
def test_a_closing_belongs_to_the_month_from_the_19th_to_the_18th(closed: str, month: str) -> None:
    assert str(month_of(datetime.fromisoformat(closed), DEFAULT)) == month


def test_a_naive_time_belongs_to_no_month() -> None:
    with pytest.raises(NaiveTime):
        month_of(datetime(2026, 11, 1), DEFAULT)  # noqa: DTZ001


def test_a_year_is_its_twelve_months_without_a_gap() -> None:
    year = period(Year(2026), DEFAULT)
    months = [period(month, DEFAULT) for month in Year(2026).months]

    assert year.begins == months[0].begins == datetime(2025, 12, 19, tzinfo=SHANGHAI)
    assert year.ends == months[-1].ends == datetime(2026, 12, 19, tzinfo=SHANGHAI)
    assert all(a.ends == b.begins for a, b in pairwise(months))


@MANY
@given(moments)
def test_every_instant_lies_in_its_month_and_in_no_neighbour(moment: datetime) -> None:
    month = month_of(moment, DEFAULT)

    held = [near for near in range(-3, 4) if period(month.plus(near), DEFAULT).holds(moment)]

    assert held == [0]
    assert period(Year(month.year), DEFAULT).holds(moment)


@MANY
@given(moments, days, days, st.integers(-14, 14))
def test_a_new_day_of_begin_leaves_no_instant_out_and_none_twice(
    moment: datetime, before: int, after: int, months_away: int
) -> None:
    local = moment.astimezone(SHANGHAI)
    change = Month(local.year, local.month).plus(months_away)
    history = History(
        (
            RateSettings(version="1", from_month="1970-01", month_begins_on=before),
            RateSettings(version="2", from_month=str(change), month_begins_on=after),
        )
    )

    month = month_of(moment, history)

    held = [near for near in range(-3, 4) if period(month.plus(near), history).holds(moment)]
    assert held == [0]


def test_the_month_before_a_change_is_longer_and_the_years_still_meet() -> None:
    history = History(
        (
            RateSettings(version="1"),
            RateSettings(version="2", from_month="2027-01", month_begins_on=1),
        )
    )

    december = period(Month(2026, 12), history)

    assert december.begins == datetime(2026, 11, 19, tzinfo=SHANGHAI)
    assert december.ends == datetime(2027, 1, 1, tzinfo=SHANGHAI)
    assert period(Year(2026), history).ends == period(Year(2027), history).begins


def test_the_same_instant_in_another_zone_is_in_the_same_month() -> None:
    moment = datetime(2026, 11, 18, 23, 59, 59, tzinfo=SHANGHAI)
    elsewhere = moment.astimezone(timezone(timedelta(hours=-9)))

    assert month_of(elsewhere, DEFAULT) == month_of(moment, DEFAULT) == Month(2026, 11)


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "2026-1", "26-01", "", "2026-11-01", "２０２６"]
)
def test_what_is_no_month_or_year_is_refused(text: str) -> None:
    with pytest.raises(StatisticsError):
        parse_span(text)


def test_months_and_years_are_read_as_they_are_written() -> None:
    assert parse_span("2026-11") == Month(2026, 11)
    assert str(parse_span("2026")) == "2026"
    assert Month(2026, 1).plus(-1) == Month(2025, 12)
    assert Month(2026, 12).plus(1) == Month(2027, 1)
