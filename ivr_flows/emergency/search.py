"""Finds the listed wordings in a caller's words, by writing and by sound."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .cues import Listed
from .heard import Heard
from .sound import readings, syllables
from .trie import Trie
from .verdict import Decision

_LEAST_BY_SOUND = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """A wording found between two positions, and how sure its sound leaves us."""

    start: int
    end: int
    listed: Listed
    sure: Decision
    written_alike: bool


@dataclass(frozen=True, slots=True)
class _Likeness:
    """Of so many characters, how many are the same and how many at least sound the same."""

    total: int
    same: int
    exact: int

    def __add__(self, other: "_Likeness") -> "_Likeness":
        return _Likeness(self.total + other.total, self.same + other.same, self.exact + other.exact)


class Index:
    """All parts of all wordings, kept by their folded syllables."""

    def __init__(self, listed: Iterable[Listed]) -> None:
        self._parts: Trie[tuple[str, tuple[tuple[str, str], ...]]] = Trie()
        self._by_first: dict[str, list[Listed]] = defaultdict(list)
        known: set[str] = set()
        for wording in listed:
            self._by_first[wording.parts[0]].append(wording)
            for part in wording.parts:
                if part not in known:
                    known.add(part)
                    sounds = syllables(part)
                    self._parts.put([folded for _, folded in sounds], (part, sounds))

    def hits(self, heard: Heard) -> Iterator[Hit]:
        """Every wording found, its parts in order and no further apart than its cue allows."""
        spoken = [readings(character) for character in heard.characters]
        keys = [tuple({folded for _, folded in each}) for each in spoken]
        found: dict[str, list[tuple[int, int, _Likeness]]] = defaultdict(list)
        for start, end, (part, sounds) in self._parts.found(keys):
            likeness = _likeness(part, sounds, heard.characters[start:end], spoken[start:end])
            if likeness:
                found[part].append((start, end, likeness))
        for part in list(found):
            for wording in self._by_first.get(part, ()):
                for start, end, likeness in found[part]:
                    yield from _joined(wording, 1, start, end, likeness, found)


def _likeness(
    part: str,
    sounds: Sequence[tuple[str, str]],
    said: str,
    spoken: Sequence[Sequence[tuple[str, str]]],
) -> _Likeness | None:
    """Compare character by character; another character counts by its usual reading only."""
    same = exact = 0
    for wanted, (plain, folded), character, heard_as in zip(
        part, sounds, said, spoken, strict=True
    ):
        if wanted == character:
            same += 1
            exact += 1
            continue
        usual, usual_folded = heard_as[0]
        if usual_folded != folded or len(part) < _LEAST_BY_SOUND:
            return None
        exact += usual == plain
    return _Likeness(len(part), same, exact)


def _joined(
    wording: Listed,
    position: int,
    start: int,
    end: int,
    likeness: _Likeness,
    found: dict[str, list[tuple[int, int, _Likeness]]],
) -> Iterator[Hit]:
    if position == len(wording.parts):
        sure = _sureness(wording, likeness)
        if sure is not Decision.NONE:
            yield Hit(start, end, wording, sure, likeness.same == likeness.total)
        return
    for next_start, next_end, more in found.get(wording.parts[position], ()):
        if 0 <= next_start - end <= wording.cue.gap:
            yield from _joined(wording, position + 1, start, next_end, likeness + more, found)


def _sureness(wording: Listed, likeness: _Likeness) -> Decision:
    """The shorter a wording, the more of it must be written as listed for its sound to count."""
    listed = wording.cue.sure
    if likeness.same == likeness.total:
        return listed
    if not wording.cue.by_sound or wording.mishearing:
        return Decision.NONE
    all_alike = likeness.exact == likeness.total
    match likeness.total:
        case 3:
            close = likeness.same == 2 and all_alike
            return Decision.DOUBTFUL if close else Decision.NONE
        case total:
            mostly = likeness.same * 2 >= total
            if mostly and all_alike and len(wording.parts) == 1:
                return listed
            close = mostly or (likeness.same > 0 and all_alike)
            return Decision.DOUBTFUL if close else Decision.NONE
