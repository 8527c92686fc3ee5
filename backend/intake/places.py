"""Where the matter is: districts and places named in the words, exactly or almost right."""

from __future__ import annotations

import re
from dataclasses import dataclass

from backend.intake import sound
from backend.intake.gazetteer import DISTRICT, Gazetteer, Place, load, opened

MEND_GATE = 0.80
"""A name is put in place of what was heard only from this likeness on."""
_CUE_BEFORE = re.compile(
    r"(?:住在?|在|位于|地址是?|来自|我是|[这那]是|我家|我们|俺们|咱们?|这边|区|市|县|镇|乡)$"
)
_OPENING = re.compile(r"(?:^|[,。 ])$")
_ENDING_SOUNDS = {"lu", "jie", "zhen", "cun", "qu", "xian", "xiang", "yuan", "huan", "shi"}


@dataclass(frozen=True)
class Found:
    """A place at text[start:end]; `score` 1.0 when the words are exactly its name."""

    start: int
    end: int
    heard: str
    place: Place
    score: float

    @property
    def mended(self) -> bool:
        """Whether the words differ from the name."""
        return self.heard != self.place.form


def exact(text: str, gazetteer: Gazetteer | None = None) -> list[Found]:
    """Names that stand in the text as they are written, longest first, left to right."""
    names = gazetteer or load()
    found: list[Found] = []
    at = 0
    while at < len(text):
        hit = _longest_at(text, at, names)
        if hit:
            found.append(hit)
            at = hit.end
        else:
            at += 1
    return found


def _longest_at(text: str, at: int, names: Gazetteer) -> Found | None:
    for length in names.lengths.get(text[at], ()):
        form = text[at : at + length]
        place = names.by_form.get(form)
        if len(form) == length and place and _plausible(text, at, form, place, names):
            return Found(at, at + length, form, place, place.certainty)
    return None


def _plausible(text: str, at: int, form: str, place: Place, names: Gazetteer) -> bool:
    if place.said and form in names.short_towns:
        before = _longest_district_end(text, at, names)
        return before or bool(re.search(r"(?:在|住|我们|我是|咱|家)$", text[max(0, at - 3) : at]))
    return True


def _longest_district_end(text: str, at: int, names: Gazetteer) -> bool:
    return any(
        (place := names.by_form.get(text[at - n : at])) and place.kind == DISTRICT
        for n in (2, 3, 4)
        if at >= n
    )


def by_sound(text: str, known: list[Found], gazetteer: Gazetteer | None = None) -> list[Found]:
    """Names that sound like words of the text which are no name themselves."""
    names = gazetteer or load()
    taken = {p for f in known for p in range(f.start, f.end)}
    heard = sound.syllables(text)
    keys = tuple(map(sound.folded, heard))
    candidates: list[Found] = []
    for start in range(len(text)):
        for length in range(3, min(8, len(text) - start) + 1):
            if not taken.isdisjoint(range(start, start + length)):
                break
            candidates += _sounding(text, start, length, heard, keys, names)
    return _best_apart(candidates)


def _sounding(
    text: str,
    start: int,
    length: int,
    heard: tuple[str, ...],
    keys: tuple[str, ...],
    names: Gazetteer,
) -> list[Found]:
    end = start + length
    window = text[start:end]
    if any(not "\u4e00" <= c <= "\u9fff" for c in window):
        return []
    seen: set[str] = set()
    found: list[Found] = []
    for hole in range(-1, length):
        for place in names.by_sound.get(opened(keys[start:end], hole), ()):
            if place.form in seen:
                continue
            seen.add(place.form)
            alike = _likeness(text, start, heard[start:end], place)
            if alike >= MEND_GATE:
                found.append(Found(start, end, window, place, round(alike, 3)))
    return found


def _likeness(text: str, start: int, heard: tuple[str, ...], place: Place) -> float:
    meant = sound.syllables(place.form)
    alike = sound.likeness(heard, meant)
    before = text[max(0, start - 3) : start]
    if not _CUE_BEFORE.search(before):
        alike -= 0.06 if _OPENING.search(before) else 0.13
    if meant[-1] in _ENDING_SOUNDS and sound.gap(heard[-1], meant[-1]) > 0.3:
        alike -= 0.10
    return alike


def _best_apart(candidates: list[Found]) -> list[Found]:
    """The best of the candidates that do not overlap, in order of the text."""
    chosen: list[Found] = []
    for candidate in sorted(candidates, key=lambda f: (-f.score, f.start - f.end)):
        if all(candidate.end <= c.start or candidate.start >= c.end for c in chosen):
            chosen.append(candidate)
    return sorted(chosen, key=lambda f: f.start)


def find(text: str) -> list[Found]:
    """All places named in the text, in its order."""
    known = exact(text)
    return sorted([*known, *by_sound(text, known)], key=lambda f: f.start)
