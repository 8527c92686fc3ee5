"""Puts together what the second ear learns from: each sentence as said and as misheard."""

from collections.abc import Iterable, Iterator, Sequence

from .detector import Detector
from .learn import Lesson
from .learnt import KINDS, marks
from .misheard import Misheard
from .verdict import Decision

_HEARINGS, _WEIGHT = 3, 4.0
"""Of a labelled sentence: how often it is misheard, and what it counts beside a made one."""

Told = tuple[str, str]
"""A sentence and its kind."""


def course(
    listed_only: Detector,
    labelled: Sequence[Told],
    lessons: Sequence[Told],
    complaints: Iterable[str],
) -> list[Lesson]:
    """All there is to learn from, in a fixed order.

    The signs of the cues are withheld from the labelled sentences: the cues were chosen by them,
    so there they seem surer than they are. A complaint with a cue is left out: nobody labelled it.
    """
    harmless = [
        (text, KINDS[0])
        for text in complaints
        if listed_only.detect(text).decision is Decision.NONE
    ]
    misheard = Misheard(text for text, _ in (*labelled, *lessons, *harmless))

    def heard(told: Iterable[Told], hearings: int) -> Iterator[tuple[str, str]]:
        for text, kind in told:
            variants = (misheard.of(text, variant) for variant in range(hearings))
            yield from ((said, kind) for said in dict.fromkeys((text, *variants)))

    told = list(_lessons(listed_only, heard(labelled, _HEARINGS), _WEIGHT, signs=False))
    return told + list(_lessons(listed_only, heard((*lessons, *harmless), 1), 1.0, signs=True))


def _lessons(
    listed_only: Detector, told: Iterable[Told], weight: float, *, signs: bool
) -> Iterator[Lesson]:
    for said, kind in told:
        characters, found = listed_only.listen(said)
        yield Lesson((*marks(characters), *(found if signs else ())), kind, weight)
