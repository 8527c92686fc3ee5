"""Measure whether citizens who call wait longer while the hotline calls others back.

Both are measured in turns on one hotline of its own, so that a machine that is busy with something
else is as busy for the one as for the other.
"""

import asyncio
import datetime as dt
import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count as counter

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
BETWEEN_CALLS_SECONDS = 0.25
STAYS_SECONDS = 6.0
FILLS_WITHIN_SECONDS, EMPTIES_WITHIN_SECONDS = 90.0, 150.0
PATIENT = Kind("satisfied by key", 1, CONTENT, ("answered",), "")


@dataclass(slots=True)
class Waits:
    """How long callers waited in silence, in seconds, alone and beside surveys."""

    alone: list[float] = field(default_factory=list)
    beside: list[float] = field(default_factory=list)
    surveys: list[int] = field(default_factory=list)
    """How many citizens were on the line for surveys while each round was measured."""

    def told(self) -> dict[str, object]:
        """Give the table; `worse` is how many times as long callers wait beside surveys."""
        shares = {"p50": 0.5, "p95": 0.95}
        alone = {name: quantile(sorted(self.alone), share) for name, share in shares.items()}
        beside = {name: quantile(sorted(self.beside), share) for name, share in shares.items()}
        return {
            "first_sound_alone": alone,
            "first_sound_beside_surveys": beside,
            "worse": {name: round((beside[name] or 0) / (alone[name] or 1), 3) for name in shares},
            "calls": [len(self.alone), len(self.beside)],
            "surveys_at_once": self.surveys,
        }


def measure(calls: int) -> bool:
    """Print the table; tell whether callers wait no longer than they may, at p50 and at p95."""
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
            waits = asyncio.run(rounds(env, calls))
    told = waits.told() | {"limit": WORSE_AT_MOST}
    print(json.dumps(told))
    worse = told["worse"]
    assert isinstance(worse, dict)
    return min(waits.surveys) >= calls * 0.9 and max(worse.values()) <= WORSE_AT_MOST


async def rounds(env: Env, calls: int) -> Waits:
    """Measure in turns on a running hotline; raises InstanceError when surveys do not begin."""
    waits, numbers = Waits(), counter(1)
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
            waits.alone += alone
            waits.beside += beside
            waits.surveys.append(min(before, after))
            middle = [quantile(sorted(one), 0.5) for one in (alone, beside)]
            print(
                f"[{turn}/{ROUNDS}] alone {middle[0]:.3f} s, beside {middle[1]:.3f} s", flush=True
            )
    return waits


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
