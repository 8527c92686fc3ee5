"""第十六条: 根据诉求情况分类处理并如实记录，五种去向。"""

import uuid
from typing import Any

import pytest

from backend.alarms.service import of_call as alarms_of_call
from backend.alarms.service import page
from backend.tickets.moves import Move, moves_from
from backend.tickets.service import of_call
from backend.tickets.states import State
from tests.backend.dispatch import fixtures
from tests.backend.dispatch.town import START, Town

town = fixtures.town

ROUTES: dict[str, tuple[str, dict[str, Any]]] = {
    "第一项": ("answer", {"answer": "施工许可到二十二时"}),
    "第二项": ("dispatch", {"basis": "派单目录：噪声"}),
    "第三项": ("refuse", {"clause": "12.1", "reason": "已经起诉", "told_at": START.isoformat()}),
    "第四项": ("pass-on", {"body": "雄安新区热线", "reason": "不属于本市"}),
    "第五项": ("emergency", {"service": "119", "reason": "现场起火"}),
}
STATES = dict(zip(ROUTES, ("即时答复", "已派发", "不予受理", "已转交", "紧急"), strict=True))


@pytest.mark.parametrize("item", ROUTES)
async def test_each_of_the_five_routes_leads_out_of_the_draft_and_is_recorded(
    town: Town, item: str
) -> None:
    number = await town.draft()
    what, sent = ROUTES[item]
    if what == "dispatch":
        sent = {**sent, "unit_id": town.units["bureau"]}

    stands = await town.do("agent", what, number, **sent)

    assert stands["state_chinese"] == STATES[item]
    event = await town.last_event(number)
    assert "第十六条" + item in event["article"]
    assert event["from"] == "draft"


def test_out_of_a_draft_lead_the_five_routes_a_merge_and_a_withdrawal_only() -> None:
    moves = {one.move for one in moves_from(State.DRAFT)}

    five = {Move.ANSWER, Move.DISPATCH, Move.REFUSE, Move.PASS_ON, Move.RAISE}
    assert moves == five | {Move.MERGE, Move.WITHDRAW}


async def test_a_refusal_without_having_told_the_caller_is_not_accepted(town: Town) -> None:
    number = await town.draft()
    sent = {"clause": "12.1", "reason": "已经起诉", "told_at": "2026-12-31T00:00:00+08:00"}

    refused = await town.try_to("agent", "refuse", number, **sent)

    assert refused.status_code == 422
    assert refused.json()["field"] == "told_at"


async def test_what_remains_after_an_emergency_is_dispatched(town: Town) -> None:
    number = await town.draft()
    await town.do("agent", "emergency", number, service="119", reason="现场起火")

    stands = await town.dispatch(number)

    assert stands["state_chinese"] == "已派发"


async def test_units_do_not_choose_the_route(town: Town) -> None:
    number = await town.draft()

    refused = await town.try_to("bureau", "answer", number, answer="知道了", version=1)

    assert refused.status_code == 403


async def test_an_emergency_in_a_call_is_recorded_at_once_with_what_became_of_it(
    town: Town,
) -> None:
    call, at = str(uuid.uuid4()), town.office.now.isoformat()
    opened = {"caller": "13812345678", "called": "12345", "flow": "inbound"}
    rung = {"service": "119", "source": "word", "cue": "着火了", "decided_at": at}
    busy, answered = {"number": "119", "result": "busy"}, {"number": "0119", "result": "answered"}
    await town.report(call, "call.opened", opened)
    await town.report(call, "call.emergency", {**rung, "attempts": []})
    town.pass_time(seconds=1)
    await town.report(call, "call.emergency", {**rung, "attempts": [busy]})
    town.pass_time(seconds=1)
    done = {**rung, "attempts": [busy, answered], "answered_at": at}
    await town.report(call, "call.emergency", done)

    async with town.office.database.transaction(writes=False) as session:
        ticket = await of_call(session, uuid.UUID(call))
        alarms = await alarms_of_call(session, uuid.UUID(call))
    assert ticket
    told = [one.data for one in await town.events(ticket.number) if "handover" in one.data]
    assert [one["handover"] for one in told] == ["under_way", "under_way", "reached"]
    assert {one["article"] for one in told} == {"第十六条第五项"}
    assert sorted(one.kind for one in alarms) == ["emergency.raised", "emergency.route_failed"]


async def test_an_emergency_that_an_agent_raises_tells_the_duty_list(town: Town) -> None:
    number = await town.draft()
    await town.do("agent", "emergency", number, service="119", reason="现场起火")

    ticket = await town.ticket(number)
    async with town.office.database.transaction(writes=False) as session:
        [alarm] = await page(session, None, 10, waiting=True)
    assert (alarm.kind, alarm.level, alarm.ticket_id) == ("emergency.raised", "critical", ticket.id)
    assert number in alarm.text
