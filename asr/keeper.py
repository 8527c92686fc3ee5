"""Keeps what a step heard: written as it comes, so that a killed server loses nothing."""

import wave
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from asr.audiosocket import RATE

_WRITE_BYTES = RATE // 5 * 2


class Keeper:
    """Writes ``utterances/<id>.sln`` (raw 8 kHz s16le) while it is heard, a WAV at the end."""

    def __init__(self, media: Path, listen_id: UUID) -> None:
        self._raw = media / "utterances" / f"{listen_id}.sln"
        self._raw.parent.mkdir(parents=True, exist_ok=True)
        self._file: BinaryIO | None = self._raw.open("wb", buffering=0)
        self._held = bytearray()
        self.seconds = 0.0

    def write(self, samples: bytes) -> None:
        """Keep the next piece."""
        self._held += samples
        self.seconds += len(samples) / 2 / RATE
        if len(self._held) >= _WRITE_BYTES:
            self._flush()

    def close(self, *, keep: bool) -> str | None:
        """Make it a WAV and give its media-relative name, or remove what nobody spoke in."""
        self._flush()
        if self._file:
            self._file.close()
            self._file = None
        if not keep:
            self._raw.unlink(missing_ok=True)
            return None
        return f"utterances/{as_wav(self._raw).name}"

    def _flush(self) -> None:
        if self._file and self._held:
            self._file.write(self._held)
            self._held.clear()


def as_wav(raw: Path, rate: int = RATE) -> Path:
    """Turn a raw sound into a WAV beside it, in one move."""
    target, part = raw.with_suffix(".wav"), raw.with_suffix(".part")
    with wave.open(str(part), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(raw.read_bytes())
    part.replace(target)
    raw.unlink(missing_ok=True)
    return target
