"""A frozen deadline changes by event or not at all."""

from dataclasses import replace
from datetime import datetime

import pytest

from backend.deadlines import (
    SHANGHAI,
    ChangeKind,
    Inputs,
    Tier,
    UnknownRules,
    WorkingCalendar,
    due,
    keep_after_refused_return,
    prove,
    read_overrides,
    recompute,
)
from tests.backend.deadlines.test_working_calendar import NOTICE_2027

TODAY = WorkingCalendar()
ARRIVED = WorkingCalendar(read_overrides(NOTICE_2027))


def test_nothing_happens_while_the_calendar_says_the_same() -> None:
    settled = due(Inputs(datetime(2026, 11, 23, 10, tzinfo=SHANGHAI), Tier.FIVE_DAYS), TODAY)
    provisional = due(Inputs(datetime(2026, 12, 30, tzinfo=SHANGHAI), Tier.FIVE_DAYS), TODAY)

    assert recompute(settled, TODAY) is None
    assert recompute(settled, ARRIVED) is None
    assert recompute(provisional, TODAY) is None


def test_a_calendar_that_arrives_moves_a_provisional_deadline_and_says_why() -> None:
    old = due(Inputs(datetime(2027, 2, 3, 10, tzinfo=SHANGHAI), Tier.THREE_DAYS), TODAY)

    change = recompute(old, ARRIVED)

    assert change is not None
    assert change.kind is ChangeKind.RECOMPUTED
    assert change.moved
    assert not change.earlier
    assert change.old is old
    assert old.due_at.date().isoformat() == "2027-02-10"
    assert change.new.due_at.date().isoformat() == "2027-02-15"
    assert not change.new.provisional
    assert ARRIVED.version in change.why
    assert "2027-02-04至2027-02-10" in change.why
    prove(change.new)


def test_a_make_up_day_that_brings_a_deadline_forward_is_marked() -> None:
    old = due(Inputs(datetime(2027, 1, 28, 10, tzinfo=SHANGHAI), Tier.THREE_DAYS), TODAY)

    change = recompute(old, ARRIVED)

    assert change is not None
    assert change.earlier


def test_a_calendar_that_agrees_with_the_guess_confirms_the_deadline() -> None:
    old = due(Inputs(datetime(2026, 12, 30, 10, tzinfo=SHANGHAI), Tier.THREE_DAYS), TODAY)

    change = recompute(old, ARRIVED)

    assert change is not None
    assert change.kind is ChangeKind.CONFIRMED
    assert not change.moved
    assert not change.new.provisional


def test_a_correction_of_settled_days_moves_a_settled_deadline_by_event_too() -> None:
    old = due(Inputs(datetime(2026, 11, 23, 10, tzinfo=SHANGHAI), Tier.THREE_DAYS), TODAY)
    text = "notices: [{source: 市政府公告（示例）, rest: [2026-11-25]}]"

    change = recompute(old, WorkingCalendar(read_overrides(text)))

    assert change is not None
    assert change.new.due_at.date().isoformat() == "2026-11-27"


def test_an_extended_deadline_is_recomputed_with_its_extension() -> None:
    inputs = Inputs(datetime(2027, 2, 3, 10, tzinfo=SHANGHAI), Tier.THREE_DAYS, extensions=(2,))

    change = recompute(due(inputs, TODAY), ARRIVED)

    assert change is not None
    assert change.new.inputs.extensions == (2,)
    assert change.new.due_at.date().isoformat() == "2027-02-17"


def test_a_deadline_of_another_reading_of_the_law_stays() -> None:
    old = due(Inputs(datetime(2026, 11, 23, tzinfo=SHANGHAI), Tier.FIVE_DAYS), TODAY)

    with pytest.raises(UnknownRules):
        recompute(replace(old, rule_version="baoding-2022-11-01/art19/0"), TODAY)


def test_a_refused_return_keeps_the_deadline_and_needs_a_reason() -> None:
    old = due(Inputs(datetime(2026, 11, 23, tzinfo=SHANGHAI), Tier.FIVE_DAYS), TODAY)

    change = keep_after_refused_return(old, " 属于本单位职责 ")

    assert change.kind is ChangeKind.RETURN_REFUSED
    assert change.new is old
    assert "属于本单位职责" in change.why
    with pytest.raises(ValueError, match="说明理由"):
        keep_after_refused_return(old, "  ")
