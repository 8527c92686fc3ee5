"""Measure the console over very many tickets: every page's time, while many pages listen live."""

import asyncio
import json
import secrets
import tempfile
import time
from pathlib import Path

import httpx
from cryptography.fernet import Fernet
from redis.asyncio import Redis

from backend.console.navigation import PAGES
from backend.live import CHANNEL
from backend.migrate import migrate
from backend.people.access import COOKIE
from backend.people.rights import TABLE
from backend.people.roles import Role
from backend.privacy import Seal
from hotline.bench_tickets import BEFORE, LEARN_SECONDS, SERVER, WORKERS
from hotline.bench_tickets_fill import fill, tidy
from hotline.own_backend import OwnBackend, add_people

P95_SECONDS, EVENT_SECONDS = 0.3, 1.0
ROUNDS, EVENTS_A_SECOND = 60, 10.0
MORE_PAGES = {"/console/desk/list": Role.AGENT, "/console/desk/missed": Role.AGENT}


class Listener:
    """One open page: keeps how long each event took to arrive."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token
        self.delays: list[float] = []

    async def run(self) -> None:
        """Listen until cancelled."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        head = (
            f"GET /console/live HTTP/1.1\r\nHost: bench\r\nCookie: {COOKIE}={self._token}\r\n\r\n"
        )
        writer.write(head.encode())
        try:
            while line := await reader.readline():
                if line.startswith(b"data: "):
                    self.delays.append(time.time() - float(json.loads(line[6:])["at"]))
        finally:
            writer.close()


async def measure(tickets: int, consoles: int) -> bool:
    """Fill, open the consoles, ask for every page; print a table; True if within the limits."""
    from hotline.throwaway import free_port, postgres, redis_server  # noqa: PLC0415

    with (
        postgres(fsync="on", **SERVER) as server,
        redis_server() as redis,
        tempfile.TemporaryDirectory(prefix="bench-console-") as home,
    ):
        url, key = server.create("hotline"), Fernet.generate_key().decode()
        await asyncio.to_thread(migrate, url, BEFORE)
        units = await fill(url, tickets, Seal(key))
        await asyncio.to_thread(migrate, url)
        await tidy(url)
        print(f"{tickets} tickets filled and migrated", flush=True)
        unit = next(iter(units.values()))
        people = {
            role.value.replace("_", "-"): (role, unit if role.value.startswith("unit") else None)
            for role in Role
        }
        await add_people(url, people)
        settings = {"DATABASE_URL": url, "DATA_KEY": key, "REDIS_URL": redis.url}
        settings |= {"SERVICE_TOKEN": secrets.token_hex(16), "BACKEND_WORKERS": str(WORKERS)}
        backend = OwnBackend(settings, free_port(), Path(home))
        try:
            await backend.start("serve")
            await asyncio.sleep(LEARN_SECONDS)
            tokens = {name: await backend.sign_in(name) for name in people}
            return await _measured(backend.port, tokens, redis.url, consoles)
        finally:
            await backend.stop()


async def _measured(port: int, tokens: dict[str, str], redis_url: str, consoles: int) -> bool:
    listeners = [Listener(port, tokens["agent"]) for _ in range(consoles)]
    open_pages = [asyncio.create_task(one.run()) for one in listeners]
    speaking = asyncio.create_task(_speak(redis_url))
    await asyncio.sleep(2)
    try:
        fine = [await _page(port, address, tokens[who]) for address, who in _pages()]
    finally:
        for task in (speaking, *open_pages):
            task.cancel()
        await asyncio.gather(speaking, *open_pages, return_exceptions=True)
    silent = sum(not one.delays for one in listeners)
    delays = sorted(delay for one in listeners for delay in one.delays)
    late = delays[int(0.95 * (len(delays) - 1))] if delays else float("inf")
    heard = not silent and late <= EVENT_SECONDS
    print(f"{consoles} open pages, {len(delays)} events, silent pages {silent}", flush=True)
    print(f"{'event to page, p95':<38}{late * 1000:>9.1f}ms{'' if heard else '  TOO SLOW'}")
    return all(fine) and heard


def _pages() -> list[tuple[str, str]]:
    """Every page of the navigation, with a role that opens it."""
    known = {link.address: min(TABLE[link.right].roles) for link in PAGES} | MORE_PAGES
    return [(address, role.value.replace("_", "-")) for address, role in known.items()]


async def _speak(redis_url: str) -> None:
    redis: Redis = Redis.from_url(redis_url)
    async with redis:
        while True:
            event = {"kind": "partial", "call_id": "-", "text": "暖气不热", "at": time.time()}
            await redis.publish(CHANNEL, json.dumps(event))
            await asyncio.sleep(1 / EVENTS_A_SECOND)


async def _page(port: int, address: str, token: str) -> bool:
    times = []
    base = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=base, headers={"Cookie": f"{COOKIE}={token}"}) as client:
        for turn in range(ROUNDS + 3):
            began = time.perf_counter()
            answer = await client.get(address, timeout=30)
            if answer.status_code != httpx.codes.OK:
                print(f"{address:<38}{answer.status_code}", flush=True)
                return False
            if turn >= 3:
                times.append(time.perf_counter() - began)
    times.sort()
    p50, p95 = (times[int(share * (len(times) - 1))] for share in (0.5, 0.95))
    fine = p95 <= P95_SECONDS
    verdict = "" if fine else "  TOO SLOW"
    print(f"{address:<38}{p50 * 1000:>7.1f}ms{p95 * 1000:>7.1f}ms{verdict}", flush=True)
    return fine
