"""What the rehearsal of surveys must notice, each in a small case of its own."""

import datetime as dt
from typing import Any

from hotline import survey_checks as checks
from hotline.survey_citizens import GROUP, KINDS, LEFT_OUT, VALID, Citizen, gather
from hotline.trunk_calls import TrunkCall

NINE = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)


def survey(ticket: str, minute: int, **more: Any) -> dict[str, Any]:
    began = (NINE + dt.timedelta(minutes=minute)).isoformat()
    made = {"began_at": began, "result": "busy", "part": "上午", "wished_for": None}
    return {"ticket": ticket, "ended_at": began, "tries": [made]} | more


def called(*order: str) -> tuple[list[Citizen], dict[str, dict[str, Any]]]:
    """Citizens of units a and b, the oldest first, called in this order."""
    citizens = [Citizen(one, KINDS[0], one[0], one) for one in ("a1", "a2", "a3", "b1")]
    return citizens, {one: survey(one, order.index(one)) for one in order}


def test_the_hand_table_is_that_of_its_citizens() -> None:
    citizens = gather(GROUP)

    valid = [one for one in citizens if "/" in one.kind.result]
    assert len(valid) == VALID
    assert len(citizens) == VALID + sum(LEFT_OUT.values())
    assert len({one.number for one in citizens}) == GROUP


def test_units_that_take_turns_are_no_fault_and_a_unit_that_goes_twice_is() -> None:
    assert list(checks.in_turn(*called("a1", "b1", "a2", "a3"))) == []
    assert len(list(checks.in_turn(*called("a1", "a2", "b1", "a3")))) == 1
    assert len(list(checks.in_turn(*called("a2", "b1", "a1", "a3")))) == 1


def test_calls_beyond_the_limits_are_noticed() -> None:
    calls = [TrunkCall("1", 0.0, None, 2.0), TrunkCall("2", 0.4, None, 1.0)]
    surveys = [survey("1", 0), survey("2", 0)]

    assert list(checks.on_the_trunk(calls, surveys, 2, 2.0)) == []
    assert len(list(checks.on_the_trunk(calls, surveys, 1, 2.0))) == 1
    assert len(list(checks.on_the_trunk(calls, surveys, 2, 1.0))) == 1
    assert len(list(checks.on_the_trunk(calls[:1], surveys, 2, 2.0))) == 1


def test_two_tries_within_the_rest_and_in_one_part_of_the_day_are_noticed() -> None:
    twice = survey("1", 0)["tries"] + survey("1", 30)["tries"]

    found = list(checks.gaps([survey("1", 0, tries=twice)], dt.timedelta(hours=20), 4))

    assert len(found) == 2
