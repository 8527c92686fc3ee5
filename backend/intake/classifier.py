"""A small linear classifier over characters and their sounds, fitted at start in about a second.

Kernel ridge regression: its leave-one-out answers come with the solution, so the softmax that turns
scores into probabilities is calibrated on answers the model has not seen. Nothing is read from disk
but the sentences themselves.
"""

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
from sklearn.feature_extraction.text import TfidfVectorizer

from backend.intake import lexicon, sound
from backend.intake.dataset import TRAIN, read
from backend.intake.gazetteer import DISTRICT
from backend.intake.gazetteer import load as load_gazetteer
from backend.intake.noise import noisy
from backend.intake.normalise import normalise, without_fillers
from backend.intake.places import exact

Scores = NDArray[np.float64]
_NEAR = re.compile(r"旁边|附近|对面|后[面头]|[东西南北]边|住|这儿的|这边")
RIDGE = 0.3
SOUNDED = 0.5
"""How much a word counts that only sounds like one of the vocabulary."""
LEXICON = 0.3
"""How much the vocabulary counts beside the n-grams."""
MISHEARD = 0.3
"""How much a sentence counts as a recogniser might write it."""
_TEMPERATURES = np.geomspace(0.02, 0.5, 40)


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


def _softmax(scores: Scores) -> Scores:
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


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
        places, numbers = _weighed(self.vectoriser, text)
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
def _weighed(vectoriser: Any, text: str) -> tuple[NDArray[np.intp], Scores]:
    """What the vectoriser makes of one text, without what it checks and builds for many."""
    known = vectoriser.vocabulary_
    counts = {known[gram]: n for gram, n in Counter(features(text)).items() if gram in known}
    places = np.fromiter(counts, dtype=np.intp, count=len(counts))
    often = np.fromiter(counts.values(), dtype=np.float64, count=len(counts))
    numbers = (1.0 + np.log(often)) * vectoriser.idf_[places]
    return places, numbers / (np.sqrt(numbers @ numbers) or 1.0)


@dataclass(frozen=True)
class Classifier:
    """A fitted classifier: `names` are its classes in the order of its probabilities."""

    names: tuple[str, ...]
    reader: Reader
    weights: NDArray[np.float32]
    temperature: float

    def probabilities(self, text: str) -> dict[str, float]:
        """The probability of each class for the words."""
        places, numbers = self.reader.row(text)
        scores = (numbers @ self.weights[places]).reshape(1, -1)
        return dict(zip(self.names, _softmax(scores / self.temperature)[0].tolist(), strict=True))


def fit(
    texts: Sequence[str],
    labels: Sequence[str],
    topics: tuple[str, ...] = (),
    misheard: Sequence[str] = (),
) -> tuple[Classifier, Scores]:
    """A classifier for the labels, and its leave-one-out probabilities, one row a text.

    `misheard` are the same texts as a recogniser might write them: they are learned at half
    weight, after the calibration, which sees the clean texts only.
    """
    names = tuple(sorted(set(labels)))
    vectoriser, grams = _counted(tuple(texts))
    reader = Reader(vectoriser, topics, LEXICON)
    rows = reader.rows(texts, grams)
    wanted = np.array([[1.0 if label == name else 0.0 for name in names] for label in labels])
    inverse = np.linalg.inv(_kernel(rows))
    unseen = wanted - inverse @ wanted / np.diag(inverse)[:, None]
    truth = wanted.argmax(axis=1)
    temperature = min(_TEMPERATURES, key=lambda t: _loss(unseen / t, truth))
    if misheard:
        rows = sparse.vstack([rows, MISHEARD * reader.rows(misheard)], format="csr")
        wanted = np.vstack([wanted, MISHEARD * wanted])
    weights = np.asarray(rows.T @ np.linalg.solve(_kernel(rows), wanted), dtype=np.float32)
    return Classifier(names, reader, weights, float(temperature)), _softmax(unseen / temperature)


@lru_cache(maxsize=1)
def _counted(texts: tuple[str, ...]) -> tuple[Any, Any]:
    """The n-grams of the texts, and what counts those of others in the same way."""
    vectoriser = TfidfVectorizer(analyzer=features, sublinear_tf=True, dtype=np.float64)
    return vectoriser, vectoriser.fit_transform(texts)


def _kernel(rows: Any) -> Scores:
    return np.asarray((rows @ rows.T).toarray() + RIDGE * np.eye(rows.shape[0]))


def _loss(scores: Scores, truth: NDArray[np.int64]) -> float:
    chosen = _softmax(scores)[np.arange(len(truth)), truth]
    return float(-np.log(np.maximum(chosen, 1e-12)).mean())


@lru_cache(maxsize=1)
def categories() -> Classifier:
    """The classifier of categories, fitted on first use."""
    sentences = read(TRAIN)
    texts = [s.text for s in sentences]
    labels = [s.category for s in sentences]
    return fit(texts, labels, lexicon.categories(), [noisy(text) for text in texts])[0]


@lru_cache(maxsize=1)
def kinds() -> Classifier:
    """The classifier of kinds (Art. 11), fitted on first use."""
    sentences = read(TRAIN)
    return fit([s.text for s in sentences], [s.kind for s in sentences])[0]


def forget() -> None:
    """Give back the memory that fitting took; the fitted classifiers stay."""
    _counted.cache_clear()
    masked.cache_clear()
    _weighed.cache_clear()
