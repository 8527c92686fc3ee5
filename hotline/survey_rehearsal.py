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
from pathlib import Path

import httpx

from hotline.exchange import Exchange
from hotline.instance import CHECKOUT, PREFIX, InstanceError
from hotline.programs import Env, environment
from hotline.rehearse import own_instance
from hotline.supervisor import Supervisor
from hotline.survey_cases import Case, complete
from hotline.survey_checks import outcome
from hotline.survey_citizens import gather, prepare, spoken
from hotline.survey_judging import judge
from hotline.survey_link import answer_by_link
from hotline.survey_stage import Json, Stage
from hotline.trunk_calls import outgoing
from hotline.trunk_capture import capturing

LINES, PER_SECOND = 20, 2.0
SETTINGS = {
    "SURVEY_LINES": str(LINES),
    "TRUNK_LINES": str(2 * LINES),
    "SURVEY_CALLS_PER_SECOND": f"{PER_SECOND:g}",
    "SURVEY_RING_SECONDS": "8",
    "SURVEY_ON_REST_DAYS": "true",
    "SURVEY_WORDS_SECONDS": "20",
    "GRAMMAR_SLOTS": str(4 * LINES),
}
KILLED = ("surveys", "agi", "backend", "asterisk", "worker")
BETWEEN_KILLS_SECONDS = (10.0, 30.0)
LONGEST_SECONDS = 5400.0
VOICE = "jm_kumo"


def rehearse(count: int, *, kill: bool) -> None:
    """Print what came of it; raises InstanceError with every difference."""
    with tempfile.TemporaryDirectory(prefix="surveys-") as place:
        settings = SETTINGS | {
            "SURVEY_CLOCK": f"{place}/clock",
            "SMS_DIRECTORY": f"{place}/sms",
            "PUBLIC_URL": "https://hotline.example",
        }
        with own_instance(print, **settings) as env:
            faults = asyncio.run(play(env, count, Path(place) / "trunk.pcap", kill=kill))
    if faults:
        raise InstanceError("\n  ".join([f"{len(faults)} differences:", *faults]))
    print("every survey ended as planned")


async def play(env: Env, count: int, capture: Path, *, kill: bool) -> list[str]:
    """Rehearse on a running hotline that has `SETTINGS`; return every difference."""
    words = await asyncio.to_thread(_voices, env)
    port = int(env[f"{PREFIX}EXCHANGE_SIP_PORT"])
    async with Exchange(env) as exchange:
        stage = Stage(env, exchange, gather(count), words)
        stage.to_nine()
        for one in stage.citizens:
            await prepare(exchange, one, words)
        with capturing(port, capture):
            surveys = await _called_back(stage, kill=kill)
        trunk = outgoing(capture, port)
        faults = await judge(stage, surveys, trunk, LINES, PER_SECOND, kill=kill)
        return [*faults, *await answer_by_link(stage)]


async def _called_back(stage: Stage, *, kill: bool) -> list[Json]:
    """Complete the citizens' tickets, the oldest first, and wait until each has been surveyed."""
    earlier = [dt.timedelta(minutes=n) for n in range(len(stage.citizens), 0, -1)]
    cases = [
        Case(one.number, "供热", stage.now() - ago, one.unit)
        for one, ago in zip(stage.citizens, earlier, strict=True)
    ]
    for one, number in zip(stage.citizens, await complete(stage.env, cases), strict=True):
        one.ticket = number
    killer = asyncio.create_task(_kill(stage)) if kill else None
    try:
        return await _until_all_ended(stage)
    finally:
        if killer:
            killer.cancel()
            with suppress(asyncio.CancelledError):
                await killer


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
    """Let citizens who did something else at first be there the next time."""
    for one in stage.citizens:
        if one.kind.first and not one.ready:
            first = stage.exchange.arrivals(one.number)
            if first and first[0].ended_at:
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


def _told(surveys: Sequence[Json]) -> str:
    ended = Counter(outcome(one) for one in surveys if one["ended_at"])
    return f"{ended.total()} of {len(surveys)} ended"


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
