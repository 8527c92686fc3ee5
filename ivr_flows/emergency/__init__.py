"""Notices in a caller's words that life, limb or home is in danger, and which service to call."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from .book import CueFileError, read
from .detector import Detector
from .learnt import Learnt, built_in
from .lines import detect_lines as _detect_lines
from .verdict import Decision, Verdict

__all__ = [
    "CUES",
    "CueFileError",
    "Decision",
    "Detector",
    "Verdict",
    "detect",
    "detect_lines",
    "load",
]

CUES = Path(__file__).parent.parent / "emergency.yaml"
_SECOND_EAR = built_in()


def load(paths: Iterable[Path], *, learnt: Learnt | None = _SECOND_EAR) -> Detector:
    """Make a detector of one or more cue files; raises CueFileError naming every fault in them.

    learnt: the second ear for unlisted Chinese words; None leaves it out.
    """
    return Detector(read(paths), learnt)


@cache
def _built_in() -> Detector:
    return load([CUES])


def detect(text: str, *, final: bool = True) -> Verdict:
    """Judge a transcript by the built-in cues; final=False when the caller is still speaking."""
    return _built_in().detect(text, final=final)


def detect_lines(texts: Iterable[str]) -> Iterator[str]:
    """One JSON object a text: text, decision, service, also, cue, listed, weakened_by."""
    return _detect_lines(texts, _built_in())
