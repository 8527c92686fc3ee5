"""延期: every condition of Art. 19(3), and where the longer term is counted from."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from backend.deadlines import (
    SHANGHAI,
    ChangeKind,
    ExtensionFault,
    ExtensionLimits,
    ExtensionRefused,
    ExtensionRequest,
    Inputs,
    NaiveTime,
    StaleCalendar,
    Tier,
    WorkingCalendar,
    due,
    extend,
    prove,
    read_overrides,
)

CALENDAR = WorkingCalendar()
DISPATCHED = datetime(2026, 2, 10, 10, tzinfo=SHANGHAI)
OLD = due(Inputs(DISPATCHED, Tier.THREE_DAYS), CALENDAR)
ASKED = datetime(2026, 2, 13, 9, tzinfo=SHANGHAI)
REQUEST = ExtensionRequest(
    requested_at=ASKED,
    working_days=5,
    reason="需开挖路面查明漏点",
    progress="已到现场勘查，已告知延期5个工作日",
    caller_told_at=ASKED - timedelta(minutes=10),
)


def test_the_longer_term_is_counted_from_the_old_due_day() -> None:
    change = extend(OLD, REQUEST, CALENDAR)

    assert OLD.due_at.date().isoformat() == "2026-02-13"
    assert change.new.due_at.isoformat() == "2026-02-27T23:59:59+08:00"
    assert change.kind is ChangeKind.EXTENDED
    assert change.old is OLD
    assert change.why == "延长5个工作日：需开挖路面查明漏点"
    assert change.new.inputs.extensions == (5,)
    prove(change.new)


def test_asking_earlier_gives_no_less_time() -> None:
    early = replace(REQUEST, requested_at=DISPATCHED, caller_told_at=DISPATCHED)

    assert extend(OLD, early, CALENDAR).new == extend(OLD, REQUEST, CALENDAR).new


def test_an_hour_tier_is_extended_in_working_days_to_the_end_of_the_last_one() -> None:
    old = due(Inputs(ASKED, Tier.TWO_HOURS), CALENDAR)

    change = extend(old, replace(REQUEST, working_days=1), CALENDAR)

    assert change.new.due_at.isoformat() == "2026-02-14T23:59:59+08:00"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"reason": " "}, ExtensionFault.NO_REASON),
        ({"progress": ""}, ExtensionFault.NO_PROGRESS),
        ({"caller_told_at": None}, ExtensionFault.CALLER_NOT_TOLD),
        ({"caller_told_at": ASKED + timedelta(seconds=1)}, ExtensionFault.CALLER_NOT_TOLD),
        ({"working_days": 0}, ExtensionFault.BAD_LENGTH),
        ({"working_days": -3}, ExtensionFault.BAD_LENGTH),
        ({"working_days": 6}, ExtensionFault.TOO_LONG),
        ({"working_days": 6, "legal_basis": " "}, ExtensionFault.TOO_LONG),
        ({"requested_at": OLD.due_at + timedelta(seconds=1)}, ExtensionFault.TOO_LATE),
        ({"requested_at": DISPATCHED - timedelta(seconds=1)}, ExtensionFault.TOO_EARLY),
    ],
)
def test_an_extension_that_misses_a_condition_is_refused_in_words(
    change: dict[str, object], code: ExtensionFault
) -> None:
    request = replace(REQUEST, **change)  # type: ignore[arg-type]

    with pytest.raises(ExtensionRefused) as refused:
        extend(OLD, request, CALENDAR)

    assert refused.value.code is code
    assert refused.value.message == str(refused.value) != ""


def test_the_last_second_of_the_last_day_is_still_before_expiry() -> None:
    request = replace(REQUEST, requested_at=OLD.due_at + timedelta(microseconds=999_999))

    assert extend(OLD, request, CALENDAR).moved


def test_a_second_extension_is_refused_unless_the_city_allows_it() -> None:
    once = extend(OLD, REQUEST, CALENDAR).new

    with pytest.raises(ExtensionRefused) as refused:
        extend(once, REQUEST, CALENDAR)
    twice = extend(once, REQUEST, CALENDAR, ExtensionLimits(most_times=2)).new

    assert refused.value.code is ExtensionFault.TOO_OFTEN
    assert twice.inputs.extensions == (5, 5)
    assert twice.due_at > once.due_at


def test_a_law_that_sets_another_length_is_followed_and_named() -> None:
    request = replace(REQUEST, working_days=20, legal_basis="《某条例》第十条")

    change = extend(OLD, request, CALENDAR)

    assert change.new.inputs.extensions == (20,)
    assert "（依据《某条例》第十条）" in change.why


def test_times_without_a_zone_are_refused() -> None:
    naive = ASKED.replace(tzinfo=None)

    with pytest.raises(NaiveTime):
        extend(OLD, replace(REQUEST, requested_at=naive), CALENDAR)
    with pytest.raises(NaiveTime):
        extend(OLD, replace(REQUEST, caller_told_at=naive), CALENDAR)


def test_an_extension_never_moves_the_first_term_silently() -> None:
    text = "notices: [{source: 市政府公告（示例）, rest: [2026-02-12]}]"

    with pytest.raises(StaleCalendar):
        extend(OLD, REQUEST, WorkingCalendar(read_overrides(text)))
