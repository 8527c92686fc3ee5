"""Measure whether citizens who call wait longer while the hotline calls others back.

Both are measured in turns on one hotline of its own, so that a machine that is busy with something
else is as busy for the one as for the other.
"""

import asyncio
import datetime as dt
import json
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count as counter
from statistics import median

import httpx

from hotline.bench_load import quantile
from hotline.exchange import Exchange
from hotline.instance import PREFIX, InstanceError
from hotline.programs import Env
from hotline.rehearse import own_instance
from hotline.survey_cases import Case, complete
from hotline.survey_citizens import CONTENT, Citizen, Kind
from hotline.survey_stage import Stage

WORSE_AT_MOST = 1.2
ROUNDS = 3
"""The middle one counts: what else the machine does comes and goes within seconds."""
SHARES = {"p50": 0.5, "p95": 0.95}
BETWEEN_CALLS_SECONDS = 0.25
STAYS_SECONDS = 6.0
FILLS_WITHIN_SECONDS, EMPTIES_WITHIN_SECONDS = 90.0, 150.0
PATIENT = Kind("satisfied by key", 1, CONTENT, ("answered",), "")


@dataclass(frozen=True, slots=True)
class Round:
    """How long callers waited in silence, in seconds, alone and at once after beside surveys."""

    alone: list[float]
    beside: list[float]
    surveys: int
    """How many citizens were called back meanwhile, all the time."""

    def worse(self, share: float) -> float:
        """Tell how many times as long this share of the callers waits beside surveys."""
        alone, beside = (quantile(sorted(one), share) or 0.0 for one in (self.alone, self.beside))
        return round(beside / alone, 3)

    def told(self) -> str:
        """Give the line of the table."""
        cells = [f"{name} {self.worse(share):6.3f}" for name, share in SHARES.items()]
        seconds = [quantile(sorted(one), 0.95) for one in (self.alone, self.beside)]
        return f"worse {'  '.join(cells)}  p95 {seconds[0]:.3f} and {seconds[1]:.3f} s"


def measure(calls: int) -> bool:
    """Print the table; tell whether callers wait no longer than they may, at p50 and at p95.

    Sound is looked at in steps of a hundredth of a second.
    """
    with tempfile.TemporaryDirectory(prefix="surveys-") as place:
        settings = {
            "SURVEY_LINES": str(calls),
            "TRUNK_LINES": str(3 * calls),
            "SURVEY_CALLS_PER_SECOND": "5",
            "SURVEY_ON_REST_DAYS": "true",
            "SURVEY_WORDS_SECONDS": "5",
            "SURVEY_CLOCK": f"{place}/clock",
            "GRAMMAR_SLOTS": str(4 * calls),
        }
        with own_instance(print, **settings) as env:
            found = asyncio.run(rounds(env, calls))
    worse = {name: median(one.worse(share) for one in found) for name, share in SHARES.items()}
    surveys = [one.surveys for one in found]
    told = {"worse": worse, "limit": WORSE_AT_MOST, "rounds": len(found), "surveys": surveys}
    print(json.dumps(told | {"calls": calls}))
    return min(surveys) >= calls * 0.9 and max(worse.values()) <= WORSE_AT_MOST


async def rounds(env: Env, calls: int) -> list[Round]:
    """Measure in turns on a running hotline; raises InstanceError when surveys do not begin."""
    found: list[Round] = []
    numbers = counter(random.randrange(1, 99_000_000))
    base = f"http://127.0.0.1:{env[f'{PREFIX}BACKEND_PORT']}/api/surveys"
    headers = {"Authorization": f"Bearer {env[f'{PREFIX}SERVICE_TOKEN']}"}
    async with (
        Exchange(env) as exchange,
        httpx.AsyncClient(base_url=base, headers=headers, timeout=20) as backend,
    ):
        stage = Stage(env, exchange, [], {})
        stage.to_nine()
        await _inbound(exchange, 2, numbers)
        for turn in range(1, ROUNDS + 1):
            alone = await _inbound(exchange, calls, numbers)
            await _call_back(stage, 3 * calls, numbers)
            (await backend.post("/resume")).raise_for_status()
            before = await _until_busy(backend, calls)
            beside = await _inbound(exchange, calls, numbers)
            after = await _under_way(backend)
            (await backend.post("/pause")).raise_for_status()
            await _until_quiet(backend)
            found.append(Round(alone, beside, min(before, after)))
            print(f"[{turn}/{ROUNDS}] {found[-1].told()}", flush=True)
    return found


async def _inbound(exchange: Exchange, calls: int, numbers: Iterator[int]) -> list[float]:
    """Let citizens call, all at once but for a moment between them; return their waits."""

    async def one(after: float) -> float:
        await asyncio.sleep(after)
        caller = f"136{next(numbers):08d}"
        placed = await exchange.place(caller=caller, wav=None, hangup=STAYS_SECONDS)
        if placed.answered_at is None or placed.first_sound_at is None:
            raise InstanceError(f"the call of {caller} was not answered or heard nothing")
        return placed.first_sound_at - placed.answered_at

    return list(await asyncio.gather(*(one(n * BETWEEN_CALLS_SECONDS) for n in range(calls))))


async def _call_back(stage: Stage, many: int, numbers: Iterator[int]) -> None:
    """Complete tickets of citizens who will answer."""
    fresh = [Citizen(f"135{next(numbers):08d}", PATIENT, "") for _ in range(many)]
    for one in fresh:
        await stage.exchange.talk(one.number, PATIENT.turns)
    closed = stage.now() - dt.timedelta(minutes=1)
    await complete(stage.env, [Case(one.number, "供热", closed) for one in fresh])


async def _under_way(backend: httpx.AsyncClient) -> int:
    return int((await backend.get("/standing")).raise_for_status().json()["under_way"])


async def _until_busy(backend: httpx.AsyncClient, wanted: int) -> int:
    """Wait until so many citizens are on the line."""
    end = time.monotonic() + FILLS_WITHIN_SECONDS
    while (found := await _under_way(backend)) < wanted:
        if time.monotonic() > end:
            raise InstanceError(f"only {found} survey calls at once: see `hotline logs surveys`")
        await asyncio.sleep(0.3)
    return found


async def _until_quiet(backend: httpx.AsyncClient) -> None:
    end = time.monotonic() + EMPTIES_WITHIN_SECONDS
    while await _under_way(backend):
        if time.monotonic() > end:
            raise InstanceError("survey calls do not come to an end")
        await asyncio.sleep(0.5)
