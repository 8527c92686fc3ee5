"""Rehearse surveys: many citizens, mixed endings, days in minutes, and programs killed at will."""

import asyncio
import datetime as dt
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from backend.deadlines import SHANGHAI
from backend.surveys.clock import set_ahead
from backend.surveys.plan import Rules
from backend.surveys.slots import Places
from hotline import survey_checks as checks
from hotline.exchange import Exchange
from hotline.exchange_arrivals import Arrival
from hotline.instance import CHECKOUT, PREFIX, InstanceError
from hotline.programs import Env, environment
from hotline.rehearse import own_instance
from hotline.supervisor import Supervisor
from hotline.survey_cases import Case, complete
from hotline.survey_citizens import Citizen, gather, prepare, rates, spoken

LINES, PER_SECOND = 8, 2.0
SETTINGS = {
    "SURVEY_LINES": str(LINES),
    "SURVEY_CALLS_PER_SECOND": f"{PER_SECOND:g}",
    "SURVEY_RING_SECONDS": "8",
    "SURVEY_ON_REST_DAYS": "true",
    "SURVEY_WORDS_SECONDS": "20",
    "GRAMMAR_SLOTS": str(2 * LINES + 4),
}
KILLED = ("surveys", "agi", "backend", "asterisk")
BETWEEN_KILLS_SECONDS = (15.0, 45.0)
LONGEST_SECONDS = 5400.0
VOICE = "jm_kumo"
Json = dict[str, Any]


@dataclass
class Stage:
    """The rehearsal while it runs."""

    env: Env
    exchange: Exchange
    citizens: list[Citizen]
    words: dict[str, Path]
    clock: Path
    ahead: float = 0.0
    moments: list[tuple[float, float]] = field(default_factory=list)
    """From which epoch on the surveys' clock was ahead by how much."""
    kills: Counter[str] = field(default_factory=Counter)

    def jump(self, seconds: float) -> None:
        """Set the surveys' clock further ahead."""
        self.ahead += seconds
        set_ahead(self.clock, self.ahead)
        self.moments.append((time.time(), self.ahead))

    def now(self) -> dt.datetime:
        """Tell the time of the surveys."""
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=self.ahead)

    async def surveys(self) -> list[Json]:
        """Return every citizen's survey; raises httpx.HTTPError while the backend is away."""
        ours = {one.ticket for one in self.citizens}
        base = f"http://127.0.0.1:{self.env[f'{PREFIX}BACKEND_PORT']}"
        headers = {"Authorization": f"Bearer {self.env[f'{PREFIX}SERVICE_TOKEN']}"}
        found: list[Json] = []
        async with httpx.AsyncClient(base_url=base, headers=headers, timeout=20) as backend:
            after: int | None = 0
            while after is not None:
                reply = await backend.get("/api/surveys", params={"after": after, "limit": 200})
                page = reply.raise_for_status().json()
                found += [one for one in page["items"] if one["ticket"] in ours]
                after = page["next_after"]
        return found

    def arrivals(self) -> list[Arrival]:
        """Return every call that reached the exchange."""
        return [each for one in self.citizens for each in self.exchange.arrivals(one.number)]


def rehearse(count: int, *, kill: bool) -> None:
    """Print what came of it; raises InstanceError with every difference."""
    with (
        tempfile.TemporaryDirectory(prefix="surveys-") as place,
        own_instance(print, **SETTINGS, SURVEY_CLOCK=f"{place}/clock") as env,
    ):
        faults = asyncio.run(_play(env, count, kill=kill))
    if faults:
        raise InstanceError("\n  ".join([f"{len(faults)} differences:", *faults]))
    print("every survey ended as planned")


async def _play(env: Env, count: int, *, kill: bool) -> list[str]:
    words = await asyncio.to_thread(_voices, env)
    async with Exchange(env) as exchange:
        stage = Stage(env, exchange, gather(count), words, Path(env[f"{PREFIX}SURVEY_CLOCK"]))
        stage.jump(_until_nine())
        for one in stage.citizens:
            await prepare(exchange, one, words)
        cases = [Case(one.number, "供热", stage.now()) for one in stage.citizens]
        for one, number in zip(stage.citizens, await complete(env, cases), strict=True):
            one.ticket = number
        killer = asyncio.create_task(_kill(stage)) if kill else None
        try:
            surveys = await _until_all_ended(stage)
        finally:
            if killer:
                killer.cancel()
                with suppress(asyncio.CancelledError):
                    await killer
        return await _judge(stage, surveys, kill=kill)


async def _until_all_ended(stage: Stage) -> list[Json]:
    """Let time pass: as it is while somebody is called, in leaps while nobody can be."""
    end, told = time.monotonic() + LONGEST_SECONDS, 0.0
    surveys: list[Json] = []
    while time.monotonic() < end:
        await asyncio.sleep(1)
        with suppress(httpx.HTTPError):
            surveys = await stage.surveys()
            await _change(stage)
            still = [one for one in surveys if not one["ended_at"]]
            if len(surveys) == len(stage.citizens) and not still:
                return surveys
            _leap(stage, still)
        if time.monotonic() - told > 20:
            told = time.monotonic()
            print(f"  {stage.now():%a %H:%M} UTC  {_told(surveys)}", flush=True)
    return surveys


def _leap(stage: Stage, still: Sequence[Json]) -> None:
    """Leap to the next call, if nobody is on the line and nobody is due."""
    if not still or any(not each["result"] for one in still for each in one["tries"]):
        return
    due = min(dt.datetime.fromisoformat(one["due_at"]) for one in still)
    wait = (due - stage.now()).total_seconds()
    if wait > 5:
        stage.jump(wait + 1)


async def _change(stage: Stage) -> None:
    """Let citizens who were busy at first be there the next time."""
    for one in stage.citizens:
        if one.kind.first and not one.ready and stage.exchange.arrivals(one.number):
            one.ready = True
            await prepare(stage.exchange, one, stage.words)


async def _kill(stage: Stage) -> None:
    """End programs as a crash would, at random moments."""
    supervisor, dice = Supervisor(stage.env), random.Random(12345)
    while True:
        await asyncio.sleep(dice.uniform(*BETWEEN_KILLS_SECONDS))
        program = dice.choice(KILLED)
        with suppress(KeyError, ProcessLookupError, OSError):
            states = await asyncio.to_thread(supervisor.states)
            os.kill(int(states[program]["pid"]), signal.SIGKILL)
            stage.kills[program] += 1


async def _judge(stage: Stage, surveys: Sequence[Json], *, kill: bool) -> list[str]:
    rules, count = Rules(), len(stage.citizens)
    by_ticket = {one["ticket"]: one for one in surveys}
    arrivals = stage.arrivals()
    faults = list(checks.none_lost(by_ticket, count))
    faults += checks.gaps(surveys, rules.rest, rules.most_tries)
    faults += checks.rung_twice(arrivals, stage.moments, rules.rest)
    faults += await _places_left(stage)
    if not kill:
        faults += checks.as_planned(stage.citizens, by_ticket)
        faults += checks.table(by_ticket, count)
        faults += checks.on_the_trunk(arrivals, surveys, LINES, PER_SECOND)
    print(f"calls {len(arrivals)}, at most {checks.most_at_once(arrivals)} at once")
    print(f"killed: {dict(stage.kills) or 'nothing'}")
    for outcome, number in sorted(Counter(map(checks.outcome, surveys)).items()):
        print(f"  {outcome:<42} {number}")
    for name, value in rates([checks.outcome(one) for one in surveys]).items():
        print(f"  {name:<14} {value:.4f}")
    return faults


async def _places_left(stage: Stage) -> list[str]:
    """See that no place on the line is still taken, now that nobody is called."""
    places = Places(stage.env[f"{PREFIX}REDIS_URL"], 1, 1)
    try:
        for _ in range(20):
            taken = await places.taken()
            if not taken:
                return []
            await asyncio.sleep(1)
    finally:
        await places.close()
    return [f"{len(taken)} places on the line were never given back"]


def _told(surveys: Sequence[Json]) -> str:
    ended = Counter(checks.outcome(one) for one in surveys if one["ended_at"])
    return f"{ended.total()} of {len(surveys)} ended"


def _until_nine() -> float:
    """Return the seconds until nine of the next morning."""
    now = dt.datetime.now(SHANGHAI)
    nine = (now + dt.timedelta(days=1)).replace(hour=9, minute=0, second=30, microsecond=0)
    return (nine - now).total_seconds()


def _voices(env: Env) -> dict[str, Path]:
    """Have all that citizens say spoken."""
    folder = CHECKOUT / "var" / "callers"
    folder.mkdir(parents=True, exist_ok=True)
    made: dict[str, Path] = {}
    for text in sorted(spoken()):
        wav = made[text] = folder / f"survey-{VOICE}-{text.encode().hex()[:24]}.wav"
        if not wav.exists():
            command = [sys.executable, "-m", "asr", "say", text, "-o", str(wav), "--voice", VOICE]
            subprocess.run(command, env=environment(env), cwd=CHECKOUT, check=True)
    return made
