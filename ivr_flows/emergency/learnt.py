"""A second ear: weights learnt from labelled sentences, for dangers told in words nobody listed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import log, sqrt
from pathlib import Path

from .sound import spoken

KINDS = ("none", "110", "119", "120", "122")
COLUMNS = ("mark", "rarity", "danger", *KINDS[1:])
WEIGHTS = Path(__file__).with_name("learnt.tsv")
_MOST_CHARACTERS = 3
_MOST_SOUNDS = 4


@dataclass(frozen=True, slots=True)
class Impression:
    """Log-odds of danger (above 0: more likely than not) and the service it sounds like.

    known: the share of the characters that were learnt; of a strange tongue it knows nothing.
    """

    danger: float
    service: str
    known: float


def marks(characters: str) -> Iterator[str]:
    """What a sentence is judged by: runs of characters and runs of sounds.

    Sounds are folded as they are confused on the telephone; ^ and $ are the sentence's ends.
    """
    written = f"^{characters}$"
    for size in range(1, _MOST_CHARACTERS + 1):
        for start in range(len(written) - size + 1):
            yield written[start : start + size]
    sounds = ["^", *spoken(characters), "$"]
    for size in range(1, _MOST_SOUNDS + 1):
        for start in range(len(sounds) - size + 1):
            yield " ".join(sounds[start : start + size]) + " "


def measured(found: Iterable[str], rarity: Mapping[str, float]) -> dict[str, float]:
    """The known marks of a sentence, weighed by rarity, with length 1 in all."""
    counted = Counter(mark for mark in found if mark in rarity)
    raw = {mark: (1 + log(times)) * rarity[mark] for mark, times in counted.items()}
    length = sqrt(sum(value * value for value in raw.values())) or 1.0
    return {mark: value / length for mark, value in raw.items()}


class Learnt:
    """The learnt weights: by mark a rarity, a weight for danger and one for each service."""

    def __init__(self, rarity: Mapping[str, float], weights: Mapping[str, Sequence[float]]) -> None:
        self._rarity = rarity
        self._weights = weights

    def impression(self, characters: str, signs: Iterable[str] = ()) -> Impression:
        """Judge a whole sentence of comparable characters, and the signs that its cues left."""
        values = measured((*marks(characters), *signs), self._rarity)
        none = self._weights[""]
        danger = none[0] + sum(self._weights[mark][0] * value for mark, value in values.items())
        services = [
            none[place] + sum(self._weights[mark][place] * value for mark, value in values.items())
            for place in range(1, len(KINDS))
        ]
        best = KINDS[1 + max(range(len(services)), key=services.__getitem__)]
        known = sum(each in self._rarity for each in characters) / (len(characters) or 1)
        return Impression(danger, best, known)


@cache
def built_in() -> Learnt:
    """The weights that stand beside this file."""
    rarity: dict[str, float] = {}
    weights: dict[str, tuple[float, ...]] = {}
    for line in WEIGHTS.read_text("utf-8").splitlines()[1:]:
        mark, rare, *columns = line.split("\t")
        weights[mark] = tuple(map(float, columns))
        if mark:
            rarity[mark] = float(rare)
    return Learnt(rarity, weights)
