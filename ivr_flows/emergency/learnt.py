"""A second ear: weights learnt from labelled sentences, for dangers told in words nobody listed."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import exp, log, sqrt
from pathlib import Path

from .sound import is_hanzi, readings

KINDS = ("none", "110", "119", "120", "122")
WEIGHTS = Path(__file__).with_name("learnt.tsv")


@dataclass(frozen=True, slots=True)
class Impression:
    """Log-odds of danger (above 0: more likely than not) and the service it sounds like.

    known: the share of the characters that were learnt; of a strange tongue it knows nothing.
    """

    danger: float
    service: str
    known: float


def marks(characters: str) -> Iterator[str]:
    """What a sentence is judged by: characters, pairs and triples, and pairs of sounds."""
    sounds = [readings(each)[0][1] if is_hanzi(each) else each for each in characters]
    for size in (1, 2, 3):
        for start in range(len(characters) - size + 1):
            yield characters[start : start + size]
    for one, other in pairwise(sounds):
        yield f"{one} {other}"


def measured(characters: str, rarity: Mapping[str, float]) -> dict[str, float]:
    """The known marks of a sentence, weighed by rarity, with length 1 in all."""
    counted = Counter(mark for mark in marks(characters) if mark in rarity)
    raw = {mark: (1 + log(times)) * rarity[mark] for mark, times in counted.items()}
    length = sqrt(sum(value * value for value in raw.values())) or 1.0
    return {mark: value / length for mark, value in raw.items()}


def odds(scores: Sequence[float]) -> float:
    """Log-odds of any danger against none, from one score for each of KINDS."""
    top = max(scores[1:])
    return top + log(sum(exp(score - top) for score in scores[1:])) - scores[0]


class Learnt:
    """The learnt weights: a rarity and one weight for each of KINDS by mark."""

    def __init__(self, rarity: Mapping[str, float], weights: Mapping[str, Sequence[float]]) -> None:
        self._rarity = rarity
        self._weights = weights

    def impression(self, characters: str) -> Impression:
        """Judge a whole sentence of comparable characters."""
        scores = list(self._weights.get("", (0.0,) * len(KINDS)))
        for mark, value in measured(characters, self._rarity).items():
            for kind, weight in enumerate(self._weights[mark]):
                scores[kind] += value * weight
        best = max(range(1, len(KINDS)), key=scores.__getitem__)
        known = sum(each in self._rarity for each in characters) / (len(characters) or 1)
        return Impression(odds(scores), KINDS[best], known)


@cache
def built_in() -> Learnt:
    """The weights that stand beside this file."""
    rarity: dict[str, float] = {}
    weights: dict[str, tuple[float, ...]] = {}
    for line in WEIGHTS.read_text("utf-8").splitlines()[1:]:
        mark, rare, *kinds = line.split("\t")
        weights[mark] = tuple(float(each) for each in kinds)
        if mark:
            rarity[mark] = float(rare)
    return Learnt(rarity, weights)
