"""Counting by Civil Code Art. 201 and 203."""

from datetime import date

import pytest

from backend.deadlines import Counting, WorkingCalendar, count_period

CALENDAR = WorkingCalendar()


def test_a_last_calendar_day_on_a_rest_day_moves_to_the_day_after_the_rest() -> None:
    period = count_period(date(2026, 2, 13), 3, Counting.CALENDAR, CALENDAR)

    assert period.counted[-1] == date(2026, 2, 16)
    assert period.last_day == date(2026, 2, 24)


def test_a_last_calendar_day_on_a_worked_saturday_stays() -> None:
    period = count_period(date(2026, 2, 11), 3, Counting.CALENDAR, CALENDAR)

    assert period.last_day == date(2026, 2, 14)
    assert period.moved == ()


def test_rest_days_before_the_last_calendar_day_count() -> None:
    period = count_period(date(2026, 11, 20), 4, Counting.CALENDAR, CALENDAR)

    assert period.last_day == date(2026, 11, 24)


def test_only_the_last_calendar_days_can_make_a_period_unsettled() -> None:
    over_new_year = count_period(date(2026, 12, 30), 5, Counting.CALENDAR, CALENDAR)

    assert over_new_year.presumed == (date(2027, 1, 4),)


def test_a_term_in_working_days_ends_on_a_working_day_without_moving() -> None:
    period = count_period(date(2026, 2, 13), 3, Counting.WORKING, CALENDAR)

    assert period.last_day == date(2026, 2, 25)
    assert period.moved == ()


def test_every_day_counts_where_service_is_round_the_clock() -> None:
    period = count_period(date(2026, 2, 13), 3, Counting.EVERY, CALENDAR)

    assert period.last_day == date(2026, 2, 16)
    assert period.presumed == ()


@pytest.mark.parametrize("days", [0, -1])
@pytest.mark.parametrize("counting", list(Counting))
def test_a_period_has_at_least_one_day(days: int, counting: Counting) -> None:
    with pytest.raises(ValueError, match="at least one day"):
        count_period(date(2026, 11, 23), days, counting, CALENDAR)
