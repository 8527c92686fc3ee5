"""The labelled sentences, and the rule that says which of them may be learned from."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

TRAIN = Path(__file__).parent / "data" / "train.tsv"


@dataclass(frozen=True)
class Sentence:
    """A caller's words with what a person would write on the ticket; "" where nothing was said."""

    id: str
    text: str
    kind: str
    category: str
    district: str
    place: str
    acceptable: bool
    contact: str


def held_out(sentence_id: str) -> bool:
    """Whether a sentence is for measuring only: a quarter of all, by a hash of its id."""
    return int(hashlib.sha1(sentence_id.encode(), usedforsecurity=False).hexdigest(), 16) % 4 == 0


def read(path: Path) -> tuple[Sentence, ...]:
    """All sentences of a file, in its order."""
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Sentence(
                row["id"],
                row["text"],
                row["kind"],
                row["category"],
                row["district"],
                row["place"],
                row["acceptable"] == "yes",
                row["contact"],
            )
            for row in csv.DictReader(lines, delimiter="\t")
        )
