import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from backend.database import Database
from backend.tickets import history, service
from tests.backend.story import Story


async def drafted(client: httpx.AsyncClient) -> str:
    story = Story()
    entries = [story.opened(), story.heard()]
    reply = await client.post(f"/api/calls/{story.call_id}/draft", json={"entries": entries})
    return str(reply.json()["number"])


async def test_pages_follow_one_another_without_gap_or_overlap(client: httpx.AsyncClient) -> None:
    numbers = [await drafted(client) for _ in range(5)]
    seen: list[str] = []
    cursor: dict = {}

    while True:
        page = (await client.get("/api/tickets", params={"limit": 2, **cursor})).json()
        seen += [item["number"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}

    assert seen == numbers[::-1]


async def test_a_foreign_cursor_is_refused_with_the_remedy(client: httpx.AsyncClient) -> None:
    reply = await client.get("/api/tickets", params={"cursor": "zzz"})

    assert reply.status_code == 422
    assert reply.json()["field"] == "cursor"


async def test_contacts_are_masked_in_lists(client: httpx.AsyncClient) -> None:
    await drafted(client)

    page = (await client.get("/api/tickets")).json()

    assert page["items"][0]["fields"]["contact"] == "138****5678"


async def test_a_caller_known_only_after_the_ticket_is_its_contact_all_the_same(
    client: httpx.AsyncClient,
) -> None:
    story = Story()
    opened = story.opened()
    for entries in ([story.heard(), story.closed()], [opened]):
        await client.post("/api/journal", json={"entries": entries})

    page = (await client.get("/api/tickets")).json()

    assert page["items"][0]["fields"]["contact"] == "138****5678"


async def test_of_two_people_correcting_at_once_the_second_is_told(
    client: httpx.AsyncClient,
) -> None:
    number = await drafted(client)
    first = await client.patch(f"/api/tickets/{number}", json={"version": 1, "place": "甲"})

    second = await client.patch(f"/api/tickets/{number}", json={"version": 1, "place": "乙"})

    assert first.json()["version"] == 2
    assert second.status_code == 409
    assert second.json()["field"] == "version"


async def test_the_history_of_a_corrected_ticket_is_whole(
    client: httpx.AsyncClient, database: Database
) -> None:
    number = await drafted(client)
    await client.patch(f"/api/tickets/{number}", json={"version": 1, "place": "甲"})

    async with database.transaction() as session:
        ticket = await service.by_number(session, number)
        assert ticket
        assert await history.fault(session, ticket) is None


@pytest.mark.parametrize("table", ["ticket_events", "journal_entries"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET kind = 'x'"])
async def test_the_database_itself_refuses_to_change_what_is_only_added(
    client: httpx.AsyncClient, database: Database, table: str, change: str
) -> None:
    await drafted(client)

    with pytest.raises(DBAPIError, match="only ever added"):
        async with database.transaction() as session:
            await session.execute(text(change.format(table)))
