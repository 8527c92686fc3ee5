"""第十八条: 派单时应当在诉求工单上注明办理时限；办理时限依据相关规定和行业标准确定。"""

import json
from datetime import datetime

import pytest

from backend.deadlines import (
    RULE_VERSION,
    SHANGHAI,
    BrokenRecord,
    Inputs,
    Tier,
    WorkingCalendar,
    due,
    freeze,
    prove,
    read_overrides,
    recompute,
    thaw,
)

CALENDAR = WorkingCalendar()
DISPATCHED = datetime(2026, 11, 23, 14, 5, tzinfo=SHANGHAI)


@pytest.mark.parametrize("tier", Tier)
def test_every_dispatch_gets_a_time_by_which_it_must_be_answered(tier: Tier) -> None:
    deadline = due(Inputs(DISPATCHED, tier), CALENDAR)

    assert deadline.due_at > DISPATCHED
    assert deadline.due_at.utcoffset() == DISPATCHED.utcoffset()


def test_the_ticket_carries_the_time_with_the_rule_and_the_calendar_that_gave_it() -> None:
    on_the_ticket = json.loads(freeze(due(Inputs(DISPATCHED, Tier.FIVE_DAYS), CALENDAR)))

    assert on_the_ticket["due_at"] == "2026-11-30T23:59:59+08:00"
    assert on_the_ticket["rule"] == RULE_VERSION
    assert on_the_ticket["calendar"] == CALENDAR.version
    assert on_the_ticket["inputs"]["dispatched_at"] == "2026-11-23T14:05:00+08:00"
    assert on_the_ticket["inputs"]["tier"] == "5d"
    assert on_the_ticket["counted"] == [
        "2026-11-24",
        "2026-11-25",
        "2026-11-26",
        "2026-11-27",
        "2026-11-30",
    ]


def test_the_time_on_a_ticket_can_be_shown_to_follow_from_its_dispatch_years_later() -> None:
    on_the_ticket = freeze(due(Inputs(DISPATCHED, Tier.FIVE_DAYS), CALENDAR))

    prove(thaw(on_the_ticket))


def test_a_time_altered_on_the_ticket_is_found() -> None:
    on_the_ticket = freeze(due(Inputs(DISPATCHED, Tier.FIVE_DAYS), CALENDAR))

    with pytest.raises(BrokenRecord):
        prove(thaw(on_the_ticket.replace("2026-11-30T23:59:59", "2026-12-01T23:59:59")))


def test_the_clock_starts_at_dispatch_so_the_same_dispatch_always_gives_the_same_time() -> None:
    first = due(Inputs(DISPATCHED, Tier.TWO_HOURS), CALENDAR)

    assert first == due(Inputs(DISPATCHED, Tier.TWO_HOURS), CALENDAR)
    assert first.due_at == datetime(2026, 11, 23, 16, 5, tzinfo=SHANGHAI)


def test_a_time_that_a_later_holiday_notice_can_move_says_so_and_moves_only_by_a_record() -> None:
    stated = due(Inputs(datetime(2026, 12, 30, 9, tzinfo=SHANGHAI), Tier.THREE_DAYS), CALENDAR)
    notice = "notices: [{source: 放假安排（示例）, rest: [2027-01-04], work: [2027-01-09]}]"

    record = recompute(stated, WorkingCalendar(read_overrides(notice)))

    assert stated.provisional
    assert record is not None
    assert (record.old, record.moved) == (stated, True)
    assert record.new.due_at.date().isoformat() == "2027-01-06"
    assert record.why
