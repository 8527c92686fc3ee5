"""Run SIPp against one trunk: many callers, each speaking the same recording."""

import asyncio
import csv
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
import soundfile
import soxr

from hotline.instance import InstanceError

RATE = 8000
"""Samples a second of A-law on the telephone network."""

LEAST_SECONDS = 120
"""SIPp is ended when it runs longer than its calls can take, plus this."""


@dataclass(frozen=True, slots=True)
class Load:
    """What to send: so many calls, so many a second, to one address."""

    calls: int
    rate: float
    target: str
    """host:port of the trunk side of the hotline."""
    source: str
    """The address the calls come from; the trunk must allow it."""
    number: str = "12345"
    lead_seconds: float = 1.0
    tail_seconds: float = 8.0


@dataclass(frozen=True, slots=True)
class Sent:
    """What SIPp saw of its own calls."""

    call_ids: list[str]
    setup_seconds: list[float]
    failed: int
    retransmits: int


async def send(load: Load, wav: Path, work: Path) -> Sent:
    """Place the calls and wait for the last; raises InstanceError when SIPp cannot run.

    ``work`` is an empty directory for SIPp's files.
    """
    stays = await asyncio.to_thread(write_speech, wav, work / "speech.al", load)
    scenario = (files("hotline") / "sipp_call.xml").read_text(encoding="utf-8")
    scenario = scenario.replace("@SPEECH@", "speech.al").replace("@STAYS@", str(int(stays * 1000)))
    (work / "call.xml").write_text(scenario, encoding="utf-8")
    callers = "".join(f"139{i:08d};\n" for i in range(load.calls))
    (work / "callers.csv").write_text(f"SEQUENTIAL\n{callers}", encoding="utf-8")
    limit = load.calls / load.rate + stays + LEAST_SECONDS
    command = [
        "sipp", load.target, "-sf", "call.xml", "-inf", "callers.csv", "-s", load.number,
        "-i", load.source, "-mi", load.source, "-m", str(load.calls), "-r", str(load.rate),
        "-l", str(load.calls), "-cid_str", f"load-%u-{work.name}", "-nostdin",
        "-timeout", str(int(limit)), "-timeout_error",
        "-trace_rtt", "-rtt_freq", "1", "-trace_stat", "-stf", "stat.csv", "-fd", "1",
        "-trace_err", "-error_file", "errors.log",
    ]  # fmt: skip
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=work,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env={"TERM": "dumb", "PATH": "/usr/bin:/bin"},
        )
    except FileNotFoundError as error:
        raise InstanceError("sipp is not installed: run `hotline/setup.sh --test`") from error
    _, errors = await process.communicate()
    if process.returncode not in (0, 1):
        raise InstanceError(f"sipp ended with {process.returncode}: {errors.decode()[-300:]}")
    return read_results(load, work)


def write_speech(wav: Path, raw: Path, load: Load) -> float:
    """Write a recording as raw A-law between silences; return its whole length in seconds."""
    sound, rate = soundfile.read(wav, dtype="float32", always_2d=True)
    mono = soxr.resample(sound.mean(axis=1), rate, RATE)
    lead, tail = (
        np.zeros(int(seconds * RATE), dtype=np.float32)
        for seconds in (load.lead_seconds, load.tail_seconds)
    )
    whole = np.concatenate([lead, mono, tail])
    soundfile.write(raw, whole, RATE, format="RAW", subtype="ALAW")
    return len(whole) / RATE


def read_results(load: Load, work: Path) -> Sent:
    """Read the files SIPp left."""
    with (work / "stat.csv").open(encoding="utf-8") as file:
        last = list(csv.DictReader(file, delimiter=";"))[-1]
    setups: list[float] = []
    for path in work.glob("*_rtt.csv"):
        with path.open(encoding="utf-8") as file:
            # Its columns are named differently from version to version; the second is the time.
            setups += [float(row[1]) / 1000 for row in list(csv.reader(file, delimiter=";"))[1:]]
    return Sent(
        call_ids=[f"load-{i + 1}-{work.name}" for i in range(load.calls)],
        setup_seconds=sorted(setups),
        failed=int(last["FailedCall(C)"]),
        retransmits=int(last["Retransmissions(C)"]),
    )
