"""A caller's words stripped to what can be compared, with the way back to what was written."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from .sound import is_hanzi

_PAUSES = frozenset("，。！？；、：,.!?;:…\n")
_SPOKEN_NUMBERS = {
    "一一九": "119",
    "幺幺九": "119",
    "幺幺零": "110",
    "一一零": "110",
    "幺二零": "120",
    "一二零": "120",
    "幺二二": "122",
    "一二二": "122",
}
_SPOKEN = re.compile("|".join(_SPOKEN_NUMBERS))


@dataclass(frozen=True, slots=True)
class Heard:
    """Comparable characters, where each stood in the text, and before which a pause stands."""

    original: str
    characters: str
    places: tuple[int, ...]
    pauses: frozenset[int]

    def as_written(self, start: int, end: int) -> str:
        """The caller's words between two comparable positions, as the recogniser wrote them."""
        return self.original[self.places[start] : self.places[end - 1] + 1]

    def pause_between(self, start: int, end: int) -> bool:
        """Tell whether punctuation stands between two comparable positions."""
        return any(start <= at <= end for at in self.pauses)


def take(text: str, simplified: Mapping[int, str]) -> Heard:
    """Fold width, case, traditional forms and spoken 110/119/120/122; drop spaces and signs."""
    text = _SPOKEN.sub(lambda found: _SPOKEN_NUMBERS[found[0]], text)
    kept: list[str] = []
    places: list[int] = []
    pauses: set[int] = set()
    for place, written in enumerate(text):
        if written in _PAUSES:
            pauses.add(len(kept))
            continue
        plain = written if is_hanzi(written) else unicodedata.normalize("NFKC", written).lower()
        for character in plain:
            if character.isalnum():
                kept.append(character)
                places.append(place)
    return Heard(text, "".join(kept).translate(simplified), tuple(places), frozenset(pauses))
