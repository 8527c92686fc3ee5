"""第二十六条: 不满意的，应办未办的补充办理，客观原因的耐心解释。"""

from tests.backend.dispatch import fixtures
from tests.backend.dispatch.town import Town

town = fixtures.town


async def called_back(town: Town) -> str:
    number = await town.replied()
    await town.do("agent", "accept-reply", number)
    return number


async def test_what_was_left_undone_is_done_by_the_same_unit_with_a_term_of_its_own(
    town: Town,
) -> None:
    number = await called_back(town)
    town.pass_time(days=1)

    stands = await town.do("dispatcher", "redo", number, lacking="夜间仍有施工", tier="24h")

    assert (stands["state_chinese"], stands["redos"]) == ("补充办理", 1)
    assert stands["deadline"]["due_at"] == "2026-03-04T10:00:00+08:00"
    units = [one["unit_id"] for one in stands["assignments"] if one["ended_at"] is None]
    assert units == [town.units["bureau"]]
    told = await town.last_event(number)
    assert told["lacking"] == "夜间仍有施工"
    assert told["deadline"]["old"] != told["deadline"]["new"]


async def test_a_redo_says_what_is_lacking(town: Town) -> None:
    refused = await town.try_to("dispatcher", "redo", await called_back(town))

    assert refused.status_code == 422
    assert refused.json()["field"] == "lacking"


async def test_a_closed_ticket_can_be_redone_and_a_redo_is_not_given_back(town: Town) -> None:
    number = await called_back(town)
    await town.do("agent", "close", number, callback="unsatisfied")

    await town.do("dispatcher", "redo", number, lacking="夜间仍有施工")
    returned = await town.try_to("clerk", "return", number, reason="不管", basis="无")
    replied = await town.do("clerk", "reply", number, **town.reply())

    assert returned.status_code == 409
    assert replied["state_chinese"] == "已答复"


async def test_outer_reasons_are_explained_to_the_caller_and_recorded(town: Town) -> None:
    sent = {"reason": "受政策限制", "explanation": "已说明施工许可的规定"}

    number = await called_back(town)
    stands = await town.do("dispatcher", "explain", number, **sent)

    assert stands["state_chinese"] == "已办结"
    event = await town.last_event(number)
    assert "第二十六条第二项" in event["article"]
    assert event["explanation"] == sent["explanation"]


async def test_a_unit_does_not_declare_its_own_work_explained(town: Town) -> None:
    number = await called_back(town)

    refused = await town.try_to(
        "bureau", "explain", number, reason="期望过高", explanation="已解释"
    )

    assert refused.status_code == 403
