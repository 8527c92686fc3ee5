"""One rehearsed emergency: a real call, something that fails, and what became of the citizen."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from hotline.call import record
from hotline.exchange import Exchange, Key
from hotline.exchange_leg import PlacedCall
from hotline.instance import PREFIX
from hotline.programs import Env
from hotline.supervisor import Supervisor
from hotline.throwaway import shut

Json = dict[str, Any]
KEY_SECONDS, CHOICE_SECONDS = (1.0, 6.5), (3.5, 9.0)
"""When a caller presses 9, and when the choice, counted from the answer; they do it twice, as
people do whom a busy machine does not hear at once. While a service is rung it means nothing."""
CHOICES = {"110": "1", "119": "2", "120": "3", "122": "4"}


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one rehearsed call."""

    row: str
    handed: str
    """connected, called back, told; empty if nothing of these: the row has failed."""
    alarms: tuple[str, ...]
    ticket: str | None
    attempts: tuple[str, ...]
    dropped: bool
    """Whether we ended the citizen's line before they were handed on or told."""

    @property
    def good(self) -> bool:
        """Whether everything holds that must hold whatever fails."""
        return bool(self.handed and self.alarms and self.ticket) and not self.dropped

    def told(self) -> str:
        """Give the line of the table."""
        cells = (
            f"{self.row:<34}",
            f"{self.handed or '-':<12}",
            f"{len(self.alarms):>6}",
            f"{self.ticket or '-':<11}",
            f"{'no' if not self.dropped else 'YES':<7}",
            " ".join(self.attempts),
        )
        return "  ".join(cells)


HEAD = f"{'what fails':<34}  {'citizen':<12}  alarms  {'ticket':<11}  dropped  attempts"


@dataclass(slots=True)
class Rig:
    """A running hotline to rehearse on; its exchange plays the services and the citizen."""

    env: Env
    exchange: Exchange
    backend: httpx.AsyncClient
    supervisor: Supervisor = field(init=False)

    def __post_init__(self) -> None:
        self.supervisor = Supervisor(self.env)

    async def press(
        self,
        caller: str,
        service: str,
        hangup: float = 40.0,
        leaves: asyncio.Event | None = None,
    ) -> PlacedCall:
        """A citizen presses 9 and chooses a service."""
        keys: list[Key] = [(moment, "9") for moment in KEY_SECONDS]
        keys += [(moment, CHOICES[service]) for moment in CHOICE_SECONDS]
        return await self.exchange.place(caller=caller, keys=keys, hangup=hangup, leaves=leaves)

    async def connected(self, caller: str, seconds: float = 40.0) -> None:
        """Wait until a service and this citizen hear each other."""
        folder, until = Path(self.env[f"{PREFIX}MEDIA"]) / "recordings", time.monotonic() + seconds
        while time.monotonic() < until:
            if any(_connected(note, caller) for note in folder.glob("*.call")):
                return
            await asyncio.sleep(0.05)
        raise TimeoutError(f"no service talked with {caller} within {seconds:g} s")

    async def invited(self, number: str, before: int, seconds: float = 30.0) -> float:
        """Wait until one more call has reached a number; returns when it did."""
        until = time.monotonic() + seconds
        while len(found := self.exchange.arrivals(number)) <= before:
            if time.monotonic() > until:
                raise TimeoutError(f"{number} was not rung within {seconds:g} s")
            await asyncio.sleep(0.02)
        return found[before].invited_at

    def kill(self, program: str) -> None:
        """End a program as a crash would."""
        os.kill(int(self.supervisor.states()[program]["pid"]), signal.SIGKILL)

    @contextmanager
    def without(self, program: str) -> Iterator[None]:
        """Have a program stopped for a while."""
        self.supervisor.stop_program(program)
        try:
            yield
        finally:
            self.supervisor.start_program(program)

    @contextmanager
    def without_database(self) -> Iterator[None]:
        """Cut everybody off from the database, a PostgreSQL's, and let nobody in for a while."""
        url = urlsplit(self.env[f"{PREFIX}DATABASE_URL"])
        with shut(url.port or 0, url.path.strip("/")):
            yield

    async def judge(
        self, row: str, placed: PlacedCall, seconds: float = 60.0, attempts: int = 0
    ) -> Seen:
        """Wait until the books are complete, with so many attempts; tell what stands in them."""
        until = time.monotonic() + seconds
        while True:
            try:
                seen = await self._seen(row, placed)
            except httpx.HTTPError:
                # A backend that was stopped for the row is not back yet.
                if time.monotonic() > until:
                    raise
            else:
                whole = seen.good and len(seen.attempts) >= attempts
                if whole or time.monotonic() > until:
                    return seen
            await asyncio.sleep(0.5)

    async def _seen(self, row: str, placed: PlacedCall) -> Seen:
        found = await record(self.backend, placed.sip_call_id, 20.0) or {}
        call_id, emergency = found.get("call_id"), found.get("emergency") or {}
        detail = (await self.backend.get(f"/api/calls/{call_id}")).json() if call_id else {}
        alarms = (await self.backend.get("/api/alarms", params={"limit": 200})).json()
        handed = self._handed(placed, found, emergency, detail)
        return Seen(
            row=row,
            handed=handed,
            alarms=tuple(one["kind"] for one in alarms["items"] if one["call_id"] == call_id),
            ticket=(found.get("ticket") or {}).get("number"),
            attempts=tuple(str(one["result"]) for one in emergency.get("attempts", [])),
            dropped=placed.ended_by == "hotline" and handed not in ("connected", "told"),
        )

    def _handed(self, placed: PlacedCall, found: Json, emergency: Json, detail: Json) -> str:
        caller = str(detail.get("caller") or "")
        back = [one for one in self.exchange.arrivals(caller) if one.answered_at] if caller else []
        if back and placed.invited_at < (back[-1].answered_at or 0):
            return "called back" if emergency.get("answered_at") else ""
        if emergency.get("answered_at") or found.get("outcome") == "transferred_agent":
            return "connected"
        told = any(step.endswith(("dial_yourself", "dial_the_services")) for step in _path(detail))
        return "told" if told else ""


def _connected(note: Path, caller: str) -> bool:
    with suppress(OSError):
        ours = note.read_text().split("|")[1] == caller
        return ours and "|connected|" in note.with_suffix(".legs").read_text()
    return False


def _path(detail: Json) -> list[str]:
    return [str(step) for step in detail.get("path") or []]


Play = Callable[[Rig], Awaitable[Seen]]


@asynccontextmanager
async def rehearsing(env: Env) -> AsyncIterator[Rig]:
    """Open a running hotline for rehearsal."""
    headers = {"Authorization": f"Bearer {env[f'{PREFIX}SERVICE_TOKEN']}"}
    base = f"http://{env[f'{PREFIX}BACKEND_HOST']}:{env[f'{PREFIX}BACKEND_PORT']}"
    async with (
        httpx.AsyncClient(base_url=base, headers=headers, timeout=20) as backend,
        Exchange(env) as exchange,
    ):
        for agent in ("8001", "8002"):
            await exchange.behave(agent, busy=True)
        yield Rig(env, exchange, backend)
