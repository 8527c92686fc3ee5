"""Measure a running hotline under many real calls that speak: times, failures, CPU and memory."""

import asyncio
import json
import math
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import httpx

from hotline.call import record
from hotline.demo import COMPLAINT, VOICE, spoken
from hotline.instance import PREFIX, InstanceError
from hotline.programs import Env
from hotline.sipp import Load, Sent, send
from hotline.usage import Usage, watch

RECORD_SECONDS = 120.0
"""How long after the last call its record may take: late transcription comes after the load."""


async def measure(env: Env, calls: int, rate: float) -> None:
    """Place the calls, read their records, and print a table and one JSON line."""
    wav = await asyncio.to_thread(spoken, env, COMPLAINT, VOICE)
    allowed = env[f"{PREFIX}TRUNK_MATCH"].split(",")
    if len(allowed) < 2:
        raise InstanceError(
            f"{PREFIX}TRUNK_MATCH needs a second address (127.0.0.3) for the calls of the load"
        )
    target = f"{env[f'{PREFIX}SIP_HOST']}:{env[f'{PREFIX}SIP_PORT']}"
    load = Load(calls, rate, target, allowed[1])
    print(f"{calls} calls, {rate:g} a second, each speaks {wav.name} and stays", flush=True)
    with tempfile.TemporaryDirectory(prefix="load-") as work:
        async with watch(env) as usage:
            sent = await send(load, wav, Path(work))
    print("reading the records of the calls", flush=True)
    rows = await records(env, sent)
    report(sent, rows, usage)


async def records(env: Env, sent: Sent) -> list[dict[str, Any]]:
    """Return the backend's record of every call that it knows."""
    headers = {"Authorization": f"Bearer {env[f'{PREFIX}SERVICE_TOKEN']}"}
    base = f"http://{env[f'{PREFIX}BACKEND_HOST']}:{env[f'{PREFIX}BACKEND_PORT']}"
    async with httpx.AsyncClient(base_url=base, headers=headers, timeout=10) as backend:
        found = [await record(backend, call_id, RECORD_SECONDS) for call_id in sent.call_ids]
    return [row for row in found if row is not None]


def figures(sent: Sent, rows: Iterable[Mapping[str, Any]]) -> dict[str, list[float]]:
    """Collect the times of a load in seconds: set-up, first sound, and final words.

    ``final_words`` counts from the moment the hotline decided that the caller had finished, and
    ``final_words_with_silence`` from the caller's last sound.
    """
    first, beyond, whole = [], [], []
    for row in rows:
        answered = row["times"]["answered"]
        for one in row["utterances"][:1]:
            times = one.get("times") or {}
            if answered and times.get("first_sound") and one["step"] in row["path"][:1]:
                first.append(times["first_sound"] - answered)
            if times.get("final_text") and times.get("speech_end") and not one["late"]:
                whole.append(times["final_text"] - times["speech_end"])
                beyond.append(times["final_text"] - (times.get("ended") or times["speech_end"]))
    return {
        "setup": sent.setup_seconds,
        "first_sound": sorted(first),
        "final_words": sorted(beyond),
        "final_words_with_silence": sorted(whole),
    }


def quantile(ordered: list[float], share: float) -> float | None:
    """Return the smallest value that at least this share of all values do not exceed."""
    if not ordered:
        return None
    return round(ordered[math.ceil(share * len(ordered)) - 1], 3)


def report(sent: Sent, rows: list[dict[str, Any]], usage: Usage) -> None:
    """Print the table, then everything as one JSON line."""
    print(f"{'seconds':<26}{'calls':>6}{'p50':>9}{'p95':>9}{'p99':>9}")
    times: dict[str, Any] = {}
    for name, values in figures(sent, rows).items():
        shares = {f"p{int(s * 100)}": quantile(values, s) for s in (0.5, 0.95, 0.99)}
        times[name] = {"calls": len(values), **shares}
        shown = "".join(f"{'-' if v is None else f'{v:.3f}':>9}" for v in shares.values())
        print(f"{name:<26}{len(values):>6}{shown}")
    heard = [row for row in rows if row["transcript"]]
    late = [row for row in rows if any(one["late"] for one in row["utterances"])]
    counts = {
        "calls": len(sent.call_ids),
        "failed": sent.failed,
        "retransmits": sent.retransmits,
        "known_to_backend": len(rows),
        "with_words": len(heard),
        "words_came_later": len(late),
        "tickets": sum(1 for row in rows if row["ticket"]),
    }
    print("  ".join(f"{name} {value}" for name, value in counts.items()))
    print(f"{'program':<12}{'CPU cores':>10}{'most MB':>10}")
    for name, used in usage.programs.items():
        print(f"{name:<12}{used.cores:>10.2f}{used.most_bytes / 1e6:>10.0f}")
    programs = {
        name: {"cores": round(used.cores, 3), "most_mb": round(used.most_bytes / 1e6)}
        for name, used in usage.programs.items()
    }
    print(json.dumps({"counts": counts, "seconds": times, "programs": programs}))
