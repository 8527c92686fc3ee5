"""An office for tests: an application of its own with people, units and a clock that can be set."""

import contextlib
import datetime as dt
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from cryptography.fernet import Fernet
from fastapi import FastAPI

from backend import errors
from backend.database import Database
from backend.people import web
from backend.people.passwords import Hasher, Passwords
from backend.people.roles import Role
from backend.people.schemas import PersonIn
from backend.people.service import add as add_person
from backend.people.settings import PeopleSettings
from backend.privacy import Seal
from backend.settings import Settings
from backend.units.levels import Level
from backend.units.schemas import UnitIn
from backend.units.service import add as add_unit

PASSWORD = "correct horse battery"
START = dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)
SERVICE_TOKEN = "a-service-token-for-tests"
CHEAP = PeopleSettings(
    hash_time_cost=1, hash_memory_kib=8, hash_parallelism=1, lock_after=3, lock_after_from_address=8
)


@dataclass(frozen=True)
class Founded:
    """What a place has from the beginning: units by short name, and everybody's token."""

    units: dict[str, int]
    tokens: dict[str, str]


@dataclass
class Office:
    """The application, its clock, and short ways to fill it."""

    app: FastAPI
    database: Database
    settings: PeopleSettings
    now: dt.datetime = START

    def client(self, token: str | None = None, address: str = "192.0.2.1") -> httpx.AsyncClient:
        """Return a browser of its own, with a token or signed in by nobody."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        transport = httpx.ASGITransport(self.app, client=(address, 5000))
        return httpx.AsyncClient(
            transport=transport, base_url="https://hotline.test", headers=headers
        )

    def pass_time(self, seconds: float) -> None:
        """Set the clock forward."""
        self.now += dt.timedelta(seconds=seconds)

    async def person(
        self, login: str, *roles: Role, unit_id: int | None = None, must_change: bool = False
    ) -> int:
        """Add a person with the usual password; return the id."""
        sent = PersonIn(login=login, name="王小明", roles=list(roles), unit_id=unit_id)
        desk = self.app.state.people
        hashed = await desk.passwords.hash(PASSWORD)
        async with self.database.transaction() as session:
            person = await add_person(
                session, sent, hashed, must_change=must_change, actor="test", now=self.now
            )
        return person.id

    async def all_signed_in(
        self, people: Mapping[str, tuple[Role, str | None]], units: dict[str, int]
    ) -> Founded:
        """Add people, each with a role and the short name of a unit, and sign them in."""
        tokens = {}
        for name, (role, unit) in people.items():
            await self.person(name, role, unit_id=units[unit] if unit else None)
            tokens[name] = await self.token(name)
        return Founded(units, tokens)

    async def unit(self, name: str, level: Level, parent_id: int | None = None, **more: Any) -> int:
        """Add a unit; return the id."""
        sent = UnitIn(name=name, level=level, parent_id=parent_id, **more)
        async with self.database.transaction() as session:
            return (await add_unit(session, sent, actor="test", now=self.now)).id

    async def try_sign_in(
        self, login: str, password: str = PASSWORD, address: str = "192.0.2.1"
    ) -> httpx.Response:
        """Send login and password."""
        async with self.client(address=address) as browser:
            body = {"login": login, "password": password}
            return await browser.post("/api/sessions", json=body)

    async def token(self, login: str) -> str:
        """Sign in and return the session's token."""
        answer = await self.try_sign_in(login)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["token"])

    async def as_person(self, login: str) -> httpx.AsyncClient:
        """Return a browser in which a person is signed in by token."""
        return self.client(await self.token(login))

    async def as_role(self, role: Role, unit_id: int | None = None) -> httpx.AsyncClient:
        """Add a person of a role and return their browser."""
        login = f"{role.value.replace('_', '-')}-{secrets.token_hex(3)}"
        await self.person(login, role, unit_id=unit_id)
        return await self.as_person(login)


@contextlib.asynccontextmanager
async def open_office(
    url: str, settings: PeopleSettings = CHEAP, hasher: Hasher | None = None
) -> AsyncIterator[Office]:
    """Open an office on a migrated database."""
    app, database = FastAPI(), Database(url)
    errors.install(app)
    web.install(app, settings)
    app.state.settings = Settings(
        database_url=url,
        service_token=SERVICE_TOKEN,
        data_key=Fernet.generate_key().decode(),
        media=Path("/nowhere"),
    )
    app.state.database = database
    app.state.seal = Seal(app.state.settings.data_key.get_secret_value())
    office = Office(app, database, settings)
    app.state.people.now = lambda: office.now
    if hasher:
        app.state.people.passwords = Passwords(settings, hasher)
    try:
        yield office
    finally:
        await database.close()
