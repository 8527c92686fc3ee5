"""Cuts a sentence into the pieces that are said and kept one by one, and joins their sounds."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from asr.loudness import levelled, trimmed
from asr.resample import to_rate
from asr.voice import Speech

_PIECE = re.compile(r"[^，。？！；：、,.?!;:\n]+[，。？！；：、,.?!;:\n]*")
_LONG_PAUSE = set("。？！?!\n")
_SHORT_PAUSE_SECONDS, _LONG_PAUSE_SECONDS = 0.16, 0.34
_LEAST, _MOST = 4, 40
_SPOKEN = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Fragment:
    """One piece with the pause that follows it; seconds."""

    text: str
    pause_seconds: float


def fragments(text: str) -> list[Fragment]:
    """Cut at punctuation; very short pieces stay with the next one."""
    found: list[Fragment] = []
    held = ""
    for piece in _PIECE.findall(text):
        held += piece
        long_pause = bool(set(piece) & _LONG_PAUSE)
        if len(_SPOKEN.findall(held)) < _LEAST and not long_pause:
            continue
        found += _as_fragments(held, long_pause)
        held = ""
    return found + _as_fragments(held, True)


def _as_fragments(text: str, long_pause: bool) -> list[Fragment]:
    text = text.strip()
    if not _SPOKEN.search(text):
        return []
    pause = _LONG_PAUSE_SECONDS if long_pause else _SHORT_PAUSE_SECONDS
    pieces = [text[i : i + _MOST] for i in range(0, len(text), _MOST)]
    return [*(Fragment(piece, 0.0) for piece in pieces[:-1]), Fragment(pieces[-1], pause)]


def joined(parts: Sequence[tuple[Speech, float]], rate: int = 24000) -> Speech:
    """Join sounds with their pauses, equally loud."""
    waves = []
    for speech, pause in parts:
        short = trimmed(speech, 0.02)
        waves.append(levelled(to_rate(short.wave, short.rate, rate)))
        waves.append(np.zeros(int(pause * rate), dtype=np.float32))
    return Speech(np.concatenate(waves) if waves else np.zeros(0, dtype=np.float32), rate)


def key_of(*facts: str) -> str:
    """Name a sound by what it was made of."""
    return hashlib.sha256("\0".join(facts).encode()).hexdigest()[:40]
