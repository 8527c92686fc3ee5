"""The agent's desk: drafts are given out once, corrected, and sent by the five routes."""

import asyncio
import re

import pytest

from backend.people.roles import Role
from tests.backend.console.desk import Browser, Console

FIRE = "着火了，三丰路这边楼里冒烟"
HEATING = "莲池区东风路暖气不热，三天了"


async def sent(console: Console, browser: Browser, number: str, route: str, **fields: str) -> int:
    page = await browser.get(f"/console/desk/{number}")
    version = re.search(r'name="version" value="(\d+)"', page.text)
    assert version, page.text
    answer = await browser.post(
        f"/console/desk/{number}/send/{route}", version=version[1], **fields
    )
    return answer.status_code


async def state_of(console: Console, number: str) -> str:
    return str((await console.api.get(f"/api/tickets/{number}")).json()["state"])


async def test_the_most_urgent_draft_is_given_out_first(console: Console) -> None:
    later = await console.draft("我想咨询一下公积金怎么提取")
    urgent = await console.draft("东风路自来水管爆了，水都没到家里来了，快来人")
    agent = await console.signed_in(Role.AGENT)
    tiers = [
        (await console.api.get(f"/api/tickets/{one}")).json()["fields"]["tier"]
        for one in (later, urgent)
    ]
    order = ["2h", "24h", "3d", "5d"]
    first = later if order.index(tiers[0]) <= order.index(tiers[1]) else urgent

    answer = await agent.post("/console/desk/next")

    assert answer.headers["location"] == f"/console/desk/{first}"


async def test_two_agents_who_ask_at_once_never_get_the_same(console: Console) -> None:
    numbers = {await console.draft() for _ in range(4)}
    agents = [await console.signed_in(Role.AGENT) for _ in range(4)]

    answers = await asyncio.gather(*(agent.post("/console/desk/next") for agent in agents))

    given = {answer.headers["location"].rsplit("/", 1)[1] for answer in answers}
    assert given == numbers


async def test_a_draft_in_another_agents_hands_can_be_neither_taken_nor_sent(
    console: Console,
) -> None:
    number = await console.draft()
    one, other = await console.signed_in(Role.AGENT), await console.signed_in(Role.AGENT)
    await one.post(f"/console/desk/{number}/take")

    taken = await other.post(f"/console/desk/{number}/take")

    assert taken.status_code == 409
    assert "已被其他话务员领取" in taken.text
    fields = {"answer.answer": "已告知"}
    assert await sent(console, other, number, "answer", **fields) == 409


async def test_a_corrected_draft_is_dispatched_in_one_step(console: Console) -> None:
    number = await console.draft(HEATING)
    unit_id = await console.unit("保定市供热公司")
    agent = await console.signed_in(Role.AGENT)

    fields = {"f.place": "东风路8号院", "f.category": "供热", "f.contact": "138****5678"}
    fields |= {"dispatch.unit_id": str(unit_id), "dispatch.basis": "派单目录供热条"}
    status = await sent(console, agent, number, "dispatch", **fields)

    assert status == 303
    ticket = (await console.api.get(f"/api/tickets/{number}")).json()
    assert ticket["state"] == "dispatched"
    assert ticket["fields"]["place"] == "东风路8号院"
    assert ticket["fields"]["contact"] == "13812345678"
    assert "contact" not in ticket["authors"]


@pytest.mark.parametrize(
    ("route", "fields", "state"),
    [
        ("answer", {"answer.answer": "已当场解答"}, "answered"),
        (
            "refuse",
            {
                "refuse.clause": "12.1",
                "refuse.reason": "已进入诉讼程序",
                "refuse.told_at": "2026-01-05T10:00",
            },
            "refused",
        ),
        ("pass-on", {"pass-on.body": "容城热线", "pass-on.reason": "属雄安新区"}, "passed_on"),
        (
            "emergency",
            {"emergency.service": "119", "emergency.reason": "有人被困"},
            "emergency",
        ),
    ],
)
async def test_each_other_route_sends_the_draft_on(
    console: Console, route: str, fields: dict[str, str], state: str
) -> None:
    number = await console.draft()
    agent = await console.signed_in(Role.AGENT)

    status = await sent(console, agent, number, route, **fields)

    assert (status, await state_of(console, number)) == (303, state)


async def test_a_route_without_what_it_needs_changes_nothing_and_says_what(
    console: Console,
) -> None:
    number = await console.draft(HEATING)
    agent = await console.signed_in(Role.AGENT)
    await agent.get(f"/console/desk/{number}")

    answer = await agent.post(
        f"/console/desk/{number}/send/dispatch", version="1", **{"f.place": "别处"}
    )

    assert answer.status_code == 422
    assert "承办单位" in answer.text
    ticket = (await console.api.get(f"/api/tickets/{number}")).json()
    assert (ticket["version"], ticket["state"]) == (1, "draft")


async def test_the_deadline_is_shown_before_sending(console: Console) -> None:
    agent = await console.signed_in(Role.AGENT)

    answer = await agent.get("/console/desk/preview", params={"f.tier": "24h"})

    assert re.search(r"\d\d-\d\d \d\d:\d\d", answer.text)


@pytest.mark.parametrize("attack", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
async def test_a_script_in_any_field_is_shown_as_text(console: Console, attack: str) -> None:
    number = await console.draft(f"暖气不热{attack}")
    agent = await console.signed_in(Role.AGENT, name=attack[:60])
    fields = {f"f.{name}": attack for name in ("place", "time", "unit", "contact")}
    page = await agent.get(f"/console/desk/{number}")
    version = re.search(r'name="version" value="(\d+)"', page.text)
    assert version
    await agent.post(f"/console/desk/{number}/correct", version=version[1], **fields)

    pages = [await agent.get(one) for one in ("/console/desk", f"/console/desk/{number}")]
    pages.append(await agent.get("/console/account"))

    for one in pages:
        assert "<script>alert" not in one.text
        assert "<img" not in one.text
    assert "&lt;" in pages[1].text


async def test_nobody_else_opens_the_desk(console: Console) -> None:
    for role in (Role.UNIT_HANDLER, Role.AUDITOR, Role.ADMINISTRATOR):
        browser = await console.signed_in(role)

        answer = await browser.get("/console/desk")

        assert answer.status_code == 403
        assert "您的角色不能" in answer.text
