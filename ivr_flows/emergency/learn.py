"""Learns the weights of the second ear from labelled sentences; the test side is never read."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from .learnt import COLUMNS, KINDS, measured

_LEAST_SENTENCES = 3
_MOST_MARKS = 120_000
_TRUST = 30.0
"""How far the weights may grow: scikit-learn's C."""

Weights = dict[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Lesson:
    """The marks of one sentence, its kind (none or the service it calls), and what it counts."""

    marks: tuple[str, ...]
    kind: str
    weight: float = 1.0


def fit(
    lessons: Sequence[Lesson], least: int = _LEAST_SENTENCES
) -> tuple[dict[str, float], Weights]:
    """Fit lessons; the same ones always give the same rarities and weights.

    least: how many sentences must hold a mark. Of more marks than can be kept those stay that
    weigh most for or against danger, and are fitted again alone.
    """
    rarity = _rarity(lessons, least)
    if len(rarity) > _MOST_MARKS:
        danger, _ = _danger(lessons, rarity)
        weighing = sorted(rarity, key=lambda mark: -abs(danger[mark]) * rarity[mark])
        rarity = {mark: rarity[mark] for mark in sorted(weighing[:_MOST_MARKS])}
    danger, bias = _danger(lessons, rarity)
    services, biases = _services(lessons, rarity)
    weights = {mark: (danger[mark], *services[mark]) for mark in rarity}
    return rarity, {"": (bias, *biases), **weights}


def _rarity(lessons: Sequence[Lesson], least: int) -> dict[str, float]:
    counted = Counter(mark for lesson in lessons for mark in set(lesson.marks))
    return {
        mark: round(log((1 + len(lessons)) / (1 + times)) + 1, 2)
        for mark, times in sorted(counted.items())
        if times >= least
    }


def _danger(lessons: Sequence[Lesson], rarity: dict[str, float]) -> tuple[dict[str, float], float]:
    rows, bias = _fitted(lessons, rarity, [lesson.kind != KINDS[0] for lesson in lessons])
    return dict(zip(rarity, rows, strict=True)), bias


def _services(
    lessons: Sequence[Lesson], rarity: dict[str, float]
) -> tuple[dict[str, tuple[float, ...]], tuple[float, ...]]:
    """Which service, learnt from the dangers alone."""
    told = [lesson for lesson in lessons if lesson.kind != KINDS[0]]
    columns, biases = [], []
    for service in KINDS[1:]:
        column, bias = _fitted(told, rarity, [lesson.kind == service for lesson in told])
        columns.append(column)
        biases.append(bias)
    by_mark = zip(*columns, strict=True)
    return dict(zip(rarity, by_mark, strict=True)), tuple(biases)


def _fitted(
    lessons: Sequence[Lesson], rarity: dict[str, float], wanted: Sequence[bool]
) -> tuple[list[float], float]:
    if len(set(wanted)) < 2:
        return [0.0] * len(rarity), 1.0 if any(wanted) else -1.0
    model = LogisticRegression(C=_TRUST, solver="liblinear", random_state=0)
    weights = np.array([lesson.weight for lesson in lessons])
    model.fit(_matrix(lessons, rarity), np.array(wanted), sample_weight=weights)
    return [float(each) for each in model.coef_[0]], float(model.intercept_[0])


def _matrix(lessons: Sequence[Lesson], rarity: dict[str, float]) -> csr_matrix:
    places = {mark: place for place, mark in enumerate(rarity)}
    columns: list[int] = []
    values: list[float] = []
    ends = [0]
    for lesson in lessons:
        for mark, value in measured(lesson.marks, rarity).items():
            columns.append(places[mark])
            values.append(value)
        ends.append(len(columns))
    numbers: NDArray[np.float64] = np.array(values)
    return csr_matrix((numbers, columns, ends), shape=(len(lessons), len(rarity)))


def save(path: Path, rarity: dict[str, float], weights: Weights) -> int:
    """Write the weights, one mark a line; returns how many."""
    lines = ["\t".join(COLUMNS)]
    for mark, row in sorted(weights.items()):
        numbers = "\t".join(f"{weight:.1f}" for weight in row)
        lines.append(f"{mark}\t{rarity.get(mark, 0.0):.2f}\t{numbers}")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return len(lines) - 1
