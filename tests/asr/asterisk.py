"""Asterisk's side of an AudioSocket, played over a real connection in real time."""

import asyncio
import struct
import wave
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

FRAME = 320


def pcm(path: Path) -> bytes:
    with wave.open(str(path), "rb") as sound:
        return sound.readframes(sound.getnframes())


@dataclass
class Leg:
    """One call's connection. ``heard`` is what the caller heard, frame by frame."""

    port: int
    listen_id: UUID
    heard: list[bytes] = field(default_factory=list)
    handed_back: bool = False

    async def speak(
        self, sound: bytes, *, keys: Sequence[tuple[float, str]] = (), seconds: float = 30
    ) -> None:
        """Say a sound, press keys at their seconds, then be silent until handed back."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(struct.pack(">BH", 1, 16) + self.listen_id.bytes)
        listening = asyncio.create_task(self._listen(reader))
        clock = asyncio.get_running_loop().time
        began, sent, waiting = clock(), 0, list(keys)
        while not listening.done() and clock() - began < seconds:
            frame = sound[sent * FRAME : (sent + 1) * FRAME].ljust(FRAME, b"\0")
            writer.write(struct.pack(">BH", 0x10, FRAME) + frame)
            sent += 1
            while waiting and waiting[0][0] <= sent * 0.02:
                writer.write(struct.pack(">BH", 3, 1) + waiting.pop(0)[1].encode())
            await asyncio.sleep(max(0.0, began + sent * 0.02 - clock()))
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        try:
            while True:
                kind, size = struct.unpack(">BH", await reader.readexactly(3))
                payload = await reader.readexactly(size)
                if kind == 0x10:
                    self.heard.append(payload)
                if kind == 0:
                    self.handed_back = True
                    return
        except (OSError, EOFError):
            return

    @property
    def loud_seconds(self) -> float:
        """Count the seconds in which something was to be heard."""
        return sum(any(frame) for frame in self.heard) * 0.02
