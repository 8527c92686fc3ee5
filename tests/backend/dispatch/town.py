"""A town for tests: units in a tree, a person for each part, and short ways to act on tickets."""

import contextlib
import datetime as dt
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from backend import law
from backend.dispatch import endpoints as handling
from backend.doors import open_doors
from backend.people.roles import Role
from backend.reception import endpoints as reception
from backend.tickets import endpoints as tickets
from backend.tickets import history
from backend.tickets.models import Ticket, TicketEvent
from backend.tickets.service import by_number
from backend.units.levels import Level
from tests.backend.people.office import CHEAP, SERVICE_TOKEN, Founded, Office, open_office
from tests.grounds import Ground

NOISE = "莲池区裕华路夜里施工噪声很大"
START = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)
"""Monday 10:00 in the city, in a week without holidays."""
WEEKS = 400 * 86_400
LASTING = CHEAP.model_copy(update={"session_idle_seconds": WEEKS, "session_longest_seconds": WEEKS})
"""Sessions that outlive the days a test lets pass."""
Json = dict[str, Any]

PEOPLE = {
    "agent": (Role.AGENT, None),
    "dispatcher": (Role.DISPATCHER, None),
    "supervisor": (Role.SUPERVISOR, None),
    "bureau": (Role.UNIT_LEAD, "bureau"),
    "clerk": (Role.UNIT_HANDLER, "bureau"),
    "street": (Role.UNIT_HANDLER, "street"),
    "water": (Role.UNIT_LEAD, "water"),
    "county": (Role.UNIT_LEAD, "county"),
    "city": (Role.UNIT_LEAD, "city"),
}
"""Who acts -> role and unit."""


@dataclass
class Town:
    """The office, the ids of its units by short name, and a browser for everybody."""

    office: Office
    units: dict[str, int] = field(default_factory=dict)
    browsers: dict[str, httpx.AsyncClient] = field(default_factory=dict)

    def pass_time(self, **much: float) -> None:
        """Set the clock forward."""
        self.office.now += dt.timedelta(**much)

    async def draft(self, words: str = NOISE, caller: str = "13812345678") -> str:
        """Take a call; return its ticket's number."""
        call = str(uuid.uuid4())
        heard = {"step": "matter", "listen_id": str(uuid.uuid4()), "text": words}
        opened = {"caller": caller, "called": "12345", "flow": "inbound"}
        await self.report(call, "call.opened", opened)
        await self.report(call, "call.heard", heard)
        reply = await self.browsers["program"].post(
            f"/api/calls/{call}/draft", json={"entries": []}
        )
        assert reply.status_code == 200, reply.text
        return str(reply.json()["number"])

    async def report(self, call: str, kind: str, data: Json) -> None:
        """Report one thing that happened in a call."""
        at = self.office.now.isoformat()
        entry = {"id": str(uuid.uuid4()), "call_id": call, "kind": kind, "at": at, "data": data}
        reply = await self.browsers["program"].post("/api/journal", json={"entries": [entry]})
        assert reply.json()["results"][0]["status"] == "accepted", reply.text

    async def stands(self, number: str, who: str = "dispatcher") -> Json:
        """Return how a ticket stands."""
        reply = await self.browsers[who].get(f"/api/tickets/{number}/handling")
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    async def try_to(self, who: str, what: str, number: str, **sent: Any) -> httpx.Response:
        """Act on a ticket at the version it has now, or at the one given."""
        if "version" not in sent:
            sent["version"] = (await self.stands(number))["version"]
        return await self.browsers[who].post(f"/api/tickets/{number}/{what}", json=sent)

    async def do(self, who: str, what: str, number: str, **sent: Any) -> Json:
        """Act on a ticket; it must succeed."""
        reply = await self.try_to(who, what, number, **sent)
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    async def dispatch(self, number: str, unit: str = "bureau", **more: Any) -> Json:
        """Dispatch a ticket in five working days, unless told otherwise."""
        sent = {"unit_id": self.units[unit], "basis": "派单目录：噪声", "tier": "5d", **more}
        return await self.do("agent", "dispatch", number, **sent)

    async def signed(self, **more: Any) -> str:
        """Return the number of a ticket that the bureau has signed for."""
        number = await self.draft()
        await self.dispatch(number, **more)
        await self.do("clerk", "sign", number)
        return number

    async def replied(self) -> str:
        """Return the number of a ticket that the bureau has replied to."""
        number = await self.signed()
        await self.do("clerk", "reply", number, **self.reply())
        return number

    def reply(self) -> Json:
        """Return a reply that was told to the caller now."""
        return {"result": "已责令夜间停工", "caller_told_at": self.office.now.isoformat()}

    def extension(self, **more: Any) -> Json:
        """Return an application for five working days more."""
        told = self.office.now.isoformat()
        asked = {"working_days": 5, "reason": "需要检测机构鉴定", "progress": "已现场测量"}
        return {**asked, "caller_told_at": told, **more}

    async def ticket(self, number: str) -> Ticket:
        """Return a ticket as the database has it."""
        async with self.office.database.transaction(writes=False) as session:
            found = await by_number(session, number)
            assert found
            return found

    async def events(self, number: str) -> list[TicketEvent]:
        """Return a ticket's events, after proving that none is missing or changed."""
        async with self.office.database.transaction(writes=False) as session:
            found = await by_number(session, number)
            assert found
            assert await history.fault(session, found) is None
            return await history.events_of(session, found)

    async def last_event(self, number: str) -> Json:
        """Return what the newest event tells."""
        return (await self.events(number))[-1].data


@contextlib.asynccontextmanager
async def open_town(ground: Ground) -> AsyncIterator[Town]:
    """Open a town on a database of its own."""
    url, founded = await ground.filled("town", found)
    async with open_office(url, LASTING) as office, contextlib.AsyncExitStack() as stack:
        office.now = START
        open_doors(office.app, (reception.router, tickets.router, handling.router, *law.ROUTERS))
        town = Town(office, founded.units)
        for name, token in {**founded.tokens, "program": SERVICE_TOKEN}.items():
            town.browsers[name] = await stack.enter_async_context(office.client(token))
        yield town


async def found(url: str) -> Founded:
    """Fill an empty database with units and with people who are signed in."""
    async with open_office(url, LASTING) as office:
        office.now = START
        city = await office.unit("保定市", Level.CITY)
        county = await office.unit("莲池区", Level.COUNTY, city, district="莲池区")
        units = {
            "city": city,
            "county": county,
            "bureau": await office.unit("莲池区城管局", Level.DEPARTMENT, county),
            "street": await office.unit("裕华街道", Level.TOWNSHIP, county),
            "water": await office.unit("市供水总公司", Level.UTILITY, city),
        }
        return await office.all_signed_in(PEOPLE, units)
