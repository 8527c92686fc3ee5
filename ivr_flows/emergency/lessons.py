"""Makes sentences of lessons: situations with alternatives and slots, written by hand."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random

from .labelled import LabelledSetError

SLOTS = "slots.txt"
_CHOICE = re.compile(r"\(([^()]*)\)|\{(\w+)\}")
_TIMES = 44
"""How many sentences one situation gives at most."""
_LEAST_TIMES = 4
"""How many the same words give, each in other company, where a situation has no alternatives."""
_TIMES_AROUND = 120
"""How many a wording that goes around other situations gives."""
_OPENING, _PLACE, _ENDING = 0.5, 0.3, 0.5


def read_lessons(folder: Path, kinds: Sequence[str]) -> list[tuple[str, str]]:
    """(sentence, kind) of all lessons in a folder, always the same; raises LabelledSetError.

    A line "= KIND" begins a group, # a comment; (a|b|) is one of several, {name} a word of the
    slots, {KIND} any situation of that kind: what makes a danger harmless, or hides one, is
    written once for all of them. Openings, places and endings are added at random to danger and
    complaint alike.
    """
    slots = _slots(folder / SLOTS)
    files = [path for path in sorted(folder.glob("*.txt")) if path.name != SLOTS]
    written = [(path, *each) for path in files for each in _situations(path, kinds)]
    around = re.compile(rf"\{{({'|'.join(kinds)})\}}")
    plain = [each for each in written if not around.search(each[2])]
    cores = {kind: [text for _, own, text in plain if own == kind] for kind in kinds}
    made: list[tuple[str, str]] = []
    for path, kind, situation in written:
        wide = around.search(situation) is not None
        times = _TIMES_AROUND if wide else _TIMES
        filled = {**slots, **cores} if wide else slots
        made += [(each, kind) for each in _sentences(situation, kind, filled, path, times)]
    return made


def _slots(path: Path) -> dict[str, list[str]]:
    lines = (line.partition(":") for line in _lines(path))
    return {name.strip(): words.strip().split("|") for name, _, words in lines}


def _situations(path: Path, kinds: Sequence[str]) -> Iterator[tuple[str, str]]:
    kind = ""
    for line in _lines(path):
        if line.startswith("="):
            kind = line.lstrip("= ").split(" ")[0]
            if kind not in kinds:
                raise LabelledSetError(f"{path}: '{line}' must name one of {' '.join(kinds)}")
        elif kind:
            yield kind, line
        else:
            raise LabelledSetError(f"{path}: '{line}' stands before any line '= KIND'; add one")


def _lines(path: Path) -> Iterator[str]:
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise LabelledSetError(f"{path}: cannot be read ({error.strerror}); check it") from error
    return (line for line in text.splitlines() if line.strip() and not line.startswith("#"))


def _sentences(
    situation: str, kind: str, slots: Mapping[str, Sequence[str]], path: Path, times: int
) -> Iterator[str]:
    chance = Random(situation)
    ending = "{tail}" if kind == "none" else "{help}"

    def chosen(found: re.Match[str]) -> str:
        if found[1] is not None:
            alternatives: list[str] = found[1].split("|")
            return chance.choice(alternatives)
        if found[2] not in slots:
            raise LabelledSetError(f"{path}: there is no {{{found[2]}}} in {SLOTS}; add it")
        return chance.choice(slots[found[2]])

    cores = list(dict.fromkeys(_filled(situation, chosen) for _ in range(times)))
    for core in cores * max(1, _LEAST_TIMES // len(cores)):
        place = "{addr}" if chance.random() < _PLACE else ""
        opening = "{open}" if chance.random() < _OPENING else ""
        end = ending if chance.random() < _ENDING else ""
        yield _filled(f"{place}{opening}{core}{end}", chosen)


def _filled(situation: str, chosen: Callable[[re.Match[str]], str]) -> str:
    """Slots may stand inside alternatives, and situations inside both."""
    while (filled := _CHOICE.sub(chosen, situation)) != situation:
        situation = filled
    return situation
