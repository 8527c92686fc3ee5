"""第十一条: 诉求人可以提出咨询、求助、意见建议、投诉举报和其他需要反映的问题。"""

import pytest

from backend.intake.fields import Kind
from tests.backend.dispatch import fixtures
from tests.backend.dispatch.town import Town

town = fixtures.town

SAID = {
    "咨询": "我想咨询一下医保报销需要什么材料",
    "求助": "莲池区裕华路家里暖气不热，请帮忙解决",
    "建议": "我建议在裕华路口增加一个信号灯",
    "投诉": "我要投诉物业公司乱收费",
    "举报": "我要举报工厂夜里偷排废水",
}


@pytest.mark.parametrize("kind", SAID)
async def test_each_kind_of_request_is_taken_and_named(town: Town, kind: str) -> None:
    number = await town.draft(SAID[kind])

    ticket = await town.ticket(number)

    assert (ticket.kind, ticket.acceptable) == (kind, True)


async def test_what_fits_no_kind_is_taken_too(town: Town) -> None:
    number = await town.draft("嗯那个就是那件事情")

    assert (await town.ticket(number)).state == "draft"
    assert Kind.OTHER.value == "其他"


async def test_an_agent_sets_the_kind_right_and_the_machine_leaves_it(town: Town) -> None:
    number = await town.draft(SAID["求助"])

    change = {"version": 1, "kind": "投诉"}
    reply = await town.browsers["agent"].patch(f"/api/tickets/{number}", json=change)

    assert reply.json()["fields"]["kind"] == "投诉"
    assert reply.json()["authors"]["kind"] == "person"
