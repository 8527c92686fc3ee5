"""第二十一条: 首接负责制；首接单位牵头，其他单位在规定期限内报送结果。"""

import pytest

from backend.tickets.moves import TABLE, Move
from backend.tickets.states import State
from tests.backend.dispatch import fixtures
from tests.backend.dispatch.town import Town

town = fixtures.town

WITH_A_LEAD = {
    State.DISPATCHED,
    State.SIGNED,
    State.IN_PROGRESS,
    State.RETURN_ASKED,
    State.RETURN_REFUSED,
    State.ESCALATED,
    State.LONG_LIST,
    State.REDO,
}


async def with_water(town: Town) -> str:
    """A ticket of five days whose co-handler has three."""
    helps = [{"unit_id": town.units["water"], "tier": "3d"}]
    return await town.signed(co_handlers=helps)


async def test_lead_and_co_handler_have_each_a_due_time_of_their_own(town: Town) -> None:
    stands = await town.stands(await with_water(town))

    lead, helper = stands["assignments"]
    assert (lead["lead"], lead["due_at"]) == (True, "2026-03-09T15:59:59Z")
    assert (helper["lead"], helper["due_at"]) == (False, "2026-03-05T15:59:59Z")


async def test_a_co_handler_may_not_be_given_longer_than_the_lead(town: Town) -> None:
    number = await town.draft()
    helps = [{"unit_id": town.units["water"], "tier": "5d"}]
    sent = {"unit_id": town.units["bureau"], "basis": "目录", "tier": "3d", "co_handlers": helps}

    refused = await town.try_to("agent", "dispatch", number, **sent)

    assert refused.status_code == 422
    assert refused.json()["field"] == "co_handlers.0.tier"


async def test_the_lead_calls_in_another_unit_and_only_the_lead_does(town: Town) -> None:
    number = await with_water(town)
    sent = {"unit_id": town.units["street"], "tier": "24h", "reason": "需要入户"}

    by_helper = await town.try_to("water", "co-handlers", number, **sent)
    stands = await town.do("clerk", "co-handlers", number, **sent)

    assert by_helper.status_code == 403
    assert [one["unit"] for one in stands["assignments"]][-1] == "裕华街道"


async def test_the_co_handler_reports_to_the_lead(town: Town) -> None:
    number = await with_water(town)

    stands = await town.do("water", "report", number, done=True, result="管线已核实")

    assert stands["assignments"][1]["replied_at"]
    assert stands["state_chinese"] == "已签收"


@pytest.mark.parametrize(("done", "days"), [(False, 0), (True, 7)])
async def test_a_co_handler_that_is_not_in_time_gives_the_reason(
    town: Town, done: bool, days: int
) -> None:
    number = await with_water(town)
    town.pass_time(days=days)

    silent = await town.try_to("water", "report", number, done=done, result="已开挖一半")
    said = {"done": done, "result": "已开挖一半", "why_late": "等待交通部门批准"}
    told = await town.try_to("water", "report", number, **said)

    assert (silent.status_code, silent.json()["field"]) == (422, "why_late")
    assert told.status_code == 200


def test_a_lead_is_shed_only_by_a_granted_return_or_a_decision() -> None:
    frees = {Move.ACCEPT_RETURN, Move.REASSIGN}

    out = {one.move for one in TABLE if one.state in WITH_A_LEAD and one.next not in WITH_A_LEAD}

    assert out - frees == {Move.REPLY, Move.MERGE, Move.WITHDRAW}


async def test_the_record_says_who_took_the_lead_from_whom_and_why(town: Town) -> None:
    number = await with_water(town)
    sent = {"unit_id": town.units["street"], "basis": "属地管理", "reason": "经会商"}

    by_lead = await town.try_to("bureau", "reassign", number, **sent)
    await town.do("dispatcher", "reassign", number, **sent)

    assert by_lead.status_code == 403
    event = (await town.events(number))[-1]
    assert event.actor.startswith("person:")
    assert event.data["ended"] == sorted([town.units["bureau"], town.units["water"]])
    assert event.data["reason"] == "经会商"


async def test_the_reply_names_the_co_handlers_that_have_not_reported(town: Town) -> None:
    number = await with_water(town)

    await town.do("clerk", "reply", number, **town.reply())

    assert (await town.last_event(number))["unreported"] == [town.units["water"]]


async def test_a_co_handler_does_not_reply_for_the_lead(town: Town) -> None:
    number = await with_water(town)

    refused = await town.try_to("water", "reply", number, **town.reply())

    assert refused.status_code == 403
