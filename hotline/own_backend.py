"""A backend and worker of one's own for measurements and rehearsals, and people who use it."""

import asyncio
import contextlib
import time
from asyncio.subprocess import Process
from datetime import UTC, datetime
from pathlib import Path

from backend.database import Database
from backend.people.passwords import Passwords
from backend.people.roles import Role
from backend.people.schemas import PersonIn
from backend.people.service import add
from backend.people.settings import PeopleSettings
from hotline.bench_http import Client
from hotline.instance import CHECKOUT, PREFIX, InstanceError
from hotline.programs import environment

START_SECONDS = 600.0
"""How long the backend may take to learn what drafts need, on a machine that does other things."""
PASSWORD = "a long enough password"


class OwnBackend:
    """The programs of the backend on a database; they can be killed and started again."""

    def __init__(self, settings: dict[str, str], port: int, home: Path) -> None:
        here = {"HOME": str(home), "MEDIA": str(home / "media"), "BACKEND_PORT": str(port)}
        named = {f"{PREFIX}{name}": value for name, value in {**settings, **here}.items()}
        for name in ("recordings", "messages", "utterances"):
            (home / "media" / name).mkdir(parents=True, exist_ok=True)
        self.port, self._env = port, environment(named)
        self._running: dict[str, Process] = {}

    async def start(self, *programs: str) -> None:
        """Start programs, and wait until the backend answers."""
        for name in programs:
            self._running[name] = await asyncio.create_subprocess_exec(
                str(CHECKOUT / ".venv/bin/python"),
                *("-m", "backend", name),
                cwd=CHECKOUT,
                env=self._env,
                stdout=asyncio.subprocess.DEVNULL,
            )
        if "serve" in programs:
            await self._answers(self._running["serve"])

    async def kill(self, *programs: str) -> None:
        """Kill programs with SIGKILL: they can put nothing in order."""
        for name in programs:
            self._running[name].kill()
            await self._running.pop(name).wait()

    async def stop(self) -> None:
        """Ask every program to end."""
        for process in self._running.values():
            if process.returncode is None:
                process.terminate()
        for process in self._running.values():
            await process.wait()

    async def _answers(self, process: Process) -> None:
        end = time.monotonic() + START_SECONDS
        while process.returncode is None and time.monotonic() < end:
            with contextlib.suppress(OSError, EOFError, ValueError):
                async with Client(self.port, None) as client:
                    await client.get("/health", {})
                    return
            await asyncio.sleep(0.2)
        raise InstanceError("the backend did not start")

    async def sign_in(self, login: str) -> str:
        """Return the token of a person's session."""
        async with Client(self.port, None) as client:
            body = {"login": login, "password": PASSWORD}
            return str((await client.post("/api/sessions", body))["token"])


async def add_people(url: str, people: dict[str, tuple[Role, int | None]]) -> None:
    """Add people by login, each with a role and perhaps a unit."""
    database, now = Database(url), datetime.now(UTC)
    hashed = await Passwords(PeopleSettings()).hash(PASSWORD)
    async with database.transaction() as session:
        for login, (role, unit) in people.items():
            sent = PersonIn(login=login, name=login, roles=[role], unit_id=unit)
            await add(session, sent, hashed, must_change=False, actor="rehearsal", now=now)
    await database.close()
