"""What a recogniser does to a sentence, imitated: characters give way to homophones."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from backend.intake import sound
from backend.intake.dataset import TRAIN, read
from backend.intake.gazetteer import load

SHARE = 0.15
"""The share of characters that is replaced."""


@lru_cache(maxsize=1)
def _alike() -> dict[str, tuple[str, ...]]:
    """For each sound, without tone, the characters that have it."""
    known = {c for s in read(TRAIN) for c in s.text} | {c for form in load().by_form for c in form}
    groups: dict[str, list[str]] = {}
    for character in sorted(c for c in known if "\u4e00" <= c <= "\u9fff"):
        groups.setdefault(sound.folded(sound.syllable(character)), []).append(character)
    return {reading: tuple(group) for reading, group in groups.items()}


def noisy(text: str, share: float = SHARE) -> str:
    """The text with about `share` of its hanzi replaced by homophones, always the same ones."""
    return "".join(_heard(text, at, character, share) for at, character in enumerate(text))


def _heard(text: str, at: int, character: str, share: float) -> str:
    group = _alike().get(sound.folded(sound.syllable(character)), ())
    others = [other for other in group if other != character]
    seed = hashlib.sha256(f"{text}\0{at}".encode()).digest()
    if not others or not "\u4e00" <= character <= "\u9fff" or seed[0] >= share * 256:
        return character
    return others[seed[1] % len(others)]
