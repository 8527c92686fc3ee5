"""Kills backend and worker again and again while tickets are moved, and proves what is left."""

import asyncio
import json
import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from backend.archive.settings import ArchiveSettings
from backend.archive.shelf import Shelf
from backend.archive.vault import Vault
from backend.archive.verifying import verify
from backend.database import Database
from backend.migrate import migrate
from backend.people.roles import Role
from backend.tickets import history
from backend.tickets.service import by_number
from backend.units.levels import Level
from backend.units.schemas import UnitIn
from backend.units.service import add as add_unit
from hotline.bench_http import Client, Refused
from hotline.own_backend import OwnBackend, add_people

STEPS = (
    ("agent", "dispatch", "dispatched"),
    ("clerk", "sign", "signed"),
    ("clerk", "start", "in_progress"),
    ("clerk", "reply", "replied"),
    ("agent", "accept-reply", "awaiting_callback"),
    ("agent", "close", "closed"),
)
"""Who does what with each ticket, and the state that it leads to."""
CLIENTS = 4
STALE, SERVER_FAULT = 409, 500


@dataclass
class Rehearsal:
    """How far it is: moves that were done, how many answers were lost, how many kills."""

    backend: OwnBackend
    unit: int
    tokens: dict[str, str] = field(default_factory=dict)
    numbers: list[str] = field(default_factory=list)
    done: int = 0
    found_done: int = 0
    kills: int = 0
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def note(self) -> None:
        """Count a move that is done."""
        async with self._news:
            self.done += 1
            self._news.notify_all()

    async def reached(self, moves: int) -> None:
        """Wait until so many moves are done."""
        async with self._news:
            await self._news.wait_for(lambda: self.done >= moves)


async def rehearse(moves: int, kills: int) -> bool:
    """Move tickets while programs are killed; print one JSON line; True if nothing is wrong."""
    from hotline.throwaway import free_port, postgres, redis_server  # noqa: PLC0415

    with (
        postgres(fsync="on") as server,
        redis_server() as redis,
        tempfile.TemporaryDirectory(prefix="rehearse-") as home,
    ):
        url, key = server.create("hotline"), Fernet.generate_key().decode()
        await asyncio.to_thread(migrate, url)
        unit = await _unit(url)
        await add_people(url, {"agent": (Role.AGENT, None), "clerk": (Role.UNIT_HANDLER, unit)})
        settings = {"DATABASE_URL": url, "DATA_KEY": key, "REDIS_URL": redis.url}
        settings |= {"SERVICE_TOKEN": secrets.token_hex(16)}
        backend = OwnBackend(settings, free_port(), Path(home))
        state = Rehearsal(backend, unit)
        try:
            await backend.start("serve", "worker")
            await _prepare(state, -(-moves // len(STEPS)))
            waiting = iter(list(state.numbers))
            async with asyncio.TaskGroup() as group:
                group.create_task(_kill(state, moves, kills))
                for _ in range(CLIENTS):
                    group.create_task(_handle(state, waiting))
        finally:
            await backend.stop()
        shelf = Shelf(ArchiveSettings(), Vault(Path(home) / "archive", key), Path(home) / "media")
        wrong = await _wrong(url, state, shelf)
    found = {"moves": state.done, "answers_lost": state.found_done, "kills": state.kills}
    print(json.dumps({**found, "wrong": wrong}, ensure_ascii=False), flush=True)
    return not wrong and state.done >= moves and state.kills == kills


async def _prepare(state: Rehearsal, tickets: int) -> None:
    state.tokens = {one: await state.backend.sign_in(one) for one in ("agent", "clerk")}
    async with Client(state.backend.port, state.tokens["agent"]) as client:
        for _ in range(tickets):
            sent = {"words": "莲池区裕华路夜里施工噪声很大", "caller": "13812345678"}
            state.numbers.append(str((await client.post("/api/tickets", sent))["number"]))


async def _kill(state: Rehearsal, moves: int, kills: int) -> None:
    """Kill both programs at moments spread over the moves, while others are under way."""
    for turn in range(1, kills + 1):
        await state.reached(turn * moves // (kills + 1))
        await state.backend.kill("serve", "worker")
        state.kills += 1
        await state.backend.start("serve", "worker")


async def _handle(state: Rehearsal, waiting: Iterator[str]) -> None:
    for number in waiting:
        for who, what, leads_to in STEPS:
            moved = False
            while not moved:
                moved = await _moved(state, number, who, what, leads_to)
                await asyncio.sleep(0 if moved else 0.1)
            await state.note()


async def _moved(state: Rehearsal, number: str, who: str, what: str, leads_to: str) -> bool:
    """Try one move; False when it is not known to be done, and the ticket is to be read again."""
    address = f"/api/tickets/{number}"
    try:
        async with Client(state.backend.port, state.tokens[who]) as client:
            stands = await client.get(f"{address}/handling", {})
            if stands["state"] == leads_to:
                state.found_done += 1
                return True
            sent = {"version": stands["version"], **_body(state, what)}
            await client.post(f"{address}/{what}", sent)
            return True
    except Refused as error:
        if error.status == STALE or error.status >= SERVER_FAULT:
            return False
        raise
    except (OSError, EOFError):
        return False


def _body(state: Rehearsal, what: str) -> dict[str, Any]:
    match what:
        case "dispatch":
            return {"unit_id": state.unit, "basis": "派单目录：噪声", "tier": "5d"}
        case "reply":
            return {"result": "已责令停工", "caller_told_at": datetime.now(UTC).isoformat()}
        case "close":
            return {"callback": "satisfied"}
        case _:
            return {}


async def _wrong(url: str, state: Rehearsal, shelf: Shelf) -> list[str]:
    """Name every ticket whose moves are not exactly those that were made, and every fault."""
    database, found = Database(url), []
    async with database.transaction(writes=False) as session:
        for number in state.numbers:
            ticket = await by_number(session, number)
            events = await history.events_of(session, ticket) if ticket else []
            made = [one.data["to"] for one in events if one.kind == "moved"]
            if made != [leads_to for _, _, leads_to in STEPS]:
                found.append(f"ticket {number}: {made}")
    found += [str(one) for one in (await verify(database, shelf)).faults]
    await database.close()
    return found


async def _unit(url: str) -> int:
    database, now = Database(url), datetime.now(UTC)
    async with database.transaction() as session:
        city = UnitIn(name="保定市", level=Level.CITY)
        root = await add_unit(session, city, actor="rehearsal", now=now)
        bureau = UnitIn(name="市城管局", level=Level.DEPARTMENT, parent_id=root.id)
        made = (await add_unit(session, bureau, actor="rehearsal", now=now)).id
    await database.close()
    return int(made)
