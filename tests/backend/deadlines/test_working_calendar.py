"""What is known of a day, how far, and when the operator must be told."""

from datetime import date, timedelta

import pytest

from backend.deadlines import WorkingCalendar, read_overrides
from tests.backend.deadlines import oracle

# An invented arrangement for a year whose notice these tests do not know.
NOTICE_2027 = """
notices:
  - source: 2027年放假安排（示例）
    complete_year: 2027
    rest:
      - 2027-01-01..2027-01-03
      - 2027-02-05..2027-02-11
      - 2027-04-05
      - 2027-05-01..2027-05-05
      - 2027-06-09
      - 2027-09-15
      - 2027-10-01..2027-10-07
    work: [2027-01-30, 2027-02-20, 2027-05-08, 2027-09-26, 2027-10-09]
"""


def test_coverage_ends_with_the_last_published_year() -> None:
    assert WorkingCalendar().coverage_ends() == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("today", "told"),
    [
        (date(2026, 11, 23), False),
        (date(2026, 11, 30), False),
        (date(2026, 12, 1), True),
        (date(2027, 1, 15), True),
    ],
)
def test_the_operator_is_told_thirty_days_before_coverage_ends(today: date, told: bool) -> None:
    assert WorkingCalendar().alarm_due(today) is told


def test_a_complete_notice_extends_coverage_and_silences_the_alarm() -> None:
    calendar = WorkingCalendar(read_overrides(NOTICE_2027))

    assert calendar.coverage_ends() == date(2027, 12, 31)
    assert not calendar.alarm_due(date(2026, 12, 1))
    assert calendar.alarm_on() == date(2027, 12, 1)


def test_a_complete_notice_settles_its_year() -> None:
    calendar = WorkingCalendar(read_overrides(NOTICE_2027))

    assert calendar.is_settled(date(2027, 2, 8))
    assert not calendar.is_working(date(2027, 2, 10))
    assert calendar.is_working(date(2027, 2, 20))
    assert not calendar.is_working(date(2027, 2, 21))
    assert calendar.is_working(date(2027, 2, 22))


def test_a_year_beyond_a_gap_does_not_extend_coverage() -> None:
    text = "notices: [{source: 示例, complete_year: 2024}]"

    assert WorkingCalendar(read_overrides(text)).coverage_ends() == date(2026, 12, 31)


def test_a_day_set_by_the_operator_wins_over_the_published_data() -> None:
    text = "notices: [{source: 市政府公告（示例）, rest: [2026-11-24]}]"

    calendar = WorkingCalendar(read_overrides(text))

    assert not calendar.is_working(date(2026, 11, 24))
    assert calendar.is_working(date(2026, 11, 25))


def test_a_single_day_of_an_unknown_year_is_settled_once_the_operator_has_set_it() -> None:
    text = "notices: [{source: 市政府公告（示例）, rest: [2027-01-04]}]"

    calendar = WorkingCalendar(read_overrides(text))

    assert not calendar.is_settled(date(2027, 1, 5))
    assert calendar.is_settled(date(2027, 1, 4))


def test_the_version_names_the_overrides_by_their_days_and_not_by_their_layout() -> None:
    one = "notices: [{source: 市政府公告, rest: [2027-01-04, 2027-01-05]}]"
    same = "notices:\n- source: 市政府公告\n  rest: ['2027-01-04..2027-01-05']\n"
    other = "notices: [{source: 市政府公告, rest: [2027-01-04]}]"

    versions = [WorkingCalendar(read_overrides(text)).version for text in (one, same, other)]

    assert WorkingCalendar().version == "chinesecalendar-1.11.0"
    assert versions[0] == versions[1] != versions[2]


def test_the_end_of_2026_is_settled_because_new_year_2027_is_a_friday() -> None:
    assert WorkingCalendar().is_settled(date(2026, 12, 31))
    assert not WorkingCalendar().is_settled(date(2027, 1, 1))


def test_the_last_days_of_a_year_wait_for_the_next_notice_when_it_may_reach_back() -> None:
    complete = NOTICE_2027 + "  - {source: 示例, complete_year: 2028, rest: [%s]}\n"
    feasts = "2028-01-25..2028-01-28, 2028-04-04, 2028-05-01, 2028-05-02, 2028-10-02, 2028-10-03"
    calendar = WorkingCalendar(read_overrides(complete % feasts))

    assert calendar.coverage_ends() == date(2028, 12, 31)
    assert calendar.is_settled(date(2028, 12, 28))
    assert not calendar.is_settled(date(2028, 12, 29))


def test_no_notice_has_reached_back_further_than_the_calendar_allows_for() -> None:
    reached = [
        day
        for day in oracle.ALL_DAYS
        if (day.month, oracle.worked(day)) != (12, day.weekday() < 5) and day.month == 12
    ]

    new_years = {date(day.year + 1, 1, 1).strftime("%a") for day in reached}
    assert min(day.day for day in reached) == 29
    assert new_years <= {"Sun", "Mon", "Tue"}


def test_every_day_of_twenty_three_years_agrees_with_the_notices() -> None:
    calendar = WorkingCalendar()
    fault_of_the_data = date(2005, 12, 31)

    differing = [d for d in oracle.ALL_DAYS if calendar.is_working(d) != oracle.worked(d)]

    assert differing == [fault_of_the_data]
    assert all(calendar.is_settled(oracle.FIRST + timedelta(n)) for n in range(8401))
