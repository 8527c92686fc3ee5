"""Weighs what stands around a cue: what weakens it, and what shows that it is happening now."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .cues import Book, Force, Weakener
from .heard import Heard
from .search import Hit
from .verdict import Decision
from .words import Words

_STEPS = {Decision.CERTAIN: 2, Decision.DOUBTFUL: 1, Decision.NONE: 0}
_BY_STEPS = (Decision.NONE, Decision.DOUBTFUL, Decision.CERTAIN)
_NEAR_BEFORE = 5
_CALL_AROUND = 20
_UNLESS = Weakener("context", Force.STRONG, None, None, covers=False, yields=False)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A hit with the decision that is left after weakening, and the words that weakened it."""

    hit: Hit
    decision: Decision
    weakened_by: str | None
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Around:
    """The weakening and strengthening words found in one text."""

    weak: tuple[tuple[int, int, Weakener], ...]
    near: tuple[_Word, ...]
    calls: tuple[_Word, ...]


_Weak = tuple[int, int, Weakener]


class Scales:
    """The words of a book that weaken or strengthen, ready to be looked up in a text."""

    def __init__(self, book: Book) -> None:
        self._words: Words[Weakener | str] = Words()
        for word, weakener in book.weakeners:
            self._words.put(word, weakener)
        for word in book.present.near:
            self._words.put(word, "near")
        for word in book.present.calls:
            self._words.put(word, "call")

    def weigh(self, heard: Heard, hits: Iterable[Hit]) -> list[Weighed]:
        """Weigh every hit of a text."""
        around = self._around(heard.characters)
        return [_weigh(hit, heard, around) for hit in hits]

    def signs(self, heard: Heard, weighed: Iterable[Weighed]) -> list[str]:
        """What the book says of a text, as marks: dangers, what weakens them, words around."""
        around = self._around(heard.characters)
        found = {f"#{each.kind}" for _, _, each in around.weak if not each.covers}
        for each in weighed:
            found |= {f"#{each.hit.listed.cue.what}={each.decision}", f"#{each.decision}"}
            found |= {f"#by {kind}" for kind in each.kinds}
        found |= {"#near"} if around.near else set()
        return sorted(found | ({"#call"} if around.calls else set()))

    def _around(self, characters: str) -> _Around:
        weak: list[tuple[int, int, Weakener]] = []
        near: list[_Word] = []
        calls: list[_Word] = []
        for start, end, value in self._words.found(characters):
            match value:
                case Weakener():
                    weak.append((start, end, value))
                case "near":
                    near.append(_Word(start, end))
                case _:
                    calls.append(_Word(start, end))
        return _Around(tuple(_longest(weak)), tuple(near), tuple(calls))


def _longest(words: Sequence[_Weak]) -> Iterator[_Weak]:
    """Leave out what is only a piece of a longer word (不是 in 是不是)."""
    spans = {(start, end) for start, end, _ in words}
    for start, end, weakener in words:
        if not any(a <= start and end <= b and (a, b) != (start, end) for a, b in spans):
            yield start, end, weakener


def _weigh(hit: Hit, heard: Heard, around: _Around) -> Weighed:
    weakening = [each for each in around.weak if _weakens(*each, hit, heard)]
    context = _context(hit, heard.characters)
    called = any(_is_call_for(word, hit) for word in around.calls)
    now = called or any(0 <= hit.start - word.end <= _NEAR_BEFORE for word in around.near)
    left = _STEPS[hit.sure]
    for _, _, weakener in weakening:
        left = min(left, weakener.force.left(_STEPS[hit.sure], eased=now and weakener.yields))
    if context:
        left = min(left, Force.STRONG.left(left, eased=called))
    if called and not weakening and not context:
        left += 1
    kinds = frozenset(weakener.kind for _, _, weakener in weakening)
    kinds |= {_UNLESS.kind} if context else frozenset()
    decision = _BY_STEPS[max(0, min(2, left))]
    return Weighed(hit, decision, _said(weakening, context, heard), kinds)


def _weakens(start: int, end: int, weakener: Weakener, hit: Hit, heard: Heard) -> bool:
    if weakener.covers:
        loosely = not (weakener.by_sound_only and hit.written_alike)
        return loosely and start < hit.end and hit.start < end
    if hit.start < start and end < hit.end:
        return _in_a_gap(heard.characters[start:end], weakener, hit)
    if weakener.before is not None and 0 <= hit.start - end <= weakener.before:
        return weakener.before > 4 or not heard.pause_between(end, hit.start)
    return weakener.after is not None and 0 <= start - hit.end <= weakener.after


def _in_a_gap(word: str, weakener: Weakener, hit: Hit) -> bool:
    """A word between the parts of a wording weakens as one before it would."""
    parts = hit.listed.parts
    return (weakener.before or 0) > 0 and len(parts) > 1 and not any(word in part for part in parts)


def _is_call_for(word: _Word, hit: Hit) -> bool:
    apart = word.end <= hit.start or hit.end <= word.start
    return apart and max(hit.start - word.end, word.start - hit.end) <= _CALL_AROUND


def _context(hit: Hit, characters: str) -> str | None:
    outside = (word for word in hit.listed.cue.unless if word in characters)
    return next(outside, None)


def _said(
    weakening: Sequence[tuple[int, int, Weakener]], context: str | None, heard: Heard
) -> str | None:
    words = [f"{each.kind}: {heard.as_written(start, end)}" for start, end, each in weakening]
    if context:
        words.append(f"{_UNLESS.kind}: {context}")
    return "; ".join(dict.fromkeys(words)) or None
