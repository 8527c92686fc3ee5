"""第二十七条: 按照档案管理要求建立接诉即办工作档案，归档内容应当真实、准确、完整。"""

import datetime as dt
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from backend.archive import keeping, retention
from backend.archive.verifying import verify
from backend.people.audit import AuditEntry
from backend.tickets.models import Ticket, TicketEvent
from backend.tickets.moving import replay
from tests.backend.archive.store import Store, open_store
from tests.backend.dispatch.town import Town
from tests.grounds import Ground

AFTERWARDS = dt.timedelta(days=1)
THREE_YEARS_LATER = dt.timedelta(days=3 * 366)


@pytest.fixture
async def store(ground: Ground, tmp_path: Path) -> AsyncIterator[Store]:
    async with open_store(ground, tmp_path) as opened:
        yield opened


async def closed(town: Town) -> str:
    number = await town.replied()
    await town.do("agent", "accept-reply", number)
    await town.do("agent", "close", number, callback="satisfied")
    return number


async def archived(store: Store) -> tuple[str, str]:
    call, number = await store.call()
    at = dt.datetime.now(dt.UTC) + AFTERWARDS
    assert await keeping.archive(store.town.office.database, store.shelf, uuid.UUID(call), at)
    return call, number


async def faults(store: Store) -> list[str]:
    return [str(one) for one in (await verify(store.town.office.database, store.shelf)).faults]


async def test_the_archive_tells_every_step_truly_and_leads_to_where_the_ticket_stands(
    store: Store,
) -> None:
    number = await closed(store.town)

    events, ticket = await store.town.events(number), await store.town.ticket(number)

    moves = [one for one in events if one.kind == "moved"]
    assert [one.data["move"] for one in moves] == [
        "dispatch",
        "sign",
        "reply",
        "accept_reply",
        "close",
    ]
    assert all(one.data["article"] and one.actor and one.at for one in moves)
    assert [one.seq for one in events] == list(range(1, len(events) + 1))
    assert replay(events) == (ticket.state, ticket.deadline)
    assert await faults(store) == []


async def test_nobody_changes_or_removes_what_was_archived(store: Store) -> None:
    number = await closed(store.town)
    ticket = await store.town.ticket(number)

    for statement in (
        update(TicketEvent).where(TicketEvent.ticket_id == ticket.id).values(actor="nobody"),
        update(AuditEntry).values(actor="nobody"),
        text("DELETE FROM ticket_events"),
        text("DELETE FROM audit_entries"),
    ):
        with pytest.raises(DBAPIError, match="only ever added"):
            async with store.town.office.database.transaction() as session:
                await session.execute(statement)

    assert len(await store.town.events(number)) == ticket.events_count


async def test_what_is_no_longer_true_accurate_or_complete_is_named(store: Store) -> None:
    call, number = await archived(store)
    sealed = next(store.shelf.vault.directory.rglob("*.sealed"))
    sealed.unlink()
    async with store.town.office.database.transaction() as session:
        await session.execute(
            update(Ticket).where(Ticket.number == number).values(words="没有人来过电话")
        )

    found = await faults(store)

    assert f"ticket {number}: words or fields: they are not those its history tells" in found
    assert any(one.startswith("file ") and sealed.name in one for one in found)
    assert len(found) == 2
    assert call


async def test_recordings_are_kept_for_their_time_and_longer_where_it_is_ordered(
    store: Store,
) -> None:
    held, _ = await archived(store)
    usual, _ = await archived(store)
    order = {"subject": f"call:{held}", "reason": "诉求人申请行政复议"}
    placed = await store.town.browsers["supervisor"].post("/api/legal-holds", json=order)
    database, now = store.town.office.database, dt.datetime.now(dt.UTC)

    before = await retention.remove_old(database, store.shelf, now + AFTERWARDS)
    after = await retention.remove_old(database, store.shelf, now + THREE_YEARS_LATER)

    assert placed.status_code == 201
    assert (before, after) == (0, 3)
    for call, status in ((held, 200), (usual, 404)):
        url, why = f"/api/recordings/{call}/listening", {"reason": "核对诉求人说的地址"}
        reply = await store.town.browsers["supervisor"].post(url, json=why)
        assert reply.status_code == status
    assert await faults(store) == []
