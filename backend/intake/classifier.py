"""A small linear classifier over characters and their sounds, fitted in seconds, once, and kept.

Kernel ridge regression: its leave-one-out answers come with the solution, so the softmax that turns
scores into probabilities is calibrated on answers the model has not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from backend.intake import kept, lexicon
from backend.intake.dataset import TRAIN, read
from backend.intake.noise import noisy
from backend.intake.reading import Reader, Scores, features, masked, weighed

RIDGE = 0.3
LEXICON = 0.3
"""How much the vocabulary counts beside the n-grams."""
MISHEARD = 0.3
"""How much a sentence counts as a recogniser might write it."""
_TEMPERATURES = np.geomspace(0.02, 0.5, 40)


def _softmax(scores: Scores) -> Scores:
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


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
    vectoriser = _vectoriser()
    return vectoriser, vectoriser.fit_transform(texts)


def _vectoriser(**known: Any) -> Any:
    return TfidfVectorizer(analyzer=features, sublinear_tf=True, dtype=np.float64, **known)


def _kernel(rows: Any) -> Scores:
    return np.asarray((rows @ rows.T).toarray() + RIDGE * np.eye(rows.shape[0]))


def _loss(scores: Scores, truth: NDArray[np.int64]) -> float:
    chosen = _softmax(scores)[np.arange(len(truth)), truth]
    return float(-np.log(np.maximum(chosen, 1e-12)).mean())


@lru_cache(maxsize=1)
def categories() -> Classifier:
    """The classifier of categories, fitted on first use or as it was kept."""

    def fitted() -> Classifier:
        sentences = read(TRAIN)
        texts = [s.text for s in sentences]
        labels = [s.category for s in sentences]
        return fit(texts, labels, lexicon.categories(), [noisy(text) for text in texts])[0]

    return _known("categories", fitted)


@lru_cache(maxsize=1)
def kinds() -> Classifier:
    """The classifier of kinds (Art. 11), fitted on first use or as it was kept."""

    def fitted() -> Classifier:
        sentences = read(TRAIN)
        return fit([s.text for s in sentences], [s.kind for s in sentences])[0]

    return _known("kinds", fitted)


def _known(name: str, fitted: Callable[[], Classifier]) -> Classifier:
    arrays = kept.load(name)
    if arrays is not None:
        return _classifier(arrays)
    fresh = fitted()
    kept.save(name, _arrays(fresh))
    return fresh


def _arrays(known: Classifier) -> kept.Arrays:
    vocabulary = known.reader.vectoriser.vocabulary_
    return {
        "names": np.array(known.names),
        "grams": np.array(sorted(vocabulary, key=vocabulary.__getitem__)),
        "idf": known.reader.vectoriser.idf_,
        "topics": np.array(known.reader.topics, dtype=np.str_),
        "weights": known.weights,
        "temperature": np.array(known.temperature),
    }


def _classifier(arrays: kept.Arrays) -> Classifier:
    grams = {gram: at for at, gram in enumerate(arrays["grams"].tolist())}
    vectoriser = _vectoriser(vocabulary=grams)
    vectoriser.idf_ = arrays["idf"]
    reader = Reader(vectoriser, tuple(arrays["topics"].tolist()), LEXICON)
    names = tuple(arrays["names"].tolist())
    return Classifier(names, reader, arrays["weights"], float(arrays["temperature"]))


def forget() -> None:
    """Give back the memory that fitting took; the fitted classifiers stay."""
    _counted.cache_clear()
    masked.cache_clear()
    weighed.cache_clear()
