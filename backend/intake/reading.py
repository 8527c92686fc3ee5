"""Turns the words of a complaint into a row of numbers for the classifier."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from backend.intake import lexicon, sound
from backend.intake.gazetteer import DISTRICT
from backend.intake.gazetteer import load as load_gazetteer
from backend.intake.normalise import normalise, without_fillers
from backend.intake.places import exact

Scores = NDArray[np.float64]
_NEAR = re.compile(r"旁边|附近|对面|后[面头]|[东西南北]边|住|这儿的|这边")
SOUNDED = 0.5
"""How much a word counts that only sounds like one of the vocabulary."""


@lru_cache(maxsize=8192)
def masked(text: str) -> str:
    """The words without the names of places, so that a street does not speak for a matter.

    An institution may be the matter itself; it is taken out only where it merely tells the way.
    """
    plain = without_fillers(normalise(text))
    places = exact(plain, load_gazetteer())
    ends = {found.end for found in places if found.place.kind == DISTRICT}
    for found in reversed(places):
        merely_near = found.start in ends or _NEAR.match(plain, found.end)
        if found.place.kind != "institution" or merely_near:
            plain = f"{plain[: found.start]} {plain[found.end :]}"
    return plain.strip()


def features(text: str) -> tuple[str, ...]:
    """Character n-grams 1-4 and toneless syllable n-grams 2-3, parted at what is no hanzi."""
    grams: list[str] = []
    for run in "".join(c if "\u4e00" <= c <= "\u9fff" else " " for c in masked(text)).split():
        grams += _grams(run, (1, 2, 3, 4), "")
        heard = [sound.folded(s) for s in sound.syllables(run)]
        grams += _grams(heard, (2, 3), "~")
    return tuple(grams)


def _grams(units: Sequence[str], lengths: Iterable[int], joint: str) -> list[str]:
    return [
        joint + joint.join(units[at : at + n]) for n in lengths for at in range(len(units) - n + 1)
    ]


@dataclass(frozen=True)
class Reader:
    """Turns words into a row of numbers: n-grams, and beside them the vocabulary of `topics`."""

    vectoriser: Any
    topics: tuple[str, ...]
    weight: float

    def rows(self, texts: Sequence[str], grams: Any = None) -> Any:
        """A sparse matrix, one row a text; `grams` are their n-grams where already counted."""
        if grams is None:
            grams = self.vectoriser.transform(texts)
        return sparse.hstack([grams, self._topical(texts)], format="csr") if self.topics else grams

    def row(self, text: str) -> tuple[NDArray[np.intp], Scores]:
        """The columns of one text that are not zero, and what stands in them, as in `rows`."""
        places, numbers = weighed(self.vectoriser, text)
        if not self.topics:
            return places, numbers
        loud = np.array(self._loud(text))
        (said,) = loud.nonzero()
        first = len(self.vectoriser.vocabulary_)
        return np.append(places, first + said), np.append(numbers, self.weight * loud[said])

    def _topical(self, texts: Sequence[str]) -> Any:
        loud = np.array([self._loud(text) for text in texts]).reshape(len(texts), -1)
        return sparse.csr_matrix(self.weight * loud)

    def _loud(self, text: str) -> list[float]:
        words = masked(text)
        spoken, sounded = lexicon.spoken(words), lexicon.sounded(words)
        return [
            *(spoken.get(topic, 0.0) for topic in self.topics),
            *(SOUNDED * sounded.get(topic, 0.0) for topic in self.topics),
        ]


@lru_cache(maxsize=32)
def weighed(vectoriser: Any, text: str) -> tuple[NDArray[np.intp], Scores]:
    """What the vectoriser makes of one text, without what it checks and builds for many."""
    known = vectoriser.vocabulary_
    counts = {known[gram]: n for gram, n in Counter(features(text)).items() if gram in known}
    places = np.fromiter(counts, dtype=np.intp, count=len(counts))
    often = np.fromiter(counts.values(), dtype=np.float64, count=len(counts))
    numbers = (1.0 + np.log(often)) * vectoriser.idf_[places]
    return places, numbers / (np.sqrt(numbers @ numbers) or 1.0)
