"""A small linear classifier over characters and their sounds, fitted at start in about a second.

Kernel ridge regression: its leave-one-out answers come with the solution, so the softmax that turns
scores into probabilities is calibrated on answers the model has not seen. Nothing is read from disk
but the sentences themselves.
"""

from __future__ import annotations

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
from backend.intake.gazetteer import load as load_gazetteer
from backend.intake.normalise import normalise, without_fillers
from backend.intake.places import exact

Scores = NDArray[np.float64]
RIDGE = 0.3
SOUNDED = 1.0
"""How much a word counts that only sounds like one of the vocabulary."""
LEXICON = 1.5
"""How much the vocabulary counts beside the n-grams."""
_TEMPERATURES = np.geomspace(0.02, 0.5, 40)


def masked(text: str) -> str:
    """The words without the names of places, so that a street does not speak for a matter."""
    plain = without_fillers(normalise(text))
    for found in reversed(exact(plain, load_gazetteer())):
        if found.place.kind != "institution":
            plain = f"{plain[: found.start]} {plain[found.end :]}"
    return plain.strip()


def features(text: str) -> list[str]:
    """Character n-grams 1-4 and toneless syllable n-grams 2-3, parted at what is no hanzi."""
    grams: list[str] = []
    for run in "".join(c if "\u4e00" <= c <= "\u9fff" else " " for c in masked(text)).split():
        grams += _grams(run, (1, 2, 3, 4), "")
        heard = [sound.folded(s) for s in sound.syllables(run)]
        grams += _grams(heard, (2, 3), "~")
    return grams


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

    def rows(self, texts: Sequence[str]) -> Any:
        """A sparse matrix, one row a text."""
        grams = self.vectoriser.transform(texts)
        return sparse.hstack([grams, self._topical(texts)], format="csr") if self.topics else grams

    def _topical(self, texts: Sequence[str]) -> Any:
        loud = np.zeros((len(texts), 2 * len(self.topics)))
        for row, text in enumerate(texts):
            words = masked(text)
            spoken, sounded = lexicon.spoken(words), lexicon.sounded(words)
            loud[row] = [
                *(spoken.get(topic, 0.0) for topic in self.topics),
                *(SOUNDED * sounded.get(topic, 0.0) for topic in self.topics),
            ]
        lengths = np.linalg.norm(loud, axis=1, keepdims=True)
        return sparse.csr_matrix(self.weight * loud / np.maximum(lengths, 1.0))


@dataclass(frozen=True)
class Classifier:
    """A fitted classifier: `names` are its classes in the order of its probabilities."""

    names: tuple[str, ...]
    reader: Reader
    weights: Scores
    temperature: float

    def probabilities(self, text: str) -> dict[str, float]:
        """The probability of each class for the words."""
        scores = np.asarray(self.reader.rows([text]) @ self.weights)
        return dict(zip(self.names, _softmax(scores / self.temperature)[0].tolist(), strict=True))


def fit(
    texts: Sequence[str],
    labels: Sequence[str],
    topics: tuple[str, ...] = (),
    ridge: float = RIDGE,
    weight: float = LEXICON,
) -> tuple[Classifier, Scores]:
    """A classifier for the labels, and its leave-one-out probabilities, one row a text."""
    names = tuple(sorted(set(labels)))
    vectoriser = TfidfVectorizer(analyzer=features, sublinear_tf=True, min_df=2, dtype=np.float64)
    reader = Reader(vectoriser.fit(texts), topics, weight)
    rows = reader.rows(texts)
    wanted = np.array([[1.0 if label == name else 0.0 for name in names] for label in labels])
    inverse = np.linalg.inv((rows @ rows.T).toarray() + ridge * np.eye(len(texts)))
    dual = inverse @ wanted
    unseen = wanted - dual / np.diag(inverse)[:, None]
    truth = wanted.argmax(axis=1)
    temperature = min(_TEMPERATURES, key=lambda t: _loss(unseen / t, truth))
    model = Classifier(names, reader, np.asarray(rows.T @ dual), float(temperature))
    return model, _softmax(unseen / temperature)


def _loss(scores: Scores, truth: NDArray[np.int64]) -> float:
    chosen = _softmax(scores)[np.arange(len(truth)), truth]
    return float(-np.log(np.maximum(chosen, 1e-12)).mean())


@lru_cache(maxsize=1)
def categories() -> Classifier:
    """The classifier of categories, fitted on first use."""
    sentences = read(TRAIN)
    return fit([s.text for s in sentences], [s.category for s in sentences], lexicon.categories())[
        0
    ]


@lru_cache(maxsize=1)
def kinds() -> Classifier:
    """The classifier of kinds (Art. 11), fitted on first use."""
    sentences = read(TRAIN)
    return fit([s.text for s in sentences], [s.kind for s in sentences])[0]
