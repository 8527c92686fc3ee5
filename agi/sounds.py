"""Where the prompts are, and whether a sound file holds anything that could be speech."""

import wave
from array import array
from pathlib import Path

SOUNDS = "sounds/zh"
"""Where the prompts lie in the media directory."""
_LOUD = 500
"""Peak of a 20 ms frame, of 32,767, above which somebody may be speaking."""
_FRAME = 160
_LOUD_FRAMES = 10
"""Frames of 20 ms that must be loud: 0.2 s."""


def holds_speech(path: Path) -> bool:
    """Tell whether at least 0.2 s are louder than a quiet line; an unreadable file is not.

    Reads ``.wav`` (16 bit, mono) and ``.sln`` (raw 16 bit, 8 kHz).
    """
    samples = _samples(path)
    if not samples:
        return False
    loud = 0
    for start in range(0, len(samples), _FRAME):
        frame = samples[start : start + _FRAME]
        loud += max(max(frame), -min(frame)) > _LOUD
        if loud >= _LOUD_FRAMES:
            return True
    return False


def _samples(path: Path) -> "array[int]":
    found = array("h")
    try:
        if path.suffix == ".wav":
            with wave.open(str(path), "rb") as sound:
                raw = sound.readframes(sound.getnframes())
        else:
            raw = path.read_bytes()
    except (OSError, EOFError, wave.Error):
        return found
    found.frombytes(raw[: len(raw) // 2 * 2])
    return found
