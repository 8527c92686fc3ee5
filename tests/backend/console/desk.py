"""A console for tests: the real application, people of each role, their browsers."""

import datetime as dt
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI

from backend.main import create_app
from backend.people.roles import UNIT_ROLES, Role
from backend.people.schemas import PersonIn
from backend.people.service import add as add_person
from backend.settings import Settings
from backend.units.levels import Level
from backend.units.schemas import UnitIn
from backend.units.service import add as add_unit
from tests.backend.conftest import TOKEN
from tests.backend.story import Story

PASSWORD = "correct horse battery"
_TOKEN = re.compile(r'name="form_token" value="([0-9a-f]{64})"')


def token_in(page: str) -> str:
    """The form token that stands in a page."""
    found = _TOKEN.search(page)
    assert found, page[:500]
    return found[1]


@dataclass
class Browser:
    """One person's browser: cookies, and the form token of the last page."""

    http: httpx.AsyncClient
    token: str = ""

    async def get(self, path: str, **more: Any) -> httpx.Response:
        answer = await self.http.get(path, **more)
        if "form_token" in answer.text:
            self.token = token_in(answer.text)
        return answer

    async def post(self, path: str, **fields: Any) -> httpx.Response:
        return await self.http.post(path, data={"form_token": self.token, **fields})

    async def sign_in(self, login: str, password: str = PASSWORD) -> httpx.Response:
        await self.get("/console/sign-in")
        return await self.post("/console/sign-in", login=login, password=password)


@dataclass
class Console:
    """The application and short ways to fill it."""

    app: FastAPI
    api: httpx.AsyncClient
    """Carries the service token."""

    def browser(self) -> Browser:
        transport = httpx.ASGITransport(self.app, client=("192.0.2.1", 5000))
        return Browser(httpx.AsyncClient(transport=transport, base_url="https://hotline.test"))

    async def unit(self, name: str = "莲池区供热公司") -> int:
        async with self.app.state.database.transaction() as session:
            sent = UnitIn(name=name, level=Level.CITY)
            now = dt.datetime.now(dt.UTC)
            return (await add_unit(session, sent, actor="test", now=now)).id

    async def person(self, *roles: Role, name: str = "王小明") -> str:
        """Add a person of these roles; return the login."""
        login = f"{roles[0].value.replace('_', '-')}-{secrets.token_hex(4)}"
        unit_id = await self.unit(f"单位{login}") if set(roles) & UNIT_ROLES else None
        sent = PersonIn(login=login, name=name, roles=list(roles), unit_id=unit_id)
        hashed = await self.app.state.people.passwords.hash(PASSWORD)
        async with self.app.state.database.transaction() as session:
            now = dt.datetime.now(dt.UTC)
            await add_person(session, sent, hashed, must_change=False, actor="test", now=now)
        return login

    async def signed_in(self, *roles: Role, name: str = "王小明") -> Browser:
        browser = self.browser()
        answer = await browser.sign_in(await self.person(*roles, name=name))
        assert answer.status_code == 303, answer.text
        await browser.get("/console/account")
        return browser

    async def draft(self, words: str = "莲池区东风路暖气不热，三天了") -> str:
        """A closed call of a citizen that left a draft; return the ticket's number."""
        story = Story()
        story.opened()
        story.heard(words)
        story.closed()
        answer = await self.api.post("/api/journal", json={"entries": story.entries})
        assert answer.status_code == 200, answer.text
        found = (await self.api.get(f"/api/calls/{story.call_id}")).json()
        return str(found["ticket"]["number"])


@asynccontextmanager
async def open_console(settings: Settings) -> AsyncIterator[Console]:
    """Start the real application."""
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://backend", headers=headers
        ) as api:
            yield Console(app, api)
