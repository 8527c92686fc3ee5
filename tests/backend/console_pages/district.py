"""A district for tests of pages: its units, a browser for each part, tickets on their way."""

import datetime as dt
import secrets
from dataclasses import dataclass, field
from typing import Any

import httpx

from backend.people.roles import Role
from backend.people.schemas import PersonIn
from backend.people.service import add as add_person
from backend.tickets.models import Ticket
from backend.tickets.service import by_number
from backend.units.levels import Level
from backend.units.schemas import UnitIn
from backend.units.service import add as add_unit
from tests.backend.console.desk import PASSWORD, Browser, Console

WORDS = "莲池区裕华路夜里施工噪声很大"
PARTS = {
    "agent": (Role.AGENT, None),
    "dispatcher": (Role.DISPATCHER, None),
    "supervisor": (Role.SUPERVISOR, None),
    "clerk": (Role.UNIT_HANDLER, "bureau"),
    "bureau": (Role.UNIT_LEAD, "bureau"),
    "street": (Role.UNIT_LEAD, "street"),
    "county": (Role.UNIT_LEAD, "county"),
    "auditor": (Role.AUDITOR, None),
    "keeper": (Role.ADMINISTRATOR, None),
}
"""Who works here -> role and unit."""


@dataclass
class District:
    """The console, the ids of its units, and a browser for everybody who was asked for."""

    console: Console
    units: dict[str, int] = field(default_factory=dict)
    browsers: dict[str, Browser] = field(default_factory=dict)

    async def who(self, name: str) -> Browser:
        """Return the browser of a part; it signs in when first asked for."""
        if name not in self.browsers:
            role, unit = PARTS[name]
            login = f"{name}-{secrets.token_hex(3)}"
            sent = PersonIn(
                login=login,
                name="李承办",
                roles=[role],
                unit_id=self.units[unit] if unit else None,
            )
            state = self.console.app.state
            hashed = await state.people.passwords.hash(PASSWORD)
            async with state.database.transaction() as session:
                now = dt.datetime.now(dt.UTC)
                await add_person(session, sent, hashed, must_change=False, actor="test", now=now)
            browser = self.console.browser()
            answer = await browser.sign_in(login)
            assert answer.status_code == 303, answer.text
            await browser.get("/console/account")
            self.browsers[name] = browser
        return self.browsers[name]

    async def get(self, name: str, path: str, /) -> httpx.Response:
        """Open a page as somebody."""
        return await (await self.who(name)).get(path)

    async def send(self, name: str, path: str, /, **fields: Any) -> httpx.Response:
        """Send a form as somebody."""
        return await (await self.who(name)).post(path, **fields)

    async def ticket(self, number: str) -> Ticket:
        """Return a ticket as the database has it."""
        async with self.console.app.state.database.transaction(writes=False) as session:
            found = await by_number(session, number)
            assert found
            return found

    async def act(self, name: str, number: str, what: str, /, **fields: Any) -> httpx.Response:
        """Act on a ticket by its form, at the version it has now."""
        version = (await self.ticket(number)).version
        path = f"/console/tickets/{number}/{what}?back=/console/unit/inbox"
        return await self.send(name, path, version=version, **fields)

    async def dispatched(self, words: str = WORDS, **more: Any) -> str:
        """Return the number of a ticket that the bureau has in hand, unsigned."""
        number = await self.console.draft(words)
        sent = {"unit_id": self.units["bureau"], "basis": "派单目录", "tier": "5d", **more}
        answer = await self.act("dispatcher", number, "dispatch", **sent)
        assert answer.status_code == 303, answer.text
        return number

    async def signed(self) -> str:
        """Return the number of a ticket that the bureau has signed for."""
        number = await self.dispatched()
        answer = await self.act("clerk", number, "sign")
        assert answer.status_code == 303, answer.text
        return number


def local_now(**less: float) -> str:
    """Return what a `datetime-local` field sends for now, or for a while ago."""
    now = dt.datetime.now(dt.timezone(dt.timedelta(hours=8))) - dt.timedelta(**less)
    return now.strftime("%Y-%m-%dT%H:%M")


async def open_district(console: Console) -> District:
    """Lay out the units."""
    found = District(console)
    async with console.app.state.database.transaction() as session:

        async def unit(name: str, level: Level, parent: int | None = None, **more: Any) -> int:
            sent = UnitIn(name=name, level=level, parent_id=parent, **more)
            now = dt.datetime.now(dt.UTC)
            return (await add_unit(session, sent, actor="test", now=now)).id

        city = await unit("保定市", Level.CITY)
        county = await unit("莲池区", Level.COUNTY, city, district="莲池区")
        found.units = {
            "city": city,
            "county": county,
            "bureau": await unit("莲池区城管局", Level.DEPARTMENT, county),
            "street": await unit("裕华街道", Level.TOWNSHIP, county),
        }
    return found
