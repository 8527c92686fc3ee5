"""第十七条: 派单精准；权责明确的直接派发，权责不明的由热线工作机构明确承办单位。"""

from tests.backend.dispatch import fixtures
from tests.backend.dispatch.town import Town

town = fixtures.town


async def test_a_clear_matter_goes_straight_to_a_unit_with_the_basis_recorded(town: Town) -> None:
    number = await town.draft()

    await town.dispatch(number, basis="派单目录：噪声")

    event = await town.last_event(number)
    assert (event["lead"], event["basis"]) == (town.units["bureau"], "派单目录：噪声")


async def test_a_ticket_is_not_dispatched_without_a_basis(town: Town) -> None:
    number = await town.draft()

    refused = await town.try_to("agent", "dispatch", number, unit_id=town.units["bureau"])

    assert refused.status_code == 422
    assert refused.json()["field"] == "basis"


async def test_an_unclear_matter_is_settled_by_a_dispatcher_with_reason_and_basis(
    town: Town,
) -> None:
    number = await town.signed()
    sent = {"unit_id": town.units["street"], "basis": "属地管理", "reason": "职责交叉，经论证"}

    stands = await town.do("dispatcher", "reassign", number, **sent)

    assert stands["state_chinese"] == "已派发"
    assert [one["unit"] for one in stands["assignments"] if one["ended_at"] is None] == ["裕华街道"]
    event = await town.last_event(number)
    assert (event["reason"], event["ended"]) == ("职责交叉，经论证", [town.units["bureau"]])


async def test_an_agent_does_not_settle_disputed_matters(town: Town) -> None:
    number = await town.signed()
    sent = {"unit_id": town.units["street"], "basis": "属地管理", "reason": "改派"}

    refused = await town.try_to("agent", "reassign", number, **sent)

    assert refused.status_code == 403


async def test_the_proposal_names_the_entry_of_the_catalogue_and_the_runner_up(town: Town) -> None:
    number = await town.draft()

    shown = (await town.browsers["agent"].get(f"/api/tickets/{number}/proposal")).json()

    assert (shown["catalogue"], shown["clear"]) == ("2026-11", True)
    assert shown["entry"]["code"].startswith("ZS-01")
    assert shown["entry"]["unit"] == "莲池区城市管理综合行政执法局"
    assert shown["entry"]["basis"]
    assert shown["runner_up"]["unit"] == "保定市生态环境局"


async def test_a_disputed_matter_is_put_to_the_units_and_decided_with_a_reason(town: Town) -> None:
    number = await town.draft()
    asked = {"question": "职责交叉", "units": [town.units["bureau"], town.units["street"]]}
    dispute = (await town.try_to("agent", "dispute", number, **asked)).json()
    said = {"takes": False, "opinion": "不属于本单位", "basis": "三定方案"}
    await town.browsers["clerk"].post(f"/api/disputes/{dispute['id']}/opinion", json=said)
    sent = {"unit_id": town.units["street"], "basis": "属地管理", "version": 1}
    decide = f"/api/disputes/{dispute['id']}/decide"

    unreasoned = await town.browsers["dispatcher"].post(decide, json=sent)
    sent |= {"reason": "经论证，属地管理", "experts": "法律顾问、公职律师"}
    decided = await town.browsers["dispatcher"].post(decide, json=sent)

    assert (unreasoned.status_code, unreasoned.json()["field"]) == (422, "reason")
    assert decided.json()["state_chinese"] == "已派发"
    assert (await town.last_event(number))["reason"] == "经论证，属地管理"
    shown = (await town.browsers["dispatcher"].get("/api/disputes")).json()["items"][0]
    assert shown["experts"] == "法律顾问、公职律师"


async def test_what_people_decide_otherwise_is_kept_to_make_dispatch_more_precise(
    town: Town,
) -> None:
    number = await town.draft()
    await town.dispatch(number, "street")

    rows = (await town.browsers["dispatcher"].get("/api/overrules/export")).text

    assert "莲池区城市管理综合行政执法局,裕华街道" in rows
