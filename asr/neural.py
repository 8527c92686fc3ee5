"""The neural voice as a process beside the server: it has deadlines and may be killed."""

import asyncio
import json
import os
import sys
from pathlib import Path

import structlog

from asr.voice import NoVoice

log = structlog.get_logger(__name__)

_HANG_SECONDS = 30.0
CHECKOUT = Path(__file__).parent.parent


class NeuralVoice:
    """Says texts one after the other in a process; ``say`` writes a WAV of 24 kHz."""

    name = "kokoro"

    def __init__(self, voice: str, speed: float) -> None:
        self._command = [sys.executable, "-m", "asr.neural", voice, str(speed)]
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    async def warm(self) -> None:
        """Start the process before it is wanted."""
        async with self._turn:
            await self._running()

    async def say(self, text: str, wav: Path) -> None:
        """Write the sound of a text; raises ``NoVoice``."""
        async with self._turn:
            process = await self._running()
            if process.stdin is None or process.stdout is None:
                raise NoVoice("the neural voice has no line")
            try:
                asked = {"text": text, "wav": str(wav)}
                process.stdin.write(json.dumps(asked).encode() + b"\n")
                async with asyncio.timeout(_HANG_SECONDS):
                    answer = await process.stdout.readline()
            except (OSError, TimeoutError) as error:
                process.kill()
                raise NoVoice("the neural voice hangs") from error
            if not answer:
                raise NoVoice("the neural voice died")
            if problem := json.loads(answer).get("error"):
                raise NoVoice(str(problem))

    async def stop(self) -> None:
        """End the process."""
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            pipe = asyncio.subprocess.PIPE
            self._process = await asyncio.create_subprocess_exec(
                *self._command, stdin=pipe, stdout=pipe, cwd=CHECKOUT
            )
        return self._process


def _serve(voice: str, speed: float) -> None:
    """Say what standard input asks for, until it ends."""
    from asr.kokoro import KokoroVoice  # noqa: PLC0415  loaded in the process only
    from asr.sound_files import write_wav  # noqa: PLC0415

    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    speaker = KokoroVoice(voice, speed)
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            said = speaker.say(asked["text"])
            write_wav(Path(asked["wav"]), said, said.rate)
            answers.write("{}\n")
        except Exception as error:
            answers.write(json.dumps({"error": f"{type(error).__name__}: {error}"}) + "\n")


if __name__ == "__main__":
    _serve(sys.argv[1], float(sys.argv[2]))
