"""Measures how late words are: n calls at once, in real time, through the server and without it.

``python -m asr.bench delay`` prints the delay from the end of a step to its final words for open
dictation and closed questions; ``python -m asr.bench bare`` measures a bare loop around the
library on the same cores, to compare with. Both print JSON.
"""

import argparse
import asyncio
import json
import os
import struct
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import numpy as np

from asr.late import read_sound
from asr.resample import Upsampler

FRAME = 320
_PAUSE_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class Target:
    """The server that is measured."""

    url: str
    token: str
    port: int


def spread(values: list[float]) -> dict[str, float | int | None]:
    """Give the number, median and 95th percentile of seconds."""
    if not values:
        return {"n": 0, "p50": None, "p95": None}
    p50, p95 = np.percentile(values, [50, 95])
    return {"n": len(values), "p50": round(float(p50), 3), "p95": round(float(p95), 3)}


async def one_call(
    target: Target, http: httpx.AsyncClient, sound: bytes, grammar: list[str], wait: float
) -> dict[str, Any] | None:
    """Place one call after ``wait`` seconds; gives its result, None when it was refused."""
    await asyncio.sleep(wait)
    listen_id = uuid4()
    asked = {
        "listen_id": str(listen_id),
        "call_id": "bench",
        "profile": "menu" if grammar else "statement",
        "emergency": False,
        "grammar": grammar or None,
    }
    answer = await http.post("/listen", json=asked)
    if answer.status_code == 429:
        return None
    answer.raise_for_status()
    await _speak(target.port, listen_id.bytes, sound)
    read = await http.get(f"/listen/{listen_id}", params={"wait_seconds": 25}, timeout=40)
    result: dict[str, Any] = read.json()
    return result


async def _speak(port: int, listen_id: bytes, sound: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(struct.pack(">BH", 1, 16) + listen_id)
    drained = asyncio.create_task(reader.read(-1))
    clock = asyncio.get_running_loop().time
    began, sent = clock(), 0
    most = len(sound) // FRAME + int(_PAUSE_SECONDS / 0.02)
    while not drained.done() and sent < most:
        frame = sound[sent * FRAME : (sent + 1) * FRAME].ljust(FRAME, b"\0")
        writer.write(struct.pack(">BH", 0x10, FRAME) + frame)
        sent += 1
        await asyncio.sleep(max(0.0, began + sent * 0.02 - clock()))
    drained.cancel()
    await asyncio.gather(drained, return_exceptions=True)
    writer.close()


async def delays(
    target: Target, sound: bytes, calls: int, grammar: list[str], rounds: int
) -> dict[str, Any]:
    """Measure so many calls at once, so many times."""
    late: list[float] = []
    refused = failed = 0
    headers = {"Authorization": f"Bearer {target.token}"}
    async with httpx.AsyncClient(
        base_url=target.url, headers=headers, trust_env=False, timeout=40
    ) as http:
        for _ in range(rounds):
            waits = np.linspace(0, 1.5, calls)
            answers = await asyncio.gather(
                *(one_call(target, http, sound, grammar, float(w)) for w in waits)
            )
            for result in answers:
                if result is None:
                    refused += 1
                elif result["state"] != "done":
                    failed += 1
                else:
                    times = result["times"]
                    late.append(times["final_text"] - times["ended"])
    kind = "closed" if grammar else "open"
    return {"kind": kind, "calls": calls, "refused": refused, "failed": failed, **spread(late)}


def bare_loop(model: Path, sound: bytes, streams: int) -> dict[str, Any]:
    """Decode so many streams in real time in threads of one process; tells how late they end."""
    import vosk  # noqa: PLC0415  only this measurement loads the library here

    vosk.SetLogLevel(-1)
    loaded = vosk.Model(str(model))
    late: list[float] = []

    def stream(wait: float) -> None:
        time.sleep(wait)
        recogniser = vosk.KaldiRecognizer(loaded, 16000)
        upsampler = Upsampler()
        began = time.monotonic()
        for start in range(0, len(sound), 1600):
            recogniser.AcceptWaveform(upsampler.more(sound[start : start + 1600]))
            time.sleep(max(0.0, began + (start + 1600) / 16000 - time.monotonic()))
        recogniser.FinalResult()
        late.append(time.monotonic() - began - len(sound) / 16000)

    threads = [threading.Thread(target=stream, args=(i * 1.5 / streams,)) for i in range(streams)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"kind": "bare", "calls": streams, **spread(late)}


def main() -> int:
    """Measure what is asked for and print one JSON line for each measurement."""
    parser = argparse.ArgumentParser(prog="asr.bench", description=__doc__)
    parser.add_argument("what", choices=("delay", "bare"))
    parser.add_argument("--sound", type=Path, required=True)
    parser.add_argument("--calls", type=int, nargs="+", default=[2])
    parser.add_argument("--words", default="", help="a closed grammar, words with commas")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--model", type=Path, help="for bare: the Vosk model")
    asked = parser.parse_args()
    sound = read_sound(asked.sound)
    grammar = [word for word in asked.words.split(",") if word]
    if asked.what == "delay":
        target = Target(
            f"http://127.0.0.1:{os.environ['HOTLINE_ASR_PORT']}",
            os.environ["HOTLINE_SERVICE_TOKEN"],
            int(os.environ["HOTLINE_AUDIOSOCKET_PORT"]),
        )
    for calls in asked.calls:
        if asked.what == "bare":
            found = bare_loop(asked.model, sound, calls)
        else:
            found = asyncio.run(delays(target, sound, calls, grammar, asked.rounds))
        found["load"] = round(os.getloadavg()[0], 2)
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
