"""A whole hotline of the test's own: every program, the real Asterisk, a simulated exchange."""

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select

from backend.database import Database
from backend.units.levels import Level
from backend.units.models import Unit
from backend.units.schemas import UnitIn
from backend.units.service import add as add_unit
from hotline.call import call, record
from hotline.exchange import Exchange
from hotline.exchange_leg import PlacedCall
from hotline.instance import CHECKOUT, PREFIX, Place, create, load
from hotline.programs import environment
from hotline.start import start
from hotline.supervisor import Supervisor

Json = dict[str, Any]
CALLERS = CHECKOUT / "var" / "callers"
"""What test callers say, rendered once a checkout."""


def speech(text: str, voice: str = "jm_kumo") -> Path:
    """A WAV of these words, spoken by the neural voice."""
    CALLERS.mkdir(parents=True, exist_ok=True)
    wav = CALLERS / f"{voice}-{sha256(text.encode()).hexdigest()[:16]}.wav"
    if not wav.exists():
        made = wav.with_suffix(".new.wav")
        command = [sys.executable, "-m", "asr", "say", text, "-o", str(made), "--voice", voice]
        models = {"HOTLINE_MODELS": str(CHECKOUT / "var/models"), "HOTLINE_HOME": str(CALLERS)}
        subprocess.run(command, env=environment(models), cwd=CHECKOUT, check=True)
        made.replace(wav)
    return wav


def free_base() -> int:
    """A port base whose ports nobody uses just now; another run beside this one finds another."""
    for base in random.sample(range(15400, 29000, 200), 60):
        taken = False
        for port in range(base, base + 10):
            with socket.socket() as probe:
                taken |= probe.connect_ex(("127.0.0.1", port)) == 0
        if not taken:
            return base
    raise RuntimeError("no free range of ports")


@dataclass
class Hotline:
    """One running instance, and what a test may do to it."""

    env: dict[str, str]
    supervisor: Supervisor = field(init=False)

    def __post_init__(self) -> None:
        self.supervisor = Supervisor(self.env)

    def setting(self, name: str) -> str:
        return self.env[PREFIX + name]

    @property
    def media(self) -> Path:
        return Path(self.setting("MEDIA"))

    def backend(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self.setting('BACKEND_PORT')}",
            headers={"Authorization": f"Bearer {self.setting('SERVICE_TOKEN')}"},
            timeout=10,
        )

    def exchange(self) -> Exchange:
        return Exchange(self.env)

    async def call(self, wav: Path | None, **how: Any) -> Json:
        """One call as `hotline call` places it."""
        return await call(self.env, wav, **how)

    async def told(self, placed: PlacedCall, wait_seconds: float = 60) -> Json:
        """The backend's record of a call that the exchange placed."""
        async with self.backend() as backend:
            row = await record(backend, placed.sip_call_id, wait_seconds)
        assert row is not None, "the backend knows no such call"
        return row

    async def detail(self, call_id: str) -> Json:
        """All that the backend keeps of one call."""
        async with self.backend() as backend:
            reply = await backend.get(f"/api/calls/{call_id}")
        assert reply.status_code == 200, reply.text
        found: Json = reply.json()
        return found

    async def closed(self, call_id: str, seconds: float = 30) -> Json:
        """All that the backend keeps of one call, once it is over."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            async with self.backend() as backend:
                reply = await backend.get(f"/api/calls/{call_id}")
            if reply.status_code == 200 and reply.json()["outcome"]:
                found: Json = reply.json()
                return found
            await asyncio.sleep(0.2)
        raise AssertionError(f"call {call_id} never came to an end in the backend's books")

    async def tickets_of(self, call_id: str) -> list[Json]:
        """Every ticket that came of one call: there must never be two."""
        async with self.backend() as backend:
            reply = await backend.get("/api/tickets", params={"limit": 200})
        rows: list[Json] = reply.json()["items"]
        return [row for row in rows if row["call_id"] == call_id]

    async def person(self, login: str, roles: Iterable[str]) -> str:
        """Add a person as the operator does; return the password that was invented."""
        words = [word for role in roles for word in ("--role", role)]
        command = [sys.executable, "-m", "backend", "people", "add", "--login", login, *words]
        done = await asyncio.to_thread(
            subprocess.run,
            command,
            env=environment(self.env),
            cwd=CHECKOUT,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.split()[-1]

    async def unit(self, name: str) -> int:
        """Give the id of the city's own unit, added under this name if there is none yet."""
        database = Database(self.setting("DATABASE_URL"))
        async with database.transaction() as session:
            known = await session.scalar(select(Unit.id).where(Unit.level == Level.CITY.value))
            sent = UnitIn(name=name, level=Level.CITY)
            now = datetime.now(UTC)
            found = known or (await add_unit(session, sent, actor="test", now=now)).id
        await database.close()
        return found

    def kill(self, program: str) -> None:
        """End a program as a crash would: no clean-up, no goodbye."""
        os.kill(int(self.supervisor.states()[program]["pid"]), signal.SIGKILL)

    async def ready(self, seconds: float = 60) -> None:
        """Wait until every program answers."""
        await asyncio.wait_for(
            asyncio.to_thread(self.supervisor.wait_ready, lambda *_: None), seconds
        )

    async def until(self, holds: Callable[[], bool], seconds: float = 30) -> None:
        """Wait until something holds."""
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, "it never came to hold"
            await asyncio.sleep(0.1)


@contextmanager
def running(home: Path, name: str, **settings: str) -> Iterator[Hotline]:
    """Start an instance with these settings besides its own, and stop it at the end."""
    env_file = home / "hotline.env"
    create(env_file, Place(home, name, free_base()))
    env = load(env_file) | {PREFIX + key: value for key, value in settings.items()}
    hotline = Hotline(env)
    lines: list[str] = []
    try:
        start(env, tell=lines.append)
        yield hotline
    finally:
        hotline.supervisor.stop()
