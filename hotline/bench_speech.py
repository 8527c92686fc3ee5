"""Measure a running hotline on spoken cases: every case is one real call."""

import asyncio
import csv
import json
from pathlib import Path
from typing import Any

import soundfile

from hotline.call import call
from hotline.instance import InstanceError
from hotline.programs import Env
from hotline.scores import FIELDS, Case, by_voice, score

NEEDED = ("id", "text", "wav")

DELAY_SECONDS = 6.0
"""The caller speaks when the greeting is over."""

LEAVES_SECONDS = 6.0
"""How long after the last word the caller hangs up: later than the longest endpoint."""


def read(directory: Path) -> list[Case]:
    """Read cases.tsv of a set; raises InstanceError naming every line that cannot be used."""
    table = directory / "cases.tsv"
    if not table.is_file():
        raise InstanceError(f"no cases.tsv in {directory}: it names the cases, one a line")
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    if not rows:
        raise InstanceError(f"{table} holds no case")
    if missing := [name for name in NEEDED if name not in rows[0]]:
        raise InstanceError(f"{table} has no column {', '.join(missing)}")
    lost = [row["wav"] for row in rows if not (directory / row["wav"]).is_file()]
    if lost:
        raise InstanceError(f"{table} names WAVs that are not there: {', '.join(lost[:5])}")
    labels = [name for name in FIELDS if name in rows[0]]
    return [
        Case(row["id"], row["text"], row["wav"], {n: row[n] or "" for n in labels}, _voice(row))
        for row in rows
    ]


def _voice(row: dict[str, str]) -> str:
    return f"{row['voice']} at {row.get('speed') or '1.0'}" if row.get("voice") else ""


async def measure(env: Env, directory: Path) -> None:
    """Call once for each case and print the table, then the same as one JSON line."""
    cases = read(directory)
    results = []
    for number, case in enumerate(cases, 1):
        result = await one(env, directory / case.wav, number)
        results.append(result)
        print(f"[{number}/{len(cases)}] {case.id}  said:  {case.text}", flush=True)
        print(f"{'':>{len(str(number)) + 6}} heard: {result['transcript']}", flush=True)
    total = score(cases, results)
    print(f"{'figure':<12}{'value':>8}{'cases':>8}")
    for row in total.rows():
        value = "-" if row["value"] is None else f"{row['value']:.1%}"
        print(f"{row['figure']:<12}{value:>8}{row['of']:>8}")
    voices = by_voice(cases, results)
    for voice, alone in voices.items():
        print(f"cer of {voice}: {alone.cer:.1%} of {alone.cases}")
    figures = {"set": directory.name, "cases": total.cases, "figures": total.rows()}
    print(json.dumps(figures | {"cer_by_voice": {v: round(s.cer, 4) for v, s in voices.items()}}))


async def one(env: Env, wav: Path, number: int) -> dict[str, Any]:
    """Place the call of one case, from a number of its own."""
    length = await asyncio.to_thread(lambda: soundfile.info(wav).duration)
    leaves = DELAY_SECONDS + length + LEAVES_SECONDS
    caller = f"138{number:08d}"
    return await call(env, wav, caller=caller, keys="", delay=DELAY_SECONDS, hangup=leaves)
