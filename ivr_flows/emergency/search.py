"""Finds the listed wordings in a caller's words, by writing and by sound."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .cues import Listed
from .heard import Heard
from .sound import readings, syllables
from .trie import Trie
from .verdict import Decision
from .words import Words

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


_Parts = dict[str, list[tuple[int, int, _Likeness]]]


class Index:
    """All parts of all wordings: the longer ones by their sound, the rest as written."""

    def __init__(self, listed: Iterable[Listed]) -> None:
        self._by_sound: Trie[tuple[str, tuple[tuple[str, str], ...]]] = Trie()
        self._as_written: Words[str] = Words()
        self._by_first: dict[str, list[Listed]] = defaultdict(list)
        by_sound: dict[str, bool] = {}
        for wording in listed:
            self._by_first[wording.parts[0]].append(wording)
            for part in wording.parts:
                heard = _is_heard(wording, part)
                by_sound[part] = by_sound.get(part, False) or heard
        for part, heard in by_sound.items():
            if heard:
                sounds = syllables(part)
                self._by_sound.put([folded for _, folded in sounds], (part, sounds))
            else:
                self._as_written.put(part, part)

    def hits(self, heard: Heard) -> Iterator[Hit]:
        """Every wording found, its parts in order and no further apart than its cue allows."""
        found = self._parts(heard.characters)
        for part in list(found):
            for wording in self._by_first.get(part, ()):
                if any(other not in found for other in wording.parts[1:]):
                    continue
                for start, end, likeness in found[part]:
                    yield from _joined(wording, 1, start, end, likeness, found)

    def _parts(self, characters: str) -> _Parts:
        spoken = [readings(character) for character in characters]
        keys = [tuple({folded for _, folded in each}) for each in spoken]
        found: _Parts = defaultdict(list)
        for start, end, (part, sounds) in self._by_sound.found(keys):
            likeness = _likeness(part, sounds, characters[start:end], spoken[start:end])
            if likeness:
                found[part].append((start, end, likeness))
        for start, end, part in self._as_written.found(characters):
            alike = end - start
            found[part].append((start, end, _Likeness(alike, alike, alike)))
        return found


def _is_heard(wording: Listed, part: str) -> bool:
    by_sound = wording.cue.by_sound and not wording.mishearing
    return by_sound and len(part) >= _LEAST_BY_SOUND


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
        if usual_folded != folded:
            return None
        exact += usual == plain
    return _Likeness(len(part), same, exact)


def _joined(
    wording: Listed,
    position: int,
    start: int,
    end: int,
    likeness: _Likeness,
    found: _Parts,
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
