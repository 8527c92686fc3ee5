"""第十七条: 派单精准；权责明确的直接派发，权责不明的由热线工作机构明确承办单位。"""

from tests.backend.dispatch import fixtures
from tests.backend.dispatch.town import Town

make_url, town = fixtures.make_url, fixtures.town


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
