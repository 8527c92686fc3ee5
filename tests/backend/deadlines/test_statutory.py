"""The holidays fixed by law against sources of their own."""

from datetime import date, datetime, timedelta

import chinese_calendar
import pytest

from backend.deadlines.statutory import _MOVING, presumed_working, statutory_days


@pytest.mark.parametrize("year", [2025, 2026])
def test_every_statutory_day_is_a_rest_day_of_the_published_years(year: int) -> None:
    days = statutory_days(year)

    assert len(days) == 13
    assert not [day for day in days if chinese_calendar.is_workday(day)]


@pytest.mark.parametrize("year", range(2025, 2036))
def test_qingming_is_the_day_the_solar_terms_give(year: int) -> None:
    terms = chinese_calendar.get_solar_terms(date(year, 4, 1), date(year, 4, 10))

    (qingming,) = [day for day, name in terms if name == "清明"]
    assert qingming in statutory_days(year)


@pytest.mark.parametrize("year", range(2025, 2036))
def test_each_moving_feast_stands_on_its_day_of_the_moon(year: int) -> None:
    new_moon = datetime(2000, 1, 7, 2, 14)  # noqa: DTZ001 (Beijing; mean moons err by 14 hours)
    spring, _, dragon_boat, mid_autumn = _MOVING[year]

    for written, day_of_moon in ((spring, 1), (dragon_boat, 5), (mid_autumn, 15)):
        noon = datetime.fromisoformat(f"{year}-{written}T12:00")
        moons = (noon - timedelta(days=day_of_moon - 1) - new_moon) / timedelta(days=29.530589)
        assert abs(moons - round(moons)) * 29.53 < 1.2


def test_spring_festival_2027_is_presumed_a_holiday_before_any_notice() -> None:
    assert not presumed_working(date(2027, 2, 5))
    assert not presumed_working(date(2027, 2, 8))
    assert presumed_working(date(2027, 2, 9))


def test_far_years_keep_the_holidays_with_a_fixed_date() -> None:
    assert not presumed_working(date(2040, 10, 1))
    assert presumed_working(date(2040, 2, 13))
