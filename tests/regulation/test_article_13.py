"""第十三条: 诉求人有权要求对个人信息保密，有权知悉办理进度。

评价办理质量的权利由回访承担；不受打击报复的保障体现为承办单位看不到保密诉求人。
"""

import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from backend.people.callers import CONFIDENTIAL, shown
from backend.people.rights import TABLE, Right
from backend.people.roles import UNIT_ROLES, Role
from backend.reception import endpoints as reception
from backend.tickets import endpoints as tickets
from tests.backend.people.office import SERVICE_TOKEN, Office, open_office
from tests.grounds import Ground

NUMBER = "13812345678"
WHY = {"reason": "回访核实地址"}


@pytest.fixture
async def office(ground: Ground) -> AsyncIterator[Office]:
    async with open_office(ground()) as opened:
        for router in (reception.router, tickets.router):
            opened.app.include_router(router)
        yield opened


def entry(call: str, kind: str, **data: Any) -> dict[str, Any]:
    at = datetime(2026, 11, 23, 9, tzinfo=UTC).isoformat()
    return {"id": str(uuid.uuid4()), "call_id": call, "kind": kind, "at": at, "data": data}


async def take_a_call(program: httpx.AsyncClient) -> dict[str, Any]:
    call = str(uuid.uuid4())
    entries = [
        entry(call, "call.opened", caller=NUMBER, called="12345", flow="inbound"),
        entry(
            call,
            "call.heard",
            step="matter",
            listen_id=str(uuid.uuid4()),
            text=f"莲池区裕华路暖气停了三天，我的电话是{NUMBER}",
        ),
    ]
    answer = await program.post(f"/api/calls/{call}/draft", json={"entries": entries})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.fixture
async def ticket(office: Office) -> dict[str, Any]:
    async with office.client(SERVICE_TOKEN) as program:
        return await take_a_call(program)


async def test_a_number_stands_in_no_list(office: Office, ticket: dict[str, Any]) -> None:
    async with office.client(SERVICE_TOKEN) as program:
        listed = await program.get("/api/tickets")

    assert ticket["number"] in listed.text
    assert NUMBER not in listed.text


async def test_an_agent_who_says_why_is_given_the_number(
    office: Office, ticket: dict[str, Any]
) -> None:
    address = f"/api/tickets/{ticket['number']}/contact"
    async with await office.as_role(Role.AGENT) as agent:
        without = await agent.post(address, json={"reason": " "})
        given = await agent.post(address, json=WHY)

    assert (without.status_code, without.json()["field"]) == (422, "reason")
    assert given.json()["contact"] == given.json()["caller"] == NUMBER


async def test_a_caller_who_asks_for_confidentiality_is_kept_back_from_all_but_a_supervisor(
    office: Office, ticket: dict[str, Any]
) -> None:
    address = f"/api/tickets/{ticket['number']}"
    async with await office.as_role(Role.AGENT) as agent:
        for _ in range(2):
            kept = await agent.put(f"{address}/confidential")
            assert kept.json() == {"number": ticket["number"], "confidential": True}
        refused = await agent.post(f"{address}/contact", json=WHY)
    async with await office.as_role(Role.SUPERVISOR) as supervisor:
        given = await supervisor.post(f"{address}/contact", json=WHY)

    assert refused.status_code == 403
    assert NUMBER not in refused.text
    assert given.json()["contact"] == NUMBER


def test_a_handling_unit_never_learns_who_a_confidential_caller_is() -> None:
    assert not TABLE[Right.LOOK_AT_CONFIDENTIAL].roles & UNIT_ROLES


def test_lists_exports_events_and_logs_of_a_confidential_caller_hold_nothing_personal() -> None:
    facts = {
        "contact": NUMBER,
        "caller_name": "王小明",
        "events": [{"data": {"caller": NUMBER, "words": f"请打{NUMBER}"}}],
    }

    told = shown(facts, confidential=True)

    assert told["contact"] == told["caller_name"] == CONFIDENTIAL
    assert NUMBER not in repr(told)
    assert "王小明" not in repr(told)


async def test_the_caller_learns_the_progress_with_the_code_of_the_ticket(
    office: Office, ticket: dict[str, Any]
) -> None:
    async with office.client(SERVICE_TOKEN) as program:
        question = {"caller": NUMBER, "code": ticket["code"]}
        answer = (await program.post("/api/progress", json=question)).json()

    assert (answer["found"], answer["number"]) == (True, ticket["number"])
    assert answer["verified"]


async def test_a_ticket_number_alone_tells_how_far_it_is_and_nothing_personal(
    office: Office, ticket: dict[str, Any]
) -> None:
    async with office.client(SERVICE_TOKEN) as program:
        answer = await program.post("/api/progress", json={"number": ticket["number"]})

    assert answer.json()["found"]
    assert not answer.json()["verified"]
    assert all(word not in answer.text for word in (NUMBER, "裕华路", "暖气"))


async def test_the_number_somebody_calls_from_proves_nothing(
    office: Office, ticket: dict[str, Any]
) -> None:
    wrong = f"{(int(ticket['code']) + 1) % 10_000:04d}"
    async with office.client(SERVICE_TOKEN) as program:
        question = {"caller": NUMBER, "code": wrong}
        answer = (await program.post("/api/progress", json=question)).json()

    assert not answer["found"]
    assert answer["number"] is None
