"""One utterance at a recogniser process, seen from the server.

When the process dies or hangs the utterance is told once more to another seat; when that one
dies too, it fails and the sound, which is kept anyway, is read later.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

import structlog

from asr.engines import Heard
from asr.seat import Word

log = structlog.get_logger(__name__)

OPEN_SECONDS = 1.0
SEAT_SECONDS = 2.0
MOST_TRIES = 8
PIECE_BYTES = 1600
"""Sound goes to the recogniser 0.1 s at a time."""


class RecognitionFailed(Exception):
    """The words cannot be had now; the sound is kept."""


class SeatLost(Exception):
    """The process behind a seat is gone or does not answer."""


class Chair(Protocol):
    """A seat at a recogniser process. Methods raise ``SeatLost``."""

    engine: str

    def tell(self, word: Word, payload: bytes = b"") -> None:
        """Say something down the line."""
        ...

    async def open(self, grammar: Sequence[str], so_far: Callable[[str], None]) -> None:
        """Begin an utterance; ``so_far`` is told the words as they come."""
        ...

    async def final(self, within_seconds: float) -> Heard:
        """Wait for the words after FINISH; raises ``RecognitionFailed`` for a refused one."""
        ...

    def condemn(self) -> None:
        """End the process, which hangs."""
        ...


class Pool(Protocol):
    """Where seats are had."""

    async def take(self, within_seconds: float) -> Chair:
        """Give a free seat, or raise ``RecognitionFailed``."""
        ...

    def give_back(self, chair: Chair) -> None:
        """Free a seat."""
        ...


class Recognition:
    """One utterance: ``begin``, then ``sound`` and ``pause`` as it goes, ``finish``, ``drop``."""

    def __init__(
        self, pool: Pool, so_far: Callable[[str], None], grammar: Sequence[str] = ()
    ) -> None:
        self._pool = pool
        self._so_far = so_far
        self._grammar = grammar
        self._said = bytearray()
        self._told = 0
        self._chair: Chair | None = None
        self._opening: asyncio.Task[Chair] | None = None
        self._lives = 2
        self.engine: str | None = None

    def begin(self) -> None:
        """Take a seat while the prompt is played; sound that comes earlier is not lost."""
        self._opening = asyncio.create_task(self._open())
        self._opening.add_done_callback(lambda task: task.cancelled() or task.exception())

    def sound(self, samples: bytes) -> None:
        """Pass on the next piece of 8 kHz speech."""
        self._said += samples
        if len(self._said) - self._told >= PIECE_BYTES:
            self._tell_sound()

    def pause(self) -> None:
        """The caller paused: what was said may be read already."""
        self._tell_sound()
        self._tell(Word.PAUSE)

    async def finish(self, within_seconds: float) -> Heard:
        """Give the final words; raises ``RecognitionFailed``."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + within_seconds
        if self._opening:
            with suppress(RecognitionFailed):
                await self._opening
        while True:
            chair = self._chair or await self._open()
            try:
                self._tell_sound()
                chair.tell(Word.FINISH)
                heard = await chair.final(max(0.5, deadline - clock()))
            except SeatLost as error:
                chair.condemn()
                self._chair = None
                if self._lives <= 0 or clock() >= deadline:
                    raise RecognitionFailed(str(error)) from error
                log.warning("utterance told to another recogniser", error=str(error))
                continue
            self.drop()
            return heard

    def drop(self) -> None:
        """Free the seat; the words are no longer wanted, or are there."""
        if self._opening and not self._opening.done():
            self._opening.cancel()
        chair, self._chair = self._chair, None
        if chair:
            with suppress(SeatLost):
                chair.tell(Word.DROP)
            self._pool.give_back(chair)

    async def _open(self) -> Chair:
        if self._lives <= 0:
            raise RecognitionFailed("the recogniser died twice over one utterance")
        self._lives -= 1
        for _ in range(MOST_TRIES):
            chair = await self._pool.take(SEAT_SECONDS)
            try:
                await chair.open(self._grammar, self._so_far)
            except SeatLost:
                chair.condemn()
                continue
            except BaseException:
                self._pool.give_back(chair)
                raise
            self._chair, self.engine, self._told = chair, chair.engine, 0
            self._tell_sound()
            return chair
        raise RecognitionFailed("no recogniser answers")

    def _tell_sound(self) -> None:
        if self._chair and len(self._said) > self._told:
            piece = bytes(self._said[self._told :])
            self._told = len(self._said)
            self._tell(Word.SOUND, piece)

    def _tell(self, word: Word, payload: bytes = b"") -> None:
        if self._chair is None:
            return
        try:
            self._chair.tell(word, payload)
        except SeatLost:
            self._chair = None
            if self._lives > 0 and (self._opening is None or self._opening.done()):
                self.begin()
