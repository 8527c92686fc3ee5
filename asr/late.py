"""Reads kept sounds later: one at a time, and only while no caller is being heard."""

import asyncio
import wave
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import structlog

from asr.audiosocket import FRAME_BYTES, RATE
from asr.engines import Heard
from asr.recognition import Pool, Recognition, RecognitionFailed
from asr.resample import from_pcm, to_pcm, to_rate
from asr.vad import SpeechDetector

log = structlog.get_logger(__name__)

_MOST_JOBS = 1000
_MOST_WAITING = 500
_LONGEST_SECONDS = 1800
_READ_SECONDS = 120.0
_POLITE_SECONDS = 20.0
"""A sound waits at most so long for a moment in which nobody speaks."""
_FRAME = FRAME_BYTES // 2 / RATE


class SoundRefused(Exception):
    """The sound cannot be read; ``status`` is the HTTP answer."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@dataclass(slots=True)
class Job:
    """One sound to be read."""

    path: Path
    state: str = "waiting"
    heard: Heard | None = None
    engine: str | None = None
    error: str | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def to_json(self) -> dict[str, Any]:
        """Give it as plain values."""
        heard = (self.heard or Heard("")).to_json()
        return {"state": self.state, **heard, "engine": self.engine, "error": self.error}


def read_sound(path: Path) -> bytes:
    """Read a WAV of any rate, or raw .sln, as 8 kHz 16-bit mono; raises ``SoundRefused``."""
    try:
        if path.suffix == ".sln":
            samples = path.read_bytes()
        else:
            with wave.open(str(path), "rb") as sound:
                if sound.getsampwidth() != 2:
                    raise SoundRefused(422, f"{path.name}: not 16-bit sound")
                if sound.getnframes() > _LONGEST_SECONDS * sound.getframerate():
                    raise SoundRefused(422, f"{path.name}: longer than {_LONGEST_SECONDS} s")
                samples = sound.readframes(sound.getnframes())
                channels, rate = sound.getnchannels(), sound.getframerate()
            wave_form = from_pcm(samples[: len(samples) // (2 * channels) * 2 * channels])
            mono = wave_form.reshape(-1, channels).mean(axis=1)
            samples = to_pcm(to_rate(mono, rate, RATE))
    except FileNotFoundError:
        raise SoundRefused(404, f"{path.name}: no such sound") from None
    except (OSError, EOFError, wave.Error, ZeroDivisionError) as error:
        raise SoundRefused(422, f"{path.name}: {error or 'empty'}") from error
    return samples[: len(samples) // 2 * 2]


def speech_of(samples: bytes, around_seconds: float = 0.3) -> list[tuple[float, bytes]]:
    """Cut a sound into frames and keep those near speech, each with its second."""
    detector = SpeechDetector()
    count = len(samples) // FRAME_BYTES
    frames = [samples[i * FRAME_BYTES : (i + 1) * FRAME_BYTES] for i in range(count)]
    near = round(around_seconds / _FRAME)
    keep = [False] * count
    for index, frame in enumerate(frames):
        if detector.is_speech(frame):
            for i in range(max(0, index - near), min(count, index + near + 1)):
                keep[i] = True
    return [(i * _FRAME, frame) for i, frame in enumerate(frames) if keep[i]]


async def read_words(pool: Pool, samples: bytes) -> tuple[Heard, str | None]:
    """Read the words of a whole sound of 8 kHz; raises ``RecognitionFailed``."""
    spoken = await asyncio.to_thread(speech_of, samples)
    if len(spoken) * _FRAME < 0.8:
        return Heard(""), None
    recognition = Recognition(pool, lambda _: None)
    recognition.begin()
    before = 0.0
    try:
        for at, frame in spoken:
            if at - before > 1.0:
                recognition.pause()
                await asyncio.sleep(0)
            recognition.sound(frame)
            before = at
        return await recognition.finish(_READ_SECONDS), recognition.engine
    finally:
        recognition.drop()


class Late:
    """The queue of sounds to be read. ``run`` it as a task."""

    def __init__(self, media: Path, pool: Pool, busy: Callable[[], bool]) -> None:
        self._media = media
        self._pool = pool
        self._busy = busy
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._queue: asyncio.Queue[Job] = asyncio.Queue(_MOST_WAITING)

    def ask(self, sound: str) -> str:
        """Take a sound of the media directory; gives the job's id; raises ``SoundRefused``."""
        path = (self._media / sound).resolve()
        if not path.is_relative_to(self._media.resolve()):
            raise SoundRefused(422, "outside the media directory")
        if not path.is_file():
            raise SoundRefused(404, f"{sound}: no such sound")
        if self._queue.full():
            raise SoundRefused(429, "too many sounds wait already")
        job = Job(path)
        name = str(uuid4())
        self._jobs[name] = job
        self._queue.put_nowait(job)
        while len(self._jobs) > _MOST_JOBS:
            self._jobs.popitem(last=False)
        return name

    async def result(self, name: str, wait_seconds: float) -> dict[str, Any] | None:
        """Give a job's state and words, waiting for them so long."""
        job = self._jobs.get(name)
        if job is None:
            return None
        if wait_seconds:
            with suppress(TimeoutError):
                await asyncio.wait_for(job.over.wait(), wait_seconds)
        return job.to_json()

    async def run(self) -> None:
        """Read sound after sound."""
        while True:
            job = await self._queue.get()
            await self._wait_for_quiet()
            job.state = "recognising"
            try:
                samples = await asyncio.to_thread(read_sound, job.path)
                job.heard, job.engine = await read_words(self._pool, samples)
                job.state = "done"
            except (RecognitionFailed, SoundRefused) as error:
                job.state, job.error = "failed", str(error)
                log.warning("sound could not be read", sound=job.path.name, error=str(error))
            finally:
                job.over.set()

    async def _wait_for_quiet(self) -> None:
        for _ in range(int(_POLITE_SECONDS / 0.2)):
            if not self._busy():
                return
            await asyncio.sleep(0.2)
