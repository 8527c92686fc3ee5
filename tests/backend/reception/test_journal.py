import uuid

import httpx

from tests.backend.story import HEATING, Story


async def send(client: httpx.AsyncClient, *entries: dict) -> list[str]:
    reply = await client.post("/api/journal", json={"entries": list(entries)})
    assert reply.status_code == 200, reply.text
    return [result["status"] for result in reply.json()["results"]]


async def test_an_entry_sent_twice_is_kept_once(client: httpx.AsyncClient) -> None:
    story = Story()
    entry = story.heard()

    first, second = await send(client, entry), await send(client, entry, entry)

    assert first == ["accepted"]
    assert second == ["known", "known"]
    shown = (await client.get(f"/api/calls/{story.call_id}")).json()
    assert [one["text"] for one in shown["utterances"]] == [HEATING]


async def test_a_wrong_entry_is_rejected_alone_and_named(client: httpx.AsyncClient) -> None:
    story = Story()
    wrong = story.closed("went well")

    reply = await client.post("/api/journal", json={"entries": [story.heard(), wrong]})

    good, bad = reply.json()["results"]
    assert good["status"] == "accepted"
    assert bad["status"] == "rejected"
    assert bad["error"].startswith("data.outcome:")


async def test_a_time_without_a_zone_is_rejected_with_the_remedy(client: httpx.AsyncClient) -> None:
    entry = Story().heard() | {"at": "2026-11-23T10:00:00"}

    reply = await client.post("/api/journal", json={"entries": [entry]})

    assert "zone" in reply.json()["results"][0]["error"]


async def test_a_closed_call_with_words_has_a_ticket(client: httpx.AsyncClient) -> None:
    story = Story()

    await send(client, story.opened(), story.heard(), story.closed("hung_up"))

    ticket = (await client.get(f"/api/calls/{story.call_id}")).json()["ticket"]
    assert ticket["fields"]["district"] == "莲池区"
    assert ticket["fields"]["category"] == "供热"
    assert ticket["state"] == "draft"


async def test_a_silent_call_has_no_ticket_and_is_to_be_called_back(
    client: httpx.AsyncClient,
) -> None:
    story = Story()

    await send(client, story.opened(), story.closed("hung_up"))

    shown = (await client.get(f"/api/calls/{story.call_id}")).json()
    assert shown["ticket"] is None
    assert shown["needs_call_back"] is True
    assert shown["outcome"] == "hung_up"


async def test_an_answer_that_only_steers_the_call_makes_no_ticket(
    client: httpx.AsyncClient,
) -> None:
    story = Story()
    yes = story.heard("是的", step="confirm", profile="yes_no")

    await send(client, story.opened(), yes, story.closed())

    shown = (await client.get(f"/api/calls/{story.call_id}")).json()
    assert shown["ticket"] is None
    assert shown["transcript"] == ""


async def test_an_emergency_always_has_a_ticket_of_its_own_kind(client: httpx.AsyncClient) -> None:
    story = Story()

    await send(client, story.opened(), story.emergency("no_answer", "answered"))

    shown = (await client.get(f"/api/calls/{story.call_id}")).json()
    assert shown["ticket"]["kind"] == "紧急"
    emergency = shown["ticket"]["emergency"]
    assert emergency.pop("handover") == "reached"
    assert emergency == {"services": ["119"], "attempts": 2, "answered": False}
    assert [one["result"] for one in shown["emergency"]["attempts"]] == ["no_answer", "answered"]


async def test_a_draft_becomes_an_emergency_when_danger_is_heard_later(
    client: httpx.AsyncClient,
) -> None:
    story = Story()
    await send(client, story.opened(), story.heard())
    before = await client.post(f"/api/calls/{story.call_id}/draft", json={"entries": []})

    await send(client, story.emergency("answered"), story.closed("transferred_emergency"))

    ticket = (await client.get(f"/api/calls/{story.call_id}")).json()["ticket"]
    assert ticket["number"] == before.json()["number"]
    assert [event["kind"] for event in ticket["events"]] == ["drafted", "raised"]


async def test_later_tries_of_an_emergency_are_noted_on_its_ticket(
    client: httpx.AsyncClient,
) -> None:
    story = Story()
    await send(client, story.emergency("busy"))

    await send(client, story.emergency("busy", "answered", answered_at=1795400000.5))

    ticket = (await client.get(f"/api/calls/{story.call_id}")).json()["ticket"]
    assert ticket["emergency"]["attempts"] == 2
    assert [event["kind"] for event in ticket["events"]] == ["drafted", "raised", "attempted"]


async def test_a_call_is_found_by_the_call_id_of_the_other_side(client: httpx.AsyncClient) -> None:
    story = Story()
    await send(client, story.opened(sip_call_id="77@exchange"))

    found = await client.get("/api/calls", params={"sip_call_id": "77@exchange"})
    missing = await client.get("/api/calls", params={"sip_call_id": "78@exchange"})

    assert found.json()["call_id"] == story.call_id
    assert missing.status_code == 404
    assert missing.json()["field"] == "sip_call_id"


async def test_hostile_names_and_words_are_kept_as_text(client: httpx.AsyncClient) -> None:
    story = Story()
    name = "'\"; DROP TABLE calls; -- \n\x00\ud800 ${SHELL(id)}" + "长" * 100

    content = httpx.Request("POST", "http://x", json={"entries": [story.opened(caller_name="X")]})
    body = content.content.replace(b'"X"', ascii_json(name))
    reply = await client.post(
        "/api/journal", content=body, headers={"Content-Type": "application/json"}
    )
    said = name.replace("\ud800", "")
    await send(client, story.heard(said, words=[{"word": said}]), story.closed())

    assert reply.json()["results"][0]["status"] == "accepted"
    shown = (await client.get(f"/api/calls/{story.call_id}")).json()
    assert "DROP TABLE" in shown["ticket"]["words"]


def ascii_json(text: str) -> bytes:
    import json  # noqa: PLC0415

    return json.dumps(text).encode()


async def test_the_callers_number_lies_sealed_in_the_database(
    client: httpx.AsyncClient, settings
) -> None:
    from sqlalchemy import text  # noqa: PLC0415

    from backend.database import Database  # noqa: PLC0415

    story = Story(caller="13911112222")
    said = "我的电话是13911112222，暖气不热"
    await send(client, story.opened(), story.heard(said), story.closed())

    database = Database(settings.database_url)
    tables = ("calls", "journal_entries", "utterances", "tickets", "ticket_events", "jobs")
    async with database.transaction(writes=False) as session:
        for table in tables:
            rows = (await session.execute(text(f"SELECT * FROM {table}"))).all()
            assert "13911112222" not in repr(rows), table
    await database.close()


async def test_without_the_token_nothing_is_taken(client: httpx.AsyncClient) -> None:
    reply = await client.post("/api/journal", json={"entries": []}, headers={"Authorization": "x"})

    assert reply.status_code == 401
    assert "HOTLINE_SERVICE_TOKEN" in reply.json()["remedy"]


async def test_an_unknown_call_is_named_as_unknown(client: httpx.AsyncClient) -> None:
    reply = await client.get(f"/api/calls/{uuid.uuid4()}")

    assert reply.status_code == 404
    assert reply.json()["error"] == "no_such_call"
