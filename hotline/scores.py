"""How right a heard call is: character error rate, and each field against its label. Pure."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import Levenshtein

FIELDS = ("kind", "category", "district", "place", "emergency")
"""The labels of a case that are compared with what came of its call."""

SPOKEN = dict(zip("0123456789", "零一二三四五六七八九", strict=True)) | {"幺": "一", "两": "二"}
"""Digits count as the words they are spoken as, so that writing 3 for 三 is no error."""


@dataclass(frozen=True, slots=True)
class Case:
    """One line of a labelled set."""

    id: str
    text: str
    wav: str
    labels: Mapping[str, str]
    voice: str = ""
    """Who says it and how fast, where the set tells."""


def plain(text: str) -> str:
    """Keep what is spoken: no punctuation, no spaces, digits as words."""
    kept = (c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())
    return "".join(SPOKEN.get(c, c) for c in kept)


def character_errors(said: str, heard: str) -> tuple[int, int]:
    """Return (edits, characters said); the rate of a set is the sum of one over the other's."""
    return Levenshtein.distance(plain(said), plain(heard)), len(plain(said))


def agrees(field: str, label: str, got: Mapping[str, Any]) -> bool:
    """Tell whether a field of the result is what the label wants; an empty label wants nothing."""
    if field == "emergency":
        return (str((got.get("emergency") or {}).get("service") or "")) == label
    found = str((got.get("ticket") or {}).get(field) or "")
    return plain(label) in plain(found) if field == "place" and label else found == label


@dataclass(frozen=True, slots=True)
class Score:
    """What a whole set came to."""

    cases: int
    cer: float
    right: Mapping[str, tuple[int, int]]
    """For each field: how often right, of how many cases that are labelled with it."""

    def rows(self) -> list[dict[str, Any]]:
        """Return one row a figure, for a table or for JSON."""
        rows: list[dict[str, Any]] = [
            {"figure": "cer", "value": round(self.cer, 4), "of": self.cases}
        ]
        for field, (right, of) in self.right.items():
            value = round(right / of, 4) if of else None
            rows.append({"figure": field, "value": value, "of": of})
        return rows


def score(cases: Sequence[Case], got: Iterable[Mapping[str, Any]]) -> Score:
    """Compare a set with what its calls came to, in the same order."""
    edits = characters = 0
    right = {field: [0, 0] for field in FIELDS}
    for case, result in zip(cases, got, strict=True):
        wrong, length = character_errors(case.text, str(result.get("transcript") or ""))
        edits, characters = edits + wrong, characters + length
        for field in FIELDS:
            if field in case.labels:
                right[field][0] += agrees(field, case.labels[field], result)
                right[field][1] += 1
    rate = edits / characters if characters else 0.0
    return Score(len(cases), rate, {k: (v[0], v[1]) for k, v in right.items()})


def by_voice(cases: Sequence[Case], got: Sequence[Mapping[str, Any]]) -> dict[str, Score]:
    """Score each voice of a set alone; empty for a set that does not tell its voices."""
    pairs = list(zip(cases, got, strict=True))
    voices = sorted({case.voice for case in cases if case.voice})
    return {
        voice: score(
            [c for c, _ in pairs if c.voice == voice], [g for c, g in pairs if c.voice == voice]
        )
        for voice in voices
    }
