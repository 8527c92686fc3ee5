import pytest

from tests.backend.dispatch.town import Town

ENTRY = {
    "reason": "需要整体改造",
    "scope": "老旧小区管网",
    "standard": "列入年度改造计划",
    "procedure": "每季度复查并告知诉求人",
    "review_on": "2026-06-01",
}


async def test_a_long_list_entry_names_scope_standard_procedure_and_review(town: Town) -> None:
    number = await town.signed()
    before = (await town.ticket(number)).deadline

    stands = await town.do("dispatcher", "long-list", number, **ENTRY)

    assert stands["state_chinese"] == "挂账"
    assert stands["pending"]["long_list"] == ENTRY
    assert (await town.ticket(number)).deadline == before


@pytest.mark.parametrize("missing", ["scope", "standard", "procedure", "review_on", "reason"])
async def test_without_one_of_them_nothing_is_put_on_the_long_list(
    town: Town, missing: str
) -> None:
    number = await town.signed()
    sent = {name: value for name, value in ENTRY.items() if name != missing}

    refused = await town.try_to("dispatcher", "long-list", number, **sent)

    assert (refused.status_code, refused.json()["field"]) == (422, missing)


async def test_the_day_of_review_lies_ahead(town: Town) -> None:
    number = await town.signed()

    sent = {**ENTRY, "review_on": "2026-03-02"}
    refused = await town.try_to("dispatcher", "long-list", number, **sent)

    assert (refused.status_code, refused.json()["field"]) == (422, "review_on")


async def test_a_review_sets_the_next_and_the_ticket_comes_off_again(town: Town) -> None:
    number = await town.signed()
    await town.do("dispatcher", "long-list", number, **ENTRY)

    again = {"finding": "资金未到位", "review_on": "2026-09-01"}
    reviewed = await town.do("dispatcher", "long-list/review", number, **again)
    off = await town.do("dispatcher", "long-list/take-off", number, reason="资金到位")

    assert reviewed["pending"]["long_list"]["review_on"] == "2026-09-01"
    assert (off["state_chinese"], off["pending"]) == ("办理中", {})


async def test_a_reply_tells_whether_it_was_late(town: Town) -> None:
    number = await town.signed()
    town.pass_time(days=8)

    stands = await town.do("clerk", "reply", number, **town.reply())

    assert (await town.last_event(number))["late"] is True
    assert stands["deadline"]["standing"] == "overdue"


async def test_what_a_person_called_no_emergency_is_not_raised_again_by_the_machine(
    town: Town,
) -> None:
    number = await town.draft()
    call_id = str((await town.ticket(number)).call_id)
    at = town.office.now.isoformat()
    danger = {"service": "119", "also": [], "cue": "着火", "source": "word"}
    danger |= {"decided_at": at, "attempts": []}
    await town.report(call_id, "call.emergency", danger)
    raised = await town.stands(number)

    calm = await town.do("agent", "calm", number, reason="是烧烤的烟")
    await town.report(call_id, "call.closed", {"outcome": "completed", "path": ["matter"]})

    assert (raised["state"], calm["state"]) == ("emergency", "draft")
    assert (await town.stands(number))["state"] == "draft"


async def test_an_emergency_is_closed_when_nothing_remains(town: Town) -> None:
    number = await town.draft()
    await town.do("agent", "emergency", number, service="119", reason="现场起火")

    closed = await town.do("agent", "close", number, callback="none")

    assert closed["state_chinese"] == "已办结"


async def test_a_withdrawn_ticket_taken_up_again_is_with_no_unit_until_dispatched_anew(
    town: Town,
) -> None:
    number = await town.signed()
    await town.do("agent", "withdraw", number, reason="诉求人来电撤回")

    reopened = await town.do("dispatcher", "reopen", number, reason="诉求人要求继续办理")
    again = await town.dispatch(number, "street")

    assert all(one["ended_at"] for one in reopened["assignments"])
    assert [one["unit"] for one in again["assignments"] if not one["ended_at"]] == ["裕华街道"]
