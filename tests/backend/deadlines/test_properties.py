"""What holds for any ticket at all."""

from datetime import datetime, time, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.deadlines import (
    SHANGHAI,
    ExtensionRequest,
    Inputs,
    NaiveTime,
    Tier,
    WorkingCalendar,
    due,
    extend,
    freeze,
    prove,
    recompute,
    remaining,
    thaw,
)

CALENDAR = WorkingCalendar()
ORDER = list(Tier)

steady = settings(derandomize=True, deadline=None, database=None, max_examples=300)
zones = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
naive_times = st.datetimes(datetime(2004, 1, 2), datetime(2035, 12, 1))  # noqa: DTZ001 (zone follows)
moments = st.builds(lambda moment, zone: moment.replace(tzinfo=zone), naive_times, zones)
tiers = st.sampled_from(ORDER)
closes = st.none() | st.times(time(12), time(22)).map(lambda at: at.replace(microsecond=0))
every_input = st.builds(Inputs, moments, tiers, st.booleans(), closes)


@steady
@given(moments, moments, tiers, closes)
def test_a_later_dispatch_is_never_due_earlier(
    one: datetime, other: datetime, tier: Tier, close: time | None
) -> None:
    first, second = sorted([one, other])

    early, late = (due(Inputs(m, tier, closes_at=close), CALENDAR) for m in (first, second))

    assert early.due_at <= late.due_at


@steady
@given(every_input)
def test_a_longer_tier_is_never_due_earlier(inputs: Inputs) -> None:
    start, around, close = inputs.dispatched_at, inputs.round_the_clock, inputs.closes_at

    times = [due(Inputs(start, tier, around, close), CALENDAR).due_at for tier in ORDER]

    assert times == sorted(times)


@steady
@given(moments, st.sampled_from([Tier.THREE_DAYS, Tier.FIVE_DAYS]), closes)
def test_a_day_tier_is_never_due_on_a_rest_day_nor_on_the_day_of_dispatch(
    moment: datetime, tier: Tier, close: time | None
) -> None:
    deadline = due(Inputs(moment, tier, closes_at=close), CALENDAR)

    assert CALENDAR.is_working(deadline.due_at.date())
    assert deadline.due_at.date() > moment.astimezone(SHANGHAI).date()
    assert len(deadline.counted) == {Tier.THREE_DAYS: 3, Tier.FIVE_DAYS: 5}[tier]


@steady
@given(every_input)
def test_round_the_clock_is_never_slower(inputs: Inputs) -> None:
    ordinary = Inputs(inputs.dispatched_at, inputs.tier)
    around = Inputs(inputs.dispatched_at, inputs.tier, round_the_clock=True)

    assert due(around, CALENDAR).due_at <= due(ordinary, CALENDAR).due_at


@steady
@given(every_input, st.integers(1, 5), st.floats(0, 1))
def test_an_extension_is_never_earlier_and_grows_with_its_days(
    inputs: Inputs, days: int, when: float
) -> None:
    old = due(inputs, CALENDAR)
    asked = inputs.dispatched_at + (old.due_at - inputs.dispatched_at) * when
    request = ExtensionRequest(asked, days, "情况复杂", "已告知", asked)

    change = extend(old, request, CALENDAR)

    assert change.new.due_at > old.due_at
    assert change.new.counted[: len(old.counted)] == old.counted
    if days > 1:
        less = ExtensionRequest(asked, days - 1, "情况复杂", "已告知", asked)
        assert extend(old, less, CALENDAR).new.due_at < change.new.due_at


@steady
@given(every_input)
def test_every_deadline_survives_freezing_and_proves_itself(inputs: Inputs) -> None:
    deadline = due(inputs, CALENDAR)

    again = thaw(freeze(deadline))

    assert freeze(again) == freeze(deadline)
    assert recompute(again, CALENDAR) is None
    prove(again)


@steady
@given(every_input)
def test_a_ticket_is_in_time_at_dispatch_and_its_time_only_runs_down(inputs: Inputs) -> None:
    deadline = due(inputs, CALENDAR)
    start = inputs.dispatched_at
    moments = [start, start + (deadline.due_at - start) / 2, deadline.due_at]

    left = [remaining(deadline.due_at, moment, inputs.tier).seconds for moment in moments]

    assert left == sorted(left, reverse=True)
    assert left[-1] == 0


@steady
@given(naive_times, tiers)
def test_a_naive_time_is_always_refused(moment: datetime, tier: Tier) -> None:
    with pytest.raises(NaiveTime):
        Inputs(moment, tier)


@steady
@given(every_input)
def test_known_years_are_never_provisional_and_unknown_ones_always(inputs: Inputs) -> None:
    deadline = due(inputs, CALENDAR)

    counted_by_calendar = bool(deadline.counted) and not inputs.round_the_clock
    assert deadline.provisional == (counted_by_calendar and deadline.due_at.year > 2026)
