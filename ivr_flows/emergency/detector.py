"""Reads a caller's words, whole or so far, and says whether life, limb or home is in danger."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from .cues import Book
from .heard import Heard, take
from .learnt import Impression, Learnt
from .search import Index
from .verdict import NOTHING, Decision, Verdict
from .weighing import Scales, Weighed

_SOUNDS_LIKE_DANGER = 0.0
_SOUNDS_LIKE_NONE = -2.0
_LEAST_KNOWN = 0.5
"""The second ear does not contradict where it knows less of the characters than this."""
_SOUNDS_QUITE_HARMLESS = -7.5
_LEAST_CHARACTERS = 4
"""In fewer, numbers aside, the second ear hears nothing: 好了 and 来了 answer questions."""
_NUMERALS = frozenset("零〇一二三四五六七八九十百千幺两")
_SHORT = 10
_SHORT_SOUNDS_LIKE_DANGER = 2.0
_HARMLESS = "sounds harmless"
_AT_ONCE = 400
_OVERLAP = 60
_RANK = {Decision.CERTAIN: 2, Decision.DOUBTFUL: 1, Decision.NONE: 0}


class Detector:
    """The cues of one or more files, ready to be asked on every partial transcript."""

    def __init__(self, book: Book, learnt: Learnt | None = None) -> None:
        self._learnt = learnt
        self._order = {service: rank for rank, service in enumerate(book.order)}
        self._simplified = book.simplified
        self._index = Index(book.listed)
        self._scales = Scales(book)

    def detect(self, text: str, *, final: bool = True) -> Verdict:
        """Judge a transcript; with final=False it is the beginning of one that is still growing.

        A partial is certain only once a few more characters have followed the cue, because they
        may be the ones that weaken it ("着火" - "着火点"); until then it is doubtful.
        """
        verdicts = [self._judged(piece, final=final) for piece in _pieces(text)]
        return max(verdicts, key=lambda verdict: _RANK[verdict.decision])

    def _judged(self, text: str, *, final: bool) -> Verdict:
        heard = take(text, self._simplified)
        hits = list(self._index.hits(heard))
        if not hits:
            return self._by_ear(heard) if final else NOTHING
        weighed = self._scales.weigh(heard, hits)
        if not final:
            weighed = [_so_far(each, heard) for each in weighed]
        verdict = self._verdict(heard, weighed)
        return self._heard_again(heard, verdict) if final else self._so_sure(heard, verdict)

    def _heard_again(self, heard: Heard, verdict: Verdict) -> Verdict:
        """Let the second ear take one step from a listed wording, from a question only if sure."""
        sure = self._so_sure(heard, verdict)
        if sure is not verdict or verdict.decision is not Decision.DOUBTFUL:
            return sure
        if self._sounds_below(heard, _SOUNDS_QUITE_HARMLESS):
            return Verdict(
                Decision.NONE, cue=verdict.cue, listed=verdict.listed, weakened_by=_HARMLESS
            )
        return verdict

    def _so_sure(self, heard: Heard, verdict: Verdict) -> Verdict:
        certain = verdict.decision is Decision.CERTAIN
        if certain and self._sounds_below(heard, _SOUNDS_LIKE_NONE):
            return replace(verdict, decision=Decision.DOUBTFUL, weakened_by=_HARMLESS)
        return verdict

    def _sounds_below(self, heard: Heard, danger: float) -> bool:
        impression = self._impression(heard)
        return (
            impression is not None
            and impression.known >= _LEAST_KNOWN
            and impression.danger < danger
        )

    def _impression(self, heard: Heard) -> Impression | None:
        if not self._learnt or not heard.characters:
            return None
        return self._learnt.impression(heard.characters)

    def _by_ear(self, heard: Heard) -> Verdict:
        """No listed wording: ask when the whole sentence sounds like danger."""
        if sum(one not in _NUMERALS for one in heard.characters) < _LEAST_CHARACTERS:
            return NOTHING
        impression = self._impression(heard)
        short = len(heard.characters) < _SHORT
        least = _SHORT_SOUNDS_LIKE_DANGER if short else _SOUNDS_LIKE_DANGER
        if not impression or impression.danger < least:
            return NOTHING
        cue = heard.as_written(0, len(heard.characters))
        return Verdict(Decision.DOUBTFUL, impression.service, cue=cue, listed=None)

    def _verdict(self, heard: Heard, weighed: list[Weighed]) -> Verdict:
        strongest = max(_RANK[each.decision] for each in weighed)
        top = [each for each in weighed if _RANK[each.decision] == strongest]
        best = min(top, key=self._precedence)
        decision = best.decision
        services = self._services(decision, best, weighed)
        return Verdict(
            decision=decision,
            service=services[0] if services else None,
            also=tuple(services[1:]),
            cue=heard.as_written(best.hit.start, best.hit.end),
            listed=best.hit.listed.wording,
            weakened_by=best.weakened_by,
            critical=best.hit.listed.cue.critical,
        )

    def _precedence(self, each: Weighed) -> tuple[bool, int, bool, int, int]:
        hit = each.hit
        return (
            not hit.listed.cue.critical,
            self._rank(hit.listed.cue.service),
            not hit.written_alike,
            hit.start - hit.end,
            hit.start,
        )

    def _services(self, decision: Decision, best: Weighed, weighed: Iterable[Weighed]) -> list[str]:
        """All services called for without doubt or unweakened, the life-saving one first."""
        cue = best.hit.listed.cue
        match decision:
            case Decision.NONE:
                return []
            case Decision.DOUBTFUL:
                return list(dict.fromkeys([cue.service, *cue.also]))
        sure = {each.hit.listed.cue for each in weighed if each.decision is Decision.CERTAIN}
        unsure = {
            each.hit.listed.cue
            for each in weighed
            if each.decision is Decision.DOUBTFUL and each.weakened_by is None
        }
        first = {cue.service for cue in sure} | {cue.service for cue in unsure if cue.joins}
        then = {other for cue in sure for other in cue.also}
        then |= {cue.service for cue in unsure if not cue.alone}
        ranked = sorted(first, key=self._rank) + sorted(then, key=self._rank)
        return list(dict.fromkeys(ranked))

    def _rank(self, service: str) -> int:
        return self._order.get(service, len(self._order))


def _pieces(text: str) -> Iterator[str]:
    """A minute of speech is one piece; more is judged in overlapping ones, in linear time."""
    yield text[:_AT_ONCE]
    for start in range(_AT_ONCE - _OVERLAP, len(text) - _OVERLAP, _AT_ONCE - _OVERLAP):
        yield text[start : start + _AT_ONCE]


def _so_far(each: Weighed, heard: Heard) -> Weighed:
    follow = len(heard.characters) - each.hit.end
    if each.decision is Decision.CERTAIN and follow < each.hit.listed.cue.wait:
        return replace(each, decision=Decision.DOUBTFUL)
    return each
