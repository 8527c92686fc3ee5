"""Supervised and disputed matters, knowledge, figures and flows, as pages."""

from collections import Counter

from backend.console.administration import traffic
from backend.console.supervisor.figures import shaded
from backend.console.supervisor.hot_words import hot
from backend.supervision.models import Supervision
from ivr_flows.loader import load_book
from tests.backend.console_pages.district import WORDS, District

SCRIPT = "<script>alert(1)</script>"


async def case_of(district: District) -> Supervision:
    async with district.console.app.state.database.transaction(writes=False) as session:
        found: Supervision = await session.get_one(Supervision, 1)
    return found


async def test_a_matter_is_supervised_answered_raised_and_released(district: District) -> None:
    number = await district.signed()
    fields = {"tickets.0": number, "clause": "24.5", "level": "1", "reason": f"媒体关注{SCRIPT}"}
    await district.send("supervisor", "/console/supervisions", **fields)
    seen = (await district.get("clerk", "/console/unit/cases")).text
    others = (await district.get("street", "/console/unit/cases")).text
    path = "/console/unit/cases/1/answer"
    await district.send("clerk", path, version=1, answer="已派人值守")
    answered = await case_of(district)
    step = {"version": answered.version, "reason": "效果不佳"}
    await district.send("supervisor", "/console/supervisions/1/raise", **step)
    raised = await case_of(district)
    end = {"version": raised.version, "reason": "已整改"}
    done = await district.send("supervisor", "/console/supervisions/1/release", **end)

    assert number in seen
    assert SCRIPT not in seen
    assert number not in others
    assert (answered.state, answered.answer, raised.level) == ("answered", "已派人值守", 2)
    assert done.status_code == 303
    assert (await case_of(district)).state == "released"


async def test_a_wrong_ticket_is_not_supervised_and_told_so(district: District) -> None:
    fields = {"tickets.0": "2611230999", "clause": "24.5", "level": "1", "reason": "媒体关注"}

    answer = await district.send("supervisor", "/console/supervisions", **fields)

    assert answer.status_code == 404
    assert "没有这个编号的工单" in answer.text


async def test_a_disputed_matter_is_asked_about_and_decided(district: District) -> None:
    number = await district.console.draft(WORDS)
    ticket = await district.ticket(number)
    dispatcher = (await district.who("dispatcher")).http
    units = [district.units["bureau"], district.units["street"]]
    asked = {"version": ticket.version, "question": "噪声归谁管", "units": units}
    made = await dispatcher.post(f"/api/tickets/{number}/dispute", json=asked)
    assert made.status_code == 201, made.text
    dispute = made.json()["id"]

    opinion = {"takes": "false", "opinion": "属生态环境", "basis": "噪声污染防治法"}
    await district.send("clerk", f"/console/unit/disputes/{dispute}/opinion", **opinion)
    page = (await district.get("dispatcher", "/console/disputes")).text
    version = (await district.ticket(number)).version
    decided = {"unit_id": units[1], "basis": "属地管理", "reason": "街道统筹", "version": version}
    answer = await district.send("dispatcher", f"/console/disputes/{dispute}/decide", **decided)

    assert "噪声污染防治法" in page
    assert answer.status_code == 303, answer.text
    assert (await district.ticket(number)).unit == "裕华街道"


async def test_knowledge_is_written_approved_by_another_and_found(district: District) -> None:
    text = {"title": "夜间施工怎么投诉", "body": f"22时后禁止施工{SCRIPT}", "keywords": "噪声"}
    wrong = await district.send("clerk", "/console/knowledge", **text | {"title": " "})
    await district.send("bureau", "/console/knowledge", **text)
    address = "/console/knowledge/1"
    own = await district.send("bureau", f"{address}/approve", version=1, reason="属实")
    done = await district.send("supervisor", f"{address}/approve", version=1, reason="属实")
    found = (await district.get("agent", "/console/knowledge?q=夜里施工吵")).text

    assert (wrong.status_code, "标题" in wrong.text) == (422, True)
    assert (own.status_code, "不能审核自己" in own.text) == (403, True)
    assert done.status_code == 303
    assert "夜间施工怎么投诉" in found
    assert SCRIPT not in found + (await district.get("agent", address)).text


async def test_the_figures_of_a_unit_are_its_own(district: District) -> None:
    await district.signed()

    city = (await district.get("supervisor", "/console/statistics")).text
    street = (await district.get("street", "/console/statistics")).text
    words = await district.get("supervisor", "/console/statistics/words")
    odd = await district.get("supervisor", "/console/statistics?span=2026")

    assert "噪声油烟" in city
    assert "近30天没有诉求" in street
    assert (words.status_code, odd.status_code) == (200, 200)
    assert "施工" in words.text


async def test_flows_show_their_steps_with_the_calls_that_took_them(district: District) -> None:
    await district.console.draft()

    page = (await district.get("keeper", "/console/flows")).text
    prompts = (await district.get("keeper", "/console/prompts")).text
    none = await district.get("keeper", "/console/prompts/greeting/sound")
    odd = await district.get("keeper", "/console/prompts/..%2f..%2fsecret/sound")

    assert "今日1次来电" in page
    assert "流程检查通过" in page
    assert "greeting" in prompts
    assert (none.status_code, odd.status_code) == (404, 404)


def test_a_step_taken_twice_in_a_call_counts_once() -> None:
    again = {"path": ["greeting", "greeting", "survey.bye"]}
    told = traffic.counted([(again, "inbound"), ({"path": None}, None)])

    greeting, bye = "inbound.greeting", "survey.bye"
    assert (told.calls, told.taken) == (2, {greeting: 1, bye: 1})
    assert told.followed == {
        (greeting, greeting): 1,
        (greeting, bye): 1,
        (bye, traffic.OVER): 1,
    }


def test_every_way_of_every_step_is_drawn() -> None:
    book = load_book()

    for flow in book.flows.values():
        for stop in traffic.stops(book, flow, traffic.counted([])):
            assert len(stop.ways) == len(flow.steps[stop.name].exits())


def test_a_heat_table_shades_by_the_most_and_sums_up() -> None:
    cells = Counter({("莲池区", "供热"): 10, ("莲池区", "噪声"): 1, ("竞秀区", "供热"): 5})

    heat = shaded(cells)

    assert heat.categories == ["供热", "噪声"]
    assert heat.rows == [("莲池区", [(10, 5), (1, 1)], 11), ("竞秀区", [(5, 3), (0, 0)], 5)]
    assert shaded(Counter()).rows == []


def test_a_rising_word_stands_before_a_frequent_one() -> None:
    recent = ["暖气不热"] * 4 + ["路灯坏了"] * 5
    before = ["路灯坏了"] * 5

    words = hot(recent, before)

    assert "暖气" in [one.word for one in words[:2]]
    assert words[0].rising
    assert not next(one for one in words if one.word == "路灯").rising
