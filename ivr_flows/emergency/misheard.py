"""Writes sentences as a recogniser might: other characters of the same sound."""

from collections.abc import Iterable
from random import Random

from .sound import is_hanzi, readings, spoken

_SHARE = 0.25
"""Of the characters; about what a small recogniser gets wrong on the telephone."""


class Misheard:
    """Draws characters that sound alike from those of the given texts, always the same way."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._alike: dict[str, list[str]] = {}
        for character in sorted({each for text in texts for each in text if is_hanzi(each)}):
            self._alike.setdefault(readings(character)[0][1], []).append(character)

    def of(self, text: str, variant: int = 0) -> str:
        """One hearing of a text; another variant draws others."""
        chance = Random(f"{variant} {text}")
        heard = zip(text, spoken(text), strict=True)
        return "".join(self._heard(each, sound, chance) for each, sound in heard)

    def _heard(self, character: str, sound: str, chance: Random) -> str:
        if not is_hanzi(character) or chance.random() >= _SHARE:
            return character
        return chance.choice(self._alike.get(sound, [character]))
