"""Learns the weights of the second ear from labelled sentences; the test side is never read."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import exp, log, sqrt
from pathlib import Path

from .learnt import KINDS, marks, measured

_ROUNDS = 30
_PACE = 0.5
_DANGER_COUNTS = 3.0
_SHRINK = 1e-5
_LEAST_SENTENCES = 2
_EMPTY = 300
_LEAST_WEIGHT = 2.0

Weights = dict[str, list[float]]


def fit(sentences: Sequence[tuple[str, str]]) -> tuple[dict[str, float], Weights]:
    """Fit (characters, kind) sentences; the same sentences always give the same weights.

    Empty ones are added, so that words never seen before speak for no danger.
    """
    rarity = _rarity(characters for characters, _ in sentences)
    known: list[tuple[dict[str, float], int]] = [({}, 0)] * _EMPTY
    known += [(measured(characters, rarity), KINDS.index(kind)) for characters, kind in sentences]
    weights: Weights = {mark: [0.0] * len(KINDS) for mark in ["", *rarity]}
    moved: Weights = {mark: [1e-6] * len(KINDS) for mark in weights}
    for turn in range(_ROUNDS):
        for place in range(len(known)):
            _step(*known[(place * 7919 + turn) % len(known)], weights, moved)
    return rarity, weights


def _rarity(texts: Iterable[str]) -> dict[str, float]:
    within = [set(marks(text)) for text in texts]
    counted = Counter(mark for each in within for mark in each)
    return {
        mark: round(log((1 + len(within)) / (1 + times)) + 1, 3)
        for mark, times in sorted(counted.items())
        if times >= _LEAST_SENTENCES
    }


def _step(sentence: dict[str, float], kind: int, weights: Weights, moved: Weights) -> None:
    inputs = {**sentence, "": 1.0}
    scores = [0.0] * len(KINDS)
    for mark, value in inputs.items():
        for each, weight in enumerate(weights[mark]):
            scores[each] += value * weight
    top = max(scores)
    raised = [exp(score - top) for score in scores]
    total = sum(raised)
    counts = _DANGER_COUNTS if kind else 1.0
    errors = [counts * (each / total - (number == kind)) for number, each in enumerate(raised)]
    for mark, value in inputs.items():
        own, past = weights[mark], moved[mark]
        for each, error in enumerate(errors):
            slope = error * value + _SHRINK * own[each]
            past[each] += slope * slope
            own[each] -= _PACE * slope / sqrt(past[each])


def save(path: Path, rarity: dict[str, float], weights: Weights) -> int:
    """Write the weights that matter, one mark a line; returns how many."""
    kept = [mark for mark, row in sorted(weights.items()) if not mark or _matters(row)]
    lines = ["\t".join(("mark", "rarity", *KINDS))]
    for mark in kept:
        row = "\t".join(f"{weight:.1f}" for weight in weights[mark])
        lines.append(f"{mark}\t{rarity.get(mark, 0.0):.2f}\t{row}")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return len(kept)


def _matters(row: Sequence[float]) -> bool:
    return max(row) - min(row) > _LEAST_WEIGHT
