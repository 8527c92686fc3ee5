"""The labelled sentences that the detector is measured by, and the rule that divides them."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha1
from pathlib import Path

from .verdict import Decision

COLUMNS = ("id", "text", "label", "service", "also", "critical", "note")


class Side(StrEnum):
    """Cues and weights are chosen on the tune side only; the test side measures them."""

    TUNE = "tune"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Case:
    """One sentence and what a person says it is; label none = harmless."""

    id: str
    text: str
    label: Decision
    service: str | None
    also: tuple[str, ...]
    critical: bool
    note: str

    @property
    def side(self) -> Side:
        """The side this case belongs to, by its id alone."""
        return side(self.id)

    @property
    def harmless(self) -> bool:
        """Whether nobody is in danger."""
        return self.label is Decision.NONE


class LabelledSetError(ValueError):
    """A labelled set cannot be read; the text names the file, the line and the remedy."""


def side(case_id: str) -> Side:
    """Divide by the identifier's SHA-1, so that no one chooses where a sentence falls.

    What follows ~ names a variant, such as one heard wrong: it stays beside its sentence.
    """
    sentence = case_id.partition("~")[0]
    odd = sha1(sentence.encode(), usedforsecurity=False).digest()[-1] % 2
    return Side.TEST if odd else Side.TUNE


def read_cases(path: Path) -> Sequence[Case]:
    """Read a tab-separated labelled set; raises LabelledSetError."""
    lines = _lines(path)
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise LabelledSetError(f"{path}: the first line must be {' '.join(COLUMNS)}, tab-separated")
    return [_case(row, f"{path}: line {number}") for number, row in enumerate(rows, 2)]


def read_texts(path: Path) -> Sequence[str]:
    """The column "text" of a tab-separated table of sentences; raises LabelledSetError."""
    lines = _lines(path)
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    if "text" not in (rows.fieldnames or ()):
        raise LabelledSetError(f"{path}: has no column named text; name it in the first line")
    return [row["text"] or "" for row in rows]


def _lines(path: Path) -> Sequence[str]:
    try:
        return path.read_text("utf-8").splitlines()
    except OSError as error:
        raise LabelledSetError(f"{path}: cannot be read ({error.strerror}); check it") from error


def _case(row: dict[str, str | None], place: str) -> Case:
    if None in row.values() or None in row:
        raise LabelledSetError(f"{place}: needs {len(COLUMNS)} columns, tab-separated")
    filled = {name: value or "" for name, value in row.items()}
    try:
        label = Decision(filled["label"])
    except ValueError as error:
        raise LabelledSetError(f"{place}: label must be certain, doubtful or none") from error
    return Case(
        id=filled["id"],
        text=filled["text"],
        label=label,
        service=filled["service"] or None,
        also=tuple(filled["also"].split()),
        critical=filled["critical"] == "yes",
        note=filled["note"],
    )
