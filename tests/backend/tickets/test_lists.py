"""The list of tickets: narrowed, searched, sorted, turned page by page, and exported."""

import csv
import io
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from backend.people.audit import AuditEntry
from tests.backend.dispatch.town import Town

SAID = {
    "heat": "莲池区裕华路小区的暖气停了三天了",
    "noise": "竞秀区七一路夜里施工噪声很大",
    "water": "满城区玉川路自来水停了",
    "sum": "=1+1 莲池区裕华路的路灯不亮",
}


async def make(town: Town, words: str, **given: Any) -> str:
    """Make a ticket by hand; return its number."""
    reply = await town.browsers["agent"].post("/api/tickets", json={"words": words, **given})
    assert reply.status_code == 201, reply.text
    return str(reply.json()["number"])


async def listed(town: Town, who: str = "dispatcher", **asked: Any) -> list[str]:
    """Return the numbers of a list, names of SAID where they are known."""
    reply = await town.browsers[who].get("/api/tickets", params=asked)
    assert reply.status_code == 200, reply.text
    return [str(one["number"]) for one in reply.json()["items"]]


async def filled(town: Town) -> dict[str, str]:
    """Make a ticket of each kind; return their numbers by name."""
    numbers = {name: await make(town, words) for name, words in SAID.items()}
    numbers["call"] = await town.draft("高阳县公交车不按时到站", caller="13900001111")
    return numbers


async def test_a_list_is_narrowed_by_every_property(town: Town) -> None:
    numbers = await filled(town)
    heat, noise = numbers["heat"], numbers["noise"]
    await town.dispatch(heat, "bureau", tier="24h")
    await town.dispatch(noise, "water")
    here = town.units["bureau"]

    assert await listed(town, state=["dispatched"]) == [noise, heat]
    assert await listed(town, state=["draft"], district="莲池区") == [numbers["sum"]]
    assert await listed(town, tier="24h", unit_id=here) == [heat]
    assert await listed(town, unit_id=here, without_agent=True) == []
    assert noise not in await listed(town, without_agent=True)
    assert numbers["call"] in await listed(town, without_agent=True)
    assert await listed(town, category="不存在的分类") == []
    assert await listed(town, caller="+86 139-0000-1111") == [numbers["call"]]
    assert await listed(town, emergency=True) == []
    assert len(await listed(town, emergency=False)) == len(numbers)
    assert await listed(town, made_before="2020-01-01T00:00:00+08:00") == []
    assert len(await listed(town, made_from="2020-01-01T00:00:00+08:00")) == len(numbers)
    assert await listed(town, sort="due") == [heat, noise]
    assert await listed(town, overdue=True) == []
    town.pass_time(days=2)
    assert await listed(town, overdue=True) == [heat]
    assert await listed(town, overdue=False, state="dispatched") == [noise]
    due = (await town.stands(heat))["deadline"]["due_at"]
    assert await listed(town, due_from=due, sort="due") == [heat, noise]
    assert await listed(town, due_before=due) == []


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"state": "gone"}, "state"),
        ({"q": "水"}, "q"),
        ({"colour": "red"}, "colour"),
        ({"made_from": "2020-01-01T00:00:00"}, "made_from"),
        ({"unit_id": 0}, "unit_id"),
    ],
)
async def test_what_cannot_be_meant_is_refused_by_name(
    client: httpx.AsyncClient, asked: dict, field: str
) -> None:
    reply = await client.get("/api/tickets", params=asked)

    assert reply.status_code == 422
    assert reply.json()["field"].startswith(field)


async def test_words_of_two_characters_are_found_wherever_they_stand(town: Town) -> None:
    numbers = await filled(town)
    heat, total = numbers["heat"], numbers["sum"]

    assert await listed(town, q="暖气") == [heat]
    assert await listed(town, q="裕华路") == [total, heat]
    assert await listed(town, q="裕华路 暖气") == [heat]
    assert await listed(town, q="气停了三") == [heat]
    assert await listed(town, q="气三") == []
    assert await listed(town, q=heat) == [heat]
    assert await listed(town, q=heat[:8]) == [numbers[name] for name in reversed(SAID)]
    assert await listed(town, q="50%") == await listed(town, q="__") == []
    await town.browsers["agent"].patch(
        f"/api/tickets/{total}", json={"version": 1, "place": "古莲花池"}
    )
    assert await listed(town, q="莲花池") == [total]


async def test_rare_words_are_found_by_the_index(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = await filled(town)
    monkeypatch.setattr("backend.tickets.search.READ_FIRST", 1)

    assert await listed(town, q="暖气") == [numbers["heat"]]
    assert await listed(town, q="裕华路") == [numbers["sum"], numbers["heat"]]
    assert await listed(town, q="裕华路", limit=1) == [numbers["sum"]]
    assert await listed(town, q="裕华路", sort="due") == []
    assert await listed(town, q="停了 水停") == [numbers["water"]]


@pytest.mark.parametrize("sort", ["made", "due"])
async def test_pages_stay_whole_while_tickets_come_and_go(town: Town, sort: str) -> None:
    numbers = [await make(town, SAID["noise"]) for _ in range(4)]
    for number in numbers:
        await town.dispatch(number)
    seen: list[str] = []
    cursor: dict[str, Any] = {}

    while cursor is not None:
        asked = {"limit": 2, "sort": sort, "q": "噪声", **cursor}
        page = (await town.browsers["dispatcher"].get("/api/tickets", params=asked)).json()
        seen += [one["number"] for one in page["items"]]
        cursor = {"cursor": page["next_cursor"]} if page["next_cursor"] else None
        if len(seen) == 2:
            await town.dispatch(await make(town, SAID["noise"]), tier="2h")

    assert seen == (numbers[::-1] if sort == "made" else numbers)


async def test_a_cursor_of_another_list_is_refused(town: Town) -> None:
    for _ in range(2):
        await make(town, SAID["heat"])
    browser = town.browsers["dispatcher"]
    first = await browser.get("/api/tickets", params={"limit": 1})
    cursor = first.json()["next_cursor"]

    reply = await browser.get("/api/tickets", params={"cursor": cursor, "q": "暖气"})

    assert (reply.status_code, reply.json()["field"]) == (422, "cursor")


async def test_a_unit_finds_its_own_and_nobody_by_number(town: Town) -> None:
    heat, noise = await make(town, SAID["heat"]), await make(town, SAID["noise"])
    await town.dispatch(heat, "bureau")
    await town.dispatch(noise, "water")
    probing = {"caller": "13812345678"}

    assert await listed(town, "clerk") == await listed(town, "clerk", q="暖气") == [heat]
    assert await listed(town, "clerk", q="噪声") == []
    reply = await town.browsers["clerk"].get("/api/tickets", params=probing)
    assert (reply.status_code, reply.json()["field"]) == (422, "caller")


async def test_a_unit_finds_what_is_older_than_the_tickets_read_first(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.tickets.search.READ_FIRST_OF_UNIT", 1)
    numbers = [await make(town, SAID[name]) for name in ("heat", "noise", "heat", "noise")]
    for number in numbers:
        await town.dispatch(number, "bureau")
    cursor: dict[str, Any] = {}
    found = []

    for _ in range(2):
        reply = await town.browsers["clerk"].get(
            "/api/tickets", params={"q": "暖气", "limit": 1} | cursor
        )
        found += [one["number"] for one in reply.json()["items"]]
        cursor = {"cursor": reply.json()["next_cursor"]}

    assert found == [numbers[2], numbers[0]]
    assert cursor == {"cursor": None}


async def test_a_confidential_caller_is_not_found_by_number(town: Town) -> None:
    number = await town.draft(caller="13900001111")
    await town.browsers["agent"].put(f"/api/tickets/{number}/confidential")

    assert await listed(town, caller="13900001111") == []
    assert await listed(town, "supervisor", caller="13900001111") == [number]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_an_export_is_masked_harmless_and_recorded(town: Town, form: str) -> None:
    await make(town, SAID["sum"], caller="13812345678")
    secret = await make(town, SAID["heat"], caller="13999998888")
    await town.browsers["agent"].put(f"/api/tickets/{secret}/confidential")
    asked = {"format": form, "reason": "月度分析用", "q": "裕华路"}

    refused = await town.browsers["agent"].get("/api/tickets/export", params=asked)
    reply = await town.browsers["supervisor"].get("/api/tickets/export", params=asked)

    assert (refused.status_code, reply.status_code) == (403, 200)
    assert "attachment" in reply.headers["content-disposition"]
    if form == "csv":
        table = list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"))))
    else:
        sheet = load_workbook(io.BytesIO(reply.content)).active
        table = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
        assert {cell.data_type for row in sheet for cell in row} <= {"s", "n", "inlineStr"}
    by_name = [dict(zip(table[0], row, strict=True)) for row in table[1:]]
    assert [one["联系方式"] for one in by_name] == ["保密", "138****5678"]
    assert by_name[1]["诉求内容"] == "'" + SAID["sum"]
    assert [one["保密"] for one in by_name] == ["是", "否"]
    async with town.office.database.transaction(writes=False) as session:
        entry = await session.scalar(select(AuditEntry).where(AuditEntry.act == "exported"))
        assert entry
        assert (entry.data["rows"], entry.reason) == (2, "月度分析用")


async def test_null_leaves_a_field_of_a_new_ticket_to_be_drafted(town: Town) -> None:
    number = await make(town, SAID["heat"], category=None, tier=None, kind=None)

    shown = (await town.browsers["agent"].get(f"/api/tickets/{number}")).json()
    assert shown["fields"]["category"] == "供热"
    assert shown["fields"]["tier"] is not None


async def test_a_request_sent_again_makes_one_ticket(town: Town) -> None:
    sent = {"words": SAID["heat"], "caller": "13812345678", "place": "裕华路"}
    agent, key = town.browsers["agent"], {"Idempotency-Key": "9f1c0a52-0001"}

    first = await agent.post("/api/tickets", json=sent, headers=key)
    again = await agent.post("/api/tickets", json=sent, headers=key)
    other = await agent.post("/api/tickets", json={**sent, "place": "别处"}, headers=key)
    somebody = await town.browsers["program"].post("/api/tickets", json=sent, headers=key)

    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert (other.status_code, other.json()["field"]) == (422, "Idempotency-Key")
    assert somebody.json()["number"] != first.json()["number"]
    assert len(await listed(town)) == 2
    shown = (await agent.get(f"/api/tickets/{first.json()['number']}")).json()
    assert shown["authors"] == {"place": "person"}
    assert shown["fields"]["contact"] == "138****5678"
