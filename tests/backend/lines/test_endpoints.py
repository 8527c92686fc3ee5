"""The agent's button: a service joins the talk, or the reason why it cannot is told."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.backend.lines.exchange import FakeExchange, exchange
from tests.backend.story import Story


@pytest.fixture
async def lines(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeExchange]:
    async with exchange() as opened:
        monkeypatch.setenv("HOTLINE_AMI_PORT", str(opened.port))
        monkeypatch.setenv("HOTLINE_AMI_SECRET", "x")
        yield opened


async def live_call(client: httpx.AsyncClient, *, over: bool = False) -> str:
    story = Story()
    story.opened(channel="PJSIP/trunk-1")
    story.heard()
    if over:
        story.closed("transferred_agent")
    await client.post("/api/journal", json={"entries": story.entries})
    return story.call_id


async def press(client: httpx.AsyncClient, call_id: str, service: str = "120") -> httpx.Response:
    return await client.post(f"/api/calls/{call_id}/emergency", json={"service": service})


async def test_the_service_joins_a_talk(client: httpx.AsyncClient, lines: FakeExchange) -> None:
    lines.channels = {"PJSIP/trunk-1": "PJSIP/trunk-2"}
    call_id = await live_call(client)

    answer = await press(client, call_id)

    assert (answer.status_code, answer.json()) == (202, {"service": "120", "joins": True})
    (asked,) = lines.actions("Originate")
    assert asked["Channel"] == "Local/120@join-service/n"
    assert (asked["Application"], asked["Data"]) == ("BridgeAdd", "PJSIP/trunk-1")
    assert asked["Variable"].splitlines() == [
        f"__HOTLINE_CALL_ID={call_id}",
        "__HOTLINE_CITIZEN=13812345678",
    ]
    call = (await client.get(f"/api/calls/{call_id}")).json()
    assert (call["emergency"]["service"], call["emergency"]["source"]) == ("120", "agent")
    assert call["ticket"]["kind"] == "紧急"


async def test_a_caller_who_talks_with_nobody_is_sent_to_the_service(
    client: httpx.AsyncClient, lines: FakeExchange
) -> None:
    lines.channels = {"PJSIP/trunk-1": ""}

    answer = await press(client, await live_call(client), "119")

    assert answer.json()["joins"] is False
    (moved,) = lines.actions("Redirect")
    assert (moved["Channel"], moved["Context"], moved["Exten"]) == (
        "PJSIP/trunk-1",
        "emergency",
        "119",
    )


@pytest.mark.parametrize("over", [True, False])
async def test_a_caller_who_has_left_cannot_be_joined(
    client: httpx.AsyncClient, lines: FakeExchange, over: bool
) -> None:
    call_id = await live_call(client, over=over)

    answer = await press(client, call_id)

    assert answer.status_code == 409
    assert answer.json()["error"] == "not_on_the_line"
    assert (await client.get(f"/api/calls/{call_id}")).json()["emergency"] is None


async def test_without_call_control_the_agent_is_told_what_to_do(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTLINE_AMI_PORT", "9")
    call_id = await live_call(client)

    answer = await press(client, call_id)

    assert answer.status_code == 503
    assert "ring 120" in answer.json()["remedy"]


@pytest.mark.parametrize("body", [{}, {"service": "911"}, {"service": 120}])
async def test_only_a_known_service_is_rung(
    client: httpx.AsyncClient, lines: FakeExchange, body: dict[str, object]
) -> None:
    answer = await client.post(f"/api/calls/{await live_call(client)}/emergency", json=body)

    assert answer.status_code == 422
    assert lines.asked == []


async def test_an_unknown_call_is_not_found(client: httpx.AsyncClient, lines: FakeExchange) -> None:
    assert (await press(client, str(uuid.uuid4()))).status_code == 404
