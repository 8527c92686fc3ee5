"""Measure the backend over very many tickets: lists, searches, inboxes, and making new ones."""

import asyncio
import json
import random
import secrets
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from backend.migrate import migrate
from backend.people.roles import Role
from backend.privacy import Seal
from hotline.bench_http import Client
from hotline.bench_tickets_fill import DISTRICTS, MATTERS, ROADS, fill, tidy
from hotline.own_backend import OwnBackend, add_people

BEFORE = "0007"
"""The tables are filled at this revision, so that the later migrations run on all tickets."""
P95_SECONDS, NEW_A_SECOND = 0.2, 200.0
ROUNDS, CLIENTS, NEW_SECONDS = 120, 4, 15.0
WORKERS = 2
LEARN_SECONDS = 10
"""What the other workers are given to learn what drafts need, once one answers."""
SERVER = {
    "shared_buffers": "512MB",
    "effective_cache_size": "2GB",
    "max_wal_size": "4GB",
    "random_page_cost": 1.1,
}
Ask = Callable[[random.Random], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement: seconds, or new tickets a second, and whether it is within its limit."""

    name: str
    p50: float
    p95: float
    fine: bool


ASKED: dict[str, tuple[str, Ask]] = {
    "list, newest": ("agent", lambda chance: {}),
    "list, state and district": (
        "agent",
        lambda chance: {"state": "in_progress", "district": chance.choice(DISTRICTS)},
    ),
    "list, one category by due": (
        "agent",
        lambda chance: {"category": chance.choice(list(MATTERS)), "sort": "due"},
    ),
    "search, common word": ("agent", lambda chance: {"q": chance.choice(["暖气", "噪声", "路灯"])}),
    "search, a road": ("agent", lambda chance: {"q": chance.choice(ROADS)}),
    "search, road and house": (
        "agent",
        lambda chance: {"q": f"{chance.choice(ROADS)}{chance.randrange(1, 400)}号 暖气"},
    ),
    "search, nothing there": ("agent", lambda chance: {"q": "火星 飞船"}),
    "search, common words never together": ("agent", lambda chance: {"q": "暖气 路灯"}),
    "inbox of a large unit": ("large", lambda chance: {"sort": "due", "state": "in_progress"}),
    "inbox of a usual unit": ("usual", lambda chance: {"sort": "due", "state": "in_progress"}),
    "search in a unit": ("large", lambda chance: {"q": chance.choice(["暖气", "路灯"])}),
    "overdue scan": ("agent", lambda chance: {"overdue": True, "sort": "due", "limit": 200}),
}


async def measure(tickets: int) -> bool:
    """Fill, migrate, ask, make; print a table and one JSON line; True if all is within limits."""
    from hotline.throwaway import free_port, postgres, redis_server  # noqa: PLC0415

    figures: list[Figure] = []
    with (
        postgres(fsync="on", **SERVER) as server,
        redis_server() as redis,
        tempfile.TemporaryDirectory(prefix="bench-tickets-") as home,
    ):
        url, key = server.create("hotline"), Fernet.generate_key().decode()
        began = time.monotonic()
        await asyncio.to_thread(migrate, url, BEFORE)
        units = await fill(url, tickets, Seal(key))
        print(f"{tickets} tickets filled in {time.monotonic() - began:.0f} s", flush=True)
        began = time.monotonic()
        await asyncio.to_thread(migrate, url)
        await tidy(url)
        print(f"migrated from {BEFORE} in {time.monotonic() - began:.0f} s", flush=True)
        people = {name: (Role.UNIT_HANDLER, unit) for name, unit in units.items()}
        await add_people(url, {"agent": (Role.AGENT, None), **people})
        settings = {"DATABASE_URL": url, "DATA_KEY": key, "REDIS_URL": redis.url}
        settings |= {"SERVICE_TOKEN": secrets.token_hex(16), "BACKEND_WORKERS": str(WORKERS)}
        backend = OwnBackend(settings, free_port(), Path(home))
        try:
            await backend.start("serve")
            await asyncio.sleep(LEARN_SECONDS)
            tokens = {name: await backend.sign_in(name) for name in ("agent", *units)}
            for name, (who, ask) in ASKED.items():
                times = await _times(backend.port, tokens[who], ask)
                figures.append(_told(name, times, P95_SECONDS))
            figures.append(await _new(backend.port, tokens["agent"]))
        finally:
            await backend.stop()
    print(json.dumps([[one.name, one.p50, one.p95, one.fine] for one in figures]))
    return all(one.fine for one in figures)


async def _times(port: int, token: str, ask: Ask) -> list[float]:
    chance, found = random.Random(1), []
    async with Client(port, token) as client:
        for turn in range(ROUNDS + 5):
            began = time.perf_counter()
            await client.get("/api/tickets", ask(chance))
            if turn >= 5:
                found.append(time.perf_counter() - began)
    return sorted(found)


async def _new(port: int, token: str) -> Figure:
    """Make tickets with four clients for some seconds, each from words that the machine reads."""
    end, times = time.perf_counter() + NEW_SECONDS, list[float]()

    async def one(seed: int) -> None:
        chance = random.Random(seed)
        async with Client(port, token) as client:
            while time.perf_counter() < end:
                matter = chance.choice(MATTERS[chance.choice(list(MATTERS))])
                words = f"我住在{chance.choice(DISTRICTS)}{chance.choice(ROADS)}，{matter}"
                began = time.perf_counter()
                await client.post("/api/tickets", {"words": words, "caller": "13812345678"})
                times.append(time.perf_counter() - began)

    await asyncio.gather(*(one(seed) for seed in range(CLIENTS)))
    rate = len(times) / NEW_SECONDS
    figure = _told("new ticket", sorted(times), float("inf"))
    print(
        f"{'new tickets a second':<38}{rate:>9.0f}{'':>9}  at least {NEW_A_SECOND:.0f}", flush=True
    )
    return Figure("new tickets a second", rate, figure.p95, rate >= NEW_A_SECOND)


def _told(name: str, times: list[float], limit: float) -> Figure:
    p50, p95 = (times[int(share * (len(times) - 1))] for share in (0.5, 0.95))
    figure = Figure(name, round(p50, 4), round(p95, 4), p95 <= limit)
    verdict = "" if figure.fine else "  TOO SLOW"
    print(f"{name:<38}{p50 * 1000:>7.1f}ms{p95 * 1000:>7.1f}ms{verdict}", flush=True)
    return figure
