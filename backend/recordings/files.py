"""What lies in the media directory for a call, and when it has come to rest."""

from __future__ import annotations

import hashlib
import time
import uuid
import wave
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

SLN_BYTES_A_SECOND = 16_000
"""Raw sound of the telephone: 8 kHz, 16 bits, one channel."""
RECORDINGS, MESSAGES = "recordings", "messages"


@dataclass(frozen=True, slots=True)
class Note:
    """What the dialplan noted before anything else, in recordings/<call id>.call."""

    call_id: uuid.UUID
    at: datetime
    caller: str
    called: str
    sip_call_id: str


@dataclass(frozen=True, slots=True)
class Sound:
    """One settled sound file, named relative to the media directory."""

    file: str
    sha256: str
    bytes: int
    seconds: float | None
    changed_at: datetime


def open_notes(media: Path) -> list[uuid.UUID]:
    """Name the calls whose note has not been taken in yet."""
    found = []
    for path in (media / RECORDINGS).glob("*.call"):
        try:
            found.append(uuid.UUID(path.stem))
        except ValueError:
            continue
    return found


def read_note(media: Path, call_id: uuid.UUID) -> Note | None:
    """Read a call's note, whatever its line holds; None if it is gone."""
    path = note_of(media, call_id)
    try:
        line = path.read_text(encoding="utf-8", errors="replace").strip()
        changed = path.stat().st_mtime
    except FileNotFoundError:
        return None
    epoch, caller, called, sip_call_id = [*line.split("|", 3), "", "", "", ""][:4]
    return Note(
        call_id=call_id,
        at=datetime.fromtimestamp(_epoch(epoch, changed), UTC),
        caller=_digits(caller),
        called=_digits(called),
        sip_call_id=sip_call_id[:300],
    )


def note_of(media: Path, call_id: uuid.UUID) -> Path:
    """Return the path of a call's note."""
    return media / RECORDINGS / f"{call_id}.call"


def paths_of(media: Path, call_id: uuid.UUID) -> list[Path]:
    """Return the sound files of a call: both sides of it, those of calls back, messages."""
    sides = [
        path
        for side in ("caller", "hotline")
        for ending in (".sln", ".wav")
        if (path := media / RECORDINGS / f"{call_id}-{side}{ending}").exists()
    ]
    later = sorted((media / RECORDINGS).glob(f"{call_id}-*-[0-9]*.sln"))
    return sides + later + sorted((media / MESSAGES).glob(f"{call_id}-*.wav"))


def resting_seconds(media: Path, call_id: uuid.UUID) -> float:
    """Return for how long no file of a call has changed."""
    changes = []
    for path in [note_of(media, call_id), *paths_of(media, call_id)]:
        try:
            changes.append(path.stat().st_mtime)
        except FileNotFoundError:
            continue
    return time.time() - max(changes, default=time.time())


def measure(media: Path, path: Path) -> Sound:
    """Hash a settled file and measure its length."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    stat = path.stat()
    return Sound(
        file=str(path.relative_to(media)),
        sha256=digest,
        bytes=stat.st_size,
        seconds=_seconds(path, stat.st_size),
        changed_at=datetime.fromtimestamp(stat.st_mtime, UTC),
    )


def _seconds(path: Path, size: int) -> float | None:
    if path.suffix == ".sln":
        return round(size / SLN_BYTES_A_SECOND, 2)
    try:
        with wave.open(str(path)) as sound:
            frames, rate = int(sound.getnframes()), int(sound.getframerate())
            return round(frames / rate, 2)
    except (wave.Error, EOFError, ZeroDivisionError):
        return None


def _epoch(text: str, otherwise: float) -> float:
    try:
        epoch = float(text)
    except ValueError:
        return otherwise
    return epoch if 946_684_800 <= epoch < 7_000_000_000 else otherwise


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isascii() and sign.isdigit())[:32]
