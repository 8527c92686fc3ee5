"""The civil code's edges, the four tiers and what a deadline remembers."""

from datetime import UTC, datetime, time, timedelta, timezone

import pytest

from backend.deadlines import RULE_VERSION, SHANGHAI, Inputs, NaiveTime, Tier, WorkingCalendar, due

CALENDAR = WorkingCalendar()


def due_at(dispatched: str, tier: Tier, **more: object) -> str:
    moment = datetime.fromisoformat(dispatched).replace(tzinfo=SHANGHAI)
    deadline = due(Inputs(moment, tier, **more), CALENDAR)  # type: ignore[arg-type]
    return deadline.due_at.replace(tzinfo=None).isoformat(" ")


@pytest.mark.parametrize(
    ("dispatched", "tier", "expected"),
    [
        # two hours and twenty-four hours run by the clock, over night, rest days and new year
        ("2026-11-23 10:00", Tier.TWO_HOURS, "2026-11-23 12:00:00"),
        ("2026-11-23 23:30", Tier.TWO_HOURS, "2026-11-24 01:30:00"),
        ("2026-02-16 23:00", Tier.ONE_DAY, "2026-02-17 23:00:00"),
        ("2025-12-31 23:00", Tier.TWO_HOURS, "2026-01-01 01:00:00"),
        ("2024-02-28 12:00", Tier.ONE_DAY, "2024-02-29 12:00:00"),
        # the first day is not counted, at its first minute as at its last
        ("2026-11-23 00:00", Tier.THREE_DAYS, "2026-11-26 23:59:59"),
        ("2026-11-23 23:59", Tier.THREE_DAYS, "2026-11-26 23:59:59"),
        ("2026-11-24 00:00", Tier.THREE_DAYS, "2026-11-27 23:59:59"),
        # over a weekend
        ("2026-11-20 09:00", Tier.FIVE_DAYS, "2026-11-27 23:59:59"),
        # dispatched on a rest day: Saturday and Friday come to the same day
        ("2026-11-21 09:00", Tier.THREE_DAYS, "2026-11-25 23:59:59"),
        ("2026-11-20 09:00", Tier.THREE_DAYS, "2026-11-25 23:59:59"),
        # the eve of Spring Festival; Saturday 14 February is worked, the 16th to the 23rd is not
        ("2026-02-12 10:00", Tier.FIVE_DAYS, "2026-02-26 23:59:59"),
        ("2026-02-14 16:00", Tier.THREE_DAYS, "2026-02-26 23:59:59"),
        ("2026-02-16 08:00", Tier.THREE_DAYS, "2026-02-26 23:59:59"),
        # dispatched on a worked Saturday, and ending on a worked Sunday
        ("2026-02-28 10:00", Tier.THREE_DAYS, "2026-03-04 23:59:59"),
        ("2026-09-17 10:00", Tier.THREE_DAYS, "2026-09-21 23:59:59"),
        ("2026-09-16 10:00", Tier.THREE_DAYS, "2026-09-20 23:59:59"),
        # over National Day
        ("2026-09-30 10:00", Tier.FIVE_DAYS, "2026-10-13 23:59:59"),
        # year end and leap day
        ("2025-12-30 10:00", Tier.THREE_DAYS, "2026-01-05 23:59:59"),
        ("2024-02-27 10:00", Tier.THREE_DAYS, "2024-03-01 23:59:59"),
        ("2024-02-26 10:00", Tier.THREE_DAYS, "2024-02-29 23:59:59"),
        ("2024-02-29 10:00", Tier.FIVE_DAYS, "2024-03-07 23:59:59"),
    ],
)
def test_a_ticket_is_due_when_the_civil_code_says(
    dispatched: str, tier: Tier, expected: str
) -> None:
    assert due_at(dispatched, tier) == expected


def test_a_unit_with_business_hours_must_answer_by_its_close() -> None:
    assert due_at("2026-11-23 10:00", Tier.THREE_DAYS, closes_at=time(17, 30)) == (
        "2026-11-26 17:30:00"
    )


def test_business_hours_leave_the_hour_tiers_alone() -> None:
    assert due_at("2026-11-23 17:00", Tier.TWO_HOURS, closes_at=time(17, 30)) == (
        "2026-11-23 19:00:00"
    )


def test_round_the_clock_matters_know_no_rest_day_and_no_close_of_business() -> None:
    at = due_at("2026-02-14 16:00", Tier.THREE_DAYS, round_the_clock=True, closes_at=time(17))

    assert at == "2026-02-17 23:59:59"


def test_the_days_walked_over_are_remembered() -> None:
    start = datetime(2026, 9, 16, 10, tzinfo=SHANGHAI)

    deadline = due(Inputs(start, Tier.THREE_DAYS), CALENDAR)

    assert [str(day) for day in deadline.counted] == ["2026-09-17", "2026-09-18", "2026-09-20"]
    assert [str(day) for day in deadline.skipped] == ["2026-09-19"]
    assert deadline.rule_version == RULE_VERSION
    assert deadline.calendar_version == "chinesecalendar-1.11.0"
    assert deadline.tier is Tier.THREE_DAYS
    assert not deadline.provisional


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=-8)), SHANGHAI])
def test_the_day_of_dispatch_is_the_citys_day_whatever_zone_the_time_came_in(
    zone: timezone,
) -> None:
    moment = datetime(2026, 11, 24, 0, 30, tzinfo=SHANGHAI).astimezone(zone)

    deadline = due(Inputs(moment, Tier.THREE_DAYS), CALENDAR)

    assert deadline.due_at.isoformat() == "2026-11-27T23:59:59+08:00"


def test_a_time_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 11, 23, 10)  # noqa: DTZ001 (the fault under test)

    with pytest.raises(NaiveTime, match="no time zone"):
        Inputs(naive, Tier.TWO_HOURS)


@pytest.mark.parametrize("close", [time(17, tzinfo=UTC), time(17, 0, 0, 1)])
def test_a_close_of_business_is_a_plain_time_of_day(close: time) -> None:
    with pytest.raises(ValueError, match="closes_at"):
        Inputs(datetime(2026, 11, 23, tzinfo=SHANGHAI), Tier.THREE_DAYS, closes_at=close)


def test_a_ticket_whose_days_reach_into_an_unknown_year_is_provisional() -> None:
    start = datetime(2026, 12, 29, 10, tzinfo=SHANGHAI)

    deadline = due(Inputs(start, Tier.FIVE_DAYS), CALENDAR)

    assert deadline.provisional
    assert deadline.due_at.isoformat() == "2027-01-06T23:59:59+08:00"
    assert {day.year for day in deadline.presumed} == {2027}


def test_hour_tiers_are_never_provisional() -> None:
    start = datetime(2027, 2, 6, 10, tzinfo=SHANGHAI)

    assert not due(Inputs(start, Tier.ONE_DAY), CALENDAR).provisional
