"""In time, nearly due, overdue."""

from datetime import UTC, datetime, timedelta

import pytest

from backend.deadlines import SHANGHAI, NaiveTime, Standing, Tier, is_overdue, remaining

DUE = datetime(2026, 11, 26, 23, 59, 59, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("tier", "left", "standing"),
    [
        (Tier.TWO_HOURS, timedelta(minutes=30, seconds=1), Standing.IN_TIME),
        (Tier.TWO_HOURS, timedelta(minutes=30), Standing.NEARLY),
        (Tier.ONE_DAY, timedelta(hours=4, seconds=1), Standing.IN_TIME),
        (Tier.ONE_DAY, timedelta(hours=4), Standing.NEARLY),
        (Tier.THREE_DAYS, timedelta(hours=24, seconds=1), Standing.IN_TIME),
        (Tier.THREE_DAYS, timedelta(hours=24), Standing.NEARLY),
        (Tier.FIVE_DAYS, timedelta(hours=24), Standing.NEARLY),
        (Tier.FIVE_DAYS, timedelta(0), Standing.NEARLY),
        (Tier.FIVE_DAYS, timedelta(seconds=-1), Standing.OVERDUE),
    ],
)
def test_a_ticket_stands_by_the_time_it_has_left(
    tier: Tier, left: timedelta, standing: Standing
) -> None:
    answer = remaining(DUE, DUE - left, tier)

    assert answer.standing is standing
    assert answer.seconds == left.total_seconds()


def test_the_last_second_is_in_time_to_its_end() -> None:
    assert not is_overdue(DUE, DUE + timedelta(microseconds=999_999))
    assert is_overdue(DUE, DUE + timedelta(seconds=1))


def test_the_last_day_of_a_day_tier_is_nearly_due_from_its_first_second() -> None:
    midnight = datetime(2026, 11, 26, tzinfo=SHANGHAI)

    assert remaining(DUE, midnight, Tier.THREE_DAYS).standing is Standing.NEARLY
    assert remaining(DUE, midnight - timedelta(seconds=2), Tier.THREE_DAYS).standing is (
        Standing.IN_TIME
    )


def test_a_city_may_warn_earlier() -> None:
    early = dict.fromkeys(Tier, timedelta(days=3))

    assert remaining(DUE, DUE - timedelta(days=2), Tier.FIVE_DAYS, early).standing is (
        Standing.NEARLY
    )


def test_zones_do_not_matter_but_must_be_there() -> None:
    assert remaining(DUE, DUE.astimezone(UTC), Tier.FIVE_DAYS).seconds == 0
    with pytest.raises(NaiveTime):
        remaining(DUE, DUE.replace(tzinfo=None), Tier.FIVE_DAYS)
