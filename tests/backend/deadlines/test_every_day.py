"""Every dispatch day of 2004-2026, both working-day tiers, several hours, against the oracle."""

from datetime import date, datetime, time, timedelta

import chinese_calendar
import pytest

from backend.deadlines import SHANGHAI, Inputs, Tier, WorkingCalendar, due, read_overrides
from tests.backend.deadlines import oracle

HOURS = (time(0, 0), time(9, 30), time(17, 31), time(23, 59, 59, 999_999))
LENGTHS = {Tier.THREE_DAYS: 3, Tier.FIVE_DAYS: 5}
DAYS_DUE_BEYOND_2026 = {Tier.THREE_DAYS: 3, Tier.FIVE_DAYS: 7}

PUBLISHED_DATA_CORRECTED = """
notices:
  - source: 国办发明电〔2005〕35号，12月31日（星期六）上班
    work: [2005-12-31]
"""


@pytest.fixture(scope="module")
def calendar() -> WorkingCalendar:
    return WorkingCalendar(read_overrides(PUBLISHED_DATA_CORRECTED))


@pytest.mark.parametrize("tier", LENGTHS)
def test_every_dispatch_day_is_due_when_the_oracle_says(
    tier: Tier, calendar: WorkingCalendar
) -> None:
    wrong = []
    beyond = 0

    for day in oracle.ALL_DAYS:
        expected = oracle.due_day(day, LENGTHS[tier])
        for hour in HOURS:
            deadline = due(Inputs(datetime.combine(day, hour, SHANGHAI), tier), calendar)
            if expected is None:
                beyond += 1
                assert deadline.provisional
                assert deadline.due_at.year == 2027
            elif deadline.provisional or deadline.due_at != datetime.combine(
                expected, time(23, 59, 59), SHANGHAI
            ):
                wrong.append((day, hour, deadline.due_at, expected))

    assert wrong == []
    assert len(oracle.ALL_DAYS) == 8401
    assert beyond == DAYS_DUE_BEYOND_2026[tier] * len(HOURS)


@pytest.mark.parametrize("tier", LENGTHS)
def test_without_overrides_every_day_agrees_with_walking_the_published_tables(tier: Tier) -> None:
    calendar = WorkingCalendar()

    for start in oracle.ALL_DAYS[:-15]:
        day, left = start, LENGTHS[tier]
        while left:
            day += timedelta(days=1)
            left -= chinese_calendar.is_workday(day)
        noon = datetime.combine(start, time(12), SHANGHAI)
        assert due(Inputs(noon, tier), calendar).due_at.date() == day


def test_the_typed_notices_and_the_published_tables_differ_on_one_day_only() -> None:
    differing = [
        day
        for day in oracle.ALL_DAYS
        if oracle.worked(day) != bool(chinese_calendar.is_workday(day))
    ]

    assert differing == [date(2005, 12, 31)]


def test_monday_to_friday_would_be_wrong_on_23_to_27_days_of_each_recent_year() -> None:
    wrong = {
        year: sum(
            oracle.worked(day) != (day.weekday() < 5) for day in oracle.ALL_DAYS if day.year == year
        )
        for year in range(2019, 2027)
    }

    assert wrong == {
        2019: 23,
        2020: 25,
        2021: 25,
        2022: 25,
        2023: 25,
        2024: 27,
        2025: 23,
        2026: 25,
    }


def test_monday_to_friday_would_make_one_five_day_ticket_in_five_due_on_a_wrong_day() -> None:
    def naive(day: date) -> date:
        left = 5
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < 5
        return day

    recent = [day for day in oracle.ALL_DAYS if day.year >= 2019 and oracle.due_day(day, 5)]
    wrong = sum(naive(day) != oracle.due_day(day, 5) for day in recent)

    assert (wrong, len(recent)) == (592, 2915)
