"""Finds what a step plays, as 8 kHz sound, without making the caller wait for all of it."""

import asyncio
import wave
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache
from pathlib import Path

import structlog

from asr.audiosocket import RATE
from asr.question import Played

log = structlog.get_logger(__name__)

Say = Callable[[str], Awaitable[str]]
"""Makes a sentence; gives its media-relative name without extension."""


@lru_cache(maxsize=512)
def _samples(path: str, _changed: int) -> bytes:
    with wave.open(path, "rb") as sound:
        if (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) != (RATE, 1, 2):
            raise wave.Error("not 8 kHz 16-bit mono")
        return sound.readframes(sound.getnframes())


def load(path: Path) -> bytes:
    """Read a WAV of 8 kHz 16-bit mono; one that is missing or broken is silence and a log line."""
    try:
        return _samples(str(path), path.stat().st_mtime_ns)
    except (OSError, EOFError, wave.Error) as error:
        log.error("sound cannot be played", path=str(path), error=str(error))
        return b""


class Script:
    """What is played in a step, in order; sentences are made while what precedes them plays."""

    def __init__(self, sounds: Sequence[Played], media: Path, say: Say) -> None:
        self._media = media
        self._say = say
        self._parts: deque[asyncio.Task[bytes]] = deque(
            asyncio.ensure_future(self._part(sound)) for sound in sounds
        )

    @property
    def over(self) -> bool:
        """Tell whether everything was handed out."""
        return not self._parts

    def ready(self) -> bytes:
        """Hand out what can be played now, each piece once."""
        samples = b""
        while self._parts and self._parts[0].done():
            part = self._parts.popleft()
            if not part.cancelled() and not part.exception():
                samples += part.result()
        return samples

    def stop(self) -> None:
        """Forget what was not handed out."""
        for part in self._parts:
            part.cancel()
        self._parts.clear()

    async def _part(self, sound: Played) -> bytes:
        if sound.text is not None:
            try:
                name = await self._say(sound.text)
            except Exception as error:
                log.error("sentence could not be said", error=str(error))
                return b""
        else:
            name = sound.file or f"sounds/zh/{sound.prompt}"
        return load(self._media / f"{name}.wav")
