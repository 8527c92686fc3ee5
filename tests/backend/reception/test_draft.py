import asyncio
import re
import uuid

import httpx
from sqlalchemy import func, select

from backend.database import Database
from backend.tickets.models import Ticket
from tests.backend.story import HEATING, Story


async def ask(client: httpx.AsyncClient, story: Story, *entries: dict) -> httpx.Response:
    return await client.post(f"/api/calls/{story.call_id}/draft", json={"entries": list(entries)})


async def test_the_draft_tells_what_was_understood(client: httpx.AsyncClient) -> None:
    story = Story()

    reply = (await ask(client, story, story.opened(), story.heard())).json()

    assert re.fullmatch(r"\d{6}\d{4}", reply["number"])
    assert re.fullmatch(r"\d{4}", reply["code"])
    assert reply["read_back"] == "您反映的是莲池区裕华路的供热问题。"
    assert reply["fields"]["contact"] == "13812345678"


async def test_asking_again_gives_the_same_number_and_code(client: httpx.AsyncClient) -> None:
    story = Story()
    first = (await ask(client, story, story.heard())).json()

    again = (await ask(client, story, *story.entries)).json()

    assert (again["number"], again["code"]) == (first["number"], first["code"])
    assert again["results"][0]["status"] == "known"


async def test_eight_drafts_at_once_for_one_call_make_one_ticket(
    client: httpx.AsyncClient, database: Database
) -> None:
    story = Story()
    entries = [story.opened(), story.heard()]

    replies = await asyncio.gather(*(ask(client, story, *entries) for _ in range(8)))

    assert {reply.status_code for reply in replies} == {200}
    assert len({(reply.json()["number"], reply.json()["code"]) for reply in replies}) == 1
    assert await count(database) == 1


async def test_fifty_calls_at_once_have_fifty_numbers(
    client: httpx.AsyncClient, database: Database
) -> None:
    stories = [Story(caller=f"138{n:08d}") for n in range(50)]

    replies = await asyncio.gather(*(ask(client, one, one.heard()) for one in stories))

    assert {reply.status_code for reply in replies} == {200}
    assert len({reply.json()["number"] for reply in replies}) == 50
    assert await count(database) == 50


async def test_a_correction_said_later_brings_the_draft_up_to_date(
    client: httpx.AsyncClient,
) -> None:
    story = Story()
    first = (await ask(client, story, story.heard("暖气停了三天了"))).json()

    second = (await ask(client, story, story.heard("在莲池区裕华路"))).json()

    assert first["fields"]["district"] is None
    assert second["number"] == first["number"]
    assert second["fields"]["district"] == "莲池区"


async def test_nothing_heard_is_a_conflict_with_the_remedy(client: httpx.AsyncClient) -> None:
    story = Story()

    reply = await ask(client, story, story.opened())

    assert reply.status_code == 409
    assert reply.json()["error"] == "nothing_heard"
    assert "call.heard" in reply.json()["remedy"]


async def test_an_unknown_call_has_no_draft(client: httpx.AsyncClient) -> None:
    reply = await client.post(f"/api/calls/{uuid.uuid4()}/draft", json={})

    assert reply.status_code == 404
    assert reply.json()["field"] == "call_id"


async def test_words_still_to_come_are_promised_a_ticket_that_fills_later(
    client: httpx.AsyncClient,
) -> None:
    story = Story()

    reply = (await ask(client, story, story.pending())).json()

    assert "已经完整记录" in reply["read_back"]
    assert "category" in reply["fields"]["unsure"]


async def test_words_are_drafted_on_trial_without_being_kept(
    client: httpx.AsyncClient, database: Database
) -> None:
    reply = await client.post("/api/intake/draft", json={"text": HEATING})

    assert reply.json()["district"] == "莲池区"
    assert await count(database) == 0


async def count(database: Database) -> int:
    async with database.transaction(writes=False) as session:
        return await session.scalar(select(func.count()).select_from(Ticket)) or 0
