import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from backend.doors import open_doors
from backend.knowledge import endpoints
from backend.people.roles import Role
from backend.units.levels import Level
from tests.backend.people.office import Office

HEATING = {"title": "暖气不热怎么报修", "body": "先拨打供热公司电话。", "keywords": "供热，温度"}


@dataclass
class Library:
    office: Office
    heat: int
    writer: httpx.AsyncClient
    lead: httpx.AsyncClient
    agent: httpx.AsyncClient
    stranger: httpx.AsyncClient

    async def written(self, **more: Any) -> int:
        reply = await self.writer.post("/api/knowledge", json={**HEATING, **more})
        assert reply.status_code == 201, reply.text
        return int(reply.json()["id"])

    async def approved(self, **more: Any) -> int:
        article = await self.written(**more)
        await self.decide(self.lead, "approve", article)
        return article

    async def decide(
        self, who: httpx.AsyncClient, what: str, article: int, version: int = 1
    ) -> httpx.Response:
        sent = {"version": version, "reason": "内容属实"}
        return await who.post(f"/api/knowledge/{article}/{what}", json=sent)

    async def found(self, words: str) -> list[str]:
        reply = await self.agent.get("/api/knowledge", params={"q": words})
        assert reply.status_code == 200, reply.text
        return [one["title"] for one in reply.json()]


@pytest.fixture
async def library(office: Office) -> AsyncIterator[Library]:
    open_doors(office.app, (endpoints.router,))
    city = await office.unit("保定市", Level.CITY)
    heat = await office.unit("供热公司", Level.UTILITY, city)
    bus = await office.unit("公交公司", Level.UTILITY, city)
    parts = [(Role.UNIT_HANDLER, heat), (Role.UNIT_LEAD, heat), (Role.AGENT, None)]
    async with contextlib.AsyncExitStack() as stack:
        browsers = [
            await stack.enter_async_context(await office.as_role(role, unit))
            for role, unit in [*parts, (Role.UNIT_LEAD, bus)]
        ]
        yield Library(office, heat, *browsers)


async def test_an_article_is_found_once_somebody_else_approved_it(library: Library) -> None:
    article = await library.written()
    before = await library.found("暖气不热")
    await library.decide(library.lead, "approve", article)

    assert before == []
    assert await library.found("家里的暖气一直不热怎么办") == ["暖气不热怎么报修"]
    assert await library.found("公交") == []


async def test_nobody_approves_what_they_wrote(library: Library) -> None:
    reply = await library.lead.post("/api/knowledge", json=HEATING)
    own = await library.decide(library.lead, "approve", reply.json()["id"])
    by_writer = await library.decide(library.writer, "approve", reply.json()["id"])

    assert (own.status_code, own.json()["error"]) == (403, "own_text")
    assert by_writer.status_code == 403


async def test_the_old_text_is_found_until_the_new_one_is_approved(library: Library) -> None:
    article = await library.approved()
    changed = {**HEATING, "title": "暖气报修新流程", "version": 1}
    await library.writer.put(f"/api/knowledge/{article}", json=changed)
    meanwhile = await library.found("暖气")
    await library.decide(library.lead, "approve", article, version=2)

    assert meanwhile == ["暖气不热怎么报修"]
    assert await library.found("暖气") == ["暖气报修新流程"]
    whole = (await library.lead.get(f"/api/knowledge/{article}")).json()
    assert [one["approved"] for one in whole["revisions"]] == [True, True]


async def test_a_refused_text_and_an_old_version_are_told(library: Library) -> None:
    article = await library.written()
    await library.decide(library.lead, "refuse", article)
    again = await library.decide(library.lead, "approve", article)
    stale = await library.decide(library.lead, "approve", article, version=7)

    assert (again.status_code, again.json()["error"]) == (409, "nothing_waits")
    assert (stale.status_code, stale.json()["field"]) == (409, "version")


async def test_another_unit_sees_an_article_only_once_it_is_approved(library: Library) -> None:
    article = await library.written()
    hidden = await library.stranger.get(f"/api/knowledge/{article}")
    await library.decide(library.lead, "approve", article)
    shown = await library.stranger.get(f"/api/knowledge/{article}")
    touched = await library.decide(library.stranger, "withdraw", article)

    assert (hidden.status_code, touched.status_code) == (404, 404)
    assert (shown.status_code, shown.json()["revisions"]) == (200, [])


async def test_what_is_withdrawn_or_out_of_date_is_not_found(library: Library) -> None:
    article = await library.approved()
    await library.approved(title="暖气收费标准", good_until="2026-11-20")
    await library.decide(library.lead, "withdraw", article)

    assert await library.found("暖气") == []


async def test_uses_are_counted(library: Library) -> None:
    article = await library.approved()

    reply = await library.agent.post(f"/api/knowledge/{article}/used")

    assert reply.status_code == 204
    assert (await library.agent.get(f"/api/knowledge/{article}")).json()["uses"] == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"title": " "}, "title"), ({"body": ""}, "body"), ({"category": "无此类"}, "category")],
)
async def test_a_wrong_field_is_named(library: Library, wrong: dict[str, str], field: str) -> None:
    reply = await library.writer.post("/api/knowledge", json={**HEATING, **wrong})

    assert (reply.status_code, reply.json()["field"]) == (422, field)


async def test_a_percent_sign_is_looked_for_as_it_stands(library: Library) -> None:
    await library.approved()

    assert await library.found("%") == []
    assert len(await library.found("")) == 1
