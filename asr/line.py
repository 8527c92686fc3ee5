"""The caller's line during one step: what they hear goes out by the clock, events come in."""

import asyncio
from collections.abc import AsyncIterator

from asr.audiosocket import (
    FRAME_BYTES,
    FRAME_SECONDS,
    HANG_UP,
    SILENCE,
    Event,
    HungUp,
    Unpacker,
    sound_frame,
)
from asr.question import now

_READ_BYTES = 16384
GAP_SECONDS = 0.1
"""After so long without a frame from the caller time passes as silence."""


class Line:
    """Speaks AudioSocket over a pair of streams. Send nothing else over them."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._unpacker = Unpacker()
        self._to_play = bytearray()
        self.first_sound_at: float | None = None
        self._sender = asyncio.create_task(self._send())

    async def events(self) -> AsyncIterator[Event | None]:
        """Give what comes, None for each gap; ends with ``HungUp``; raises ``WireError``.

        Whoever stops reading early leaves the rest for the next one who asks.
        """
        while True:
            for event in self._unpacker.feed(b""):
                yield event
                if isinstance(event, HungUp):
                    return
            try:
                async with asyncio.timeout(GAP_SECONDS):
                    received = await self._reader.read(_READ_BYTES)
            except TimeoutError:
                yield None
                continue
            except OSError:
                received = b""
            if not received:
                yield HungUp()
                return
            for event in self._unpacker.feed(received):
                yield event
                if isinstance(event, HungUp):
                    return

    def play(self, samples: bytes) -> None:
        """Say this after what is being said; 8 kHz signed 16-bit."""
        self._to_play += samples

    def hush(self) -> None:
        """Stop saying anything."""
        self._to_play.clear()

    @property
    def playing(self) -> bool:
        """Tell whether something is still to be said."""
        return bool(self._to_play)

    async def close(self) -> None:
        """Hand the call back: the hang-up frame, then the end."""
        self._sender.cancel()
        await asyncio.gather(self._sender, return_exceptions=True)
        try:
            self._writer.write(HANG_UP)
            async with asyncio.timeout(1):
                await self._writer.drain()
            self._writer.close()
            async with asyncio.timeout(1):
                await self._writer.wait_closed()
        except (OSError, TimeoutError):
            self._writer.transport.abort()

    async def _send(self) -> None:
        """Send 20 ms each 20 ms of an absolute clock, silence when there is nothing to say."""
        clock = asyncio.get_running_loop().time
        due = clock()
        while not self._writer.is_closing():
            self._writer.write(sound_frame(self._next_frame()))
            due += FRAME_SECONDS
            if due < clock() - 1:
                due = clock()
            await asyncio.sleep(max(0.0, due - clock()))

    def _next_frame(self) -> bytes:
        if not self._to_play:
            return SILENCE
        frame = bytes(self._to_play[:FRAME_BYTES])
        del self._to_play[:FRAME_BYTES]
        if self.first_sound_at is None:
            self.first_sound_at = now()
        return frame.ljust(FRAME_BYTES, b"\0")
