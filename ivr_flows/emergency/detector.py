"""Reads a caller's words, whole or so far, and says whether life, limb or home is in danger."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from .cues import Book
from .heard import Heard, take
from .learnt import Impression, Learnt
from .search import Index
from .verdict import NOTHING, Decision, Verdict
from .weighing import Scales, Weighed

_ASK = 0.7
"""Log-odds of danger from which a caller is asked by the second ear alone."""
_ASK_DOUBTFUL = -0.5
"""The same where a listed wording is doubtful, and nothing weakens it."""
_TRANSFER = 3.75
"""Log-odds that a listed certain danger must have besides, to be acted on without a question."""
_TRANSFER_SO_FAR = 5.5
"""The same while the caller is still speaking, and may yet say that it was last year."""
_ASK_LISTED = -2.5
"""The same where a listed wording is certain by itself."""
_WINDOW, _STEP = 70, 40
"""In characters: so much of a statement is heard at once, and so far the next part begins."""
_LEAST_KNOWN = 0.5
"""The second ear does not speak where it knows less of the characters than this."""
_LEAST_CHARACTERS = 4
"""In fewer, numbers and hums aside, it hears nothing by itself: 好了 and 来了 are answers."""
_SHORT, _ASK_SHORT = 10, 2.0
"""In fewer characters than this it must be surer to ask by itself."""
_SAY_NOTHING = frozenset("零〇一二三四五六七八九十百千幺两嗯啊呃哦噢唔诶")
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

    def listen(self, text: str) -> tuple[str, list[str]]:
        """The comparable characters of a text and the signs its cues leave: what is learnt by."""
        heard = take(text, self._simplified)
        return heard.characters, self._signs(heard, self._weighed(heard))

    def _weighed(self, heard: Heard) -> list[Weighed]:
        return self._scales.weigh(heard, self._index.hits(heard))

    def _signs(self, heard: Heard, weighed: Iterable[Weighed]) -> list[str]:
        return self._scales.signs(heard, weighed)

    def _judged(self, text: str, *, final: bool) -> Verdict:
        heard = take(text, self._simplified)
        weighed = self._weighed(heard)
        if not final:
            weighed = [_so_far(each, heard) for each in weighed]
        verdict = self._verdict(heard, weighed) if weighed else NOTHING
        if not final and verdict.decision is not Decision.CERTAIN:
            return verdict
        impression = self._impression(heard, weighed)
        if impression is None or impression.known < _LEAST_KNOWN:
            return verdict
        return _agreed(heard, verdict, impression, _TRANSFER if final else _TRANSFER_SO_FAR)

    def _impression(self, heard: Heard, weighed: Iterable[Weighed]) -> Impression | None:
        if not self._learnt or not heard.characters:
            return None
        signs = self._signs(heard, weighed)
        windows = (self._learnt.impression(each, signs) for each in _windows(heard.characters))
        return max(windows, key=lambda impression: impression.danger)

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


def _agreed(heard: Heard, verdict: Verdict, impression: Impression, transfer: float) -> Verdict:
    """What is left when the listed wordings and the second ear have both spoken."""
    if verdict.decision is Decision.CERTAIN and impression.danger >= transfer:
        return verdict
    if impression.danger >= _least_to_ask(heard, verdict):
        return _asked(heard, verdict, impression.service)
    if verdict.decision is Decision.NONE:
        return verdict
    weakened = verdict.weakened_by or _HARMLESS
    return Verdict(Decision.NONE, cue=verdict.cue, listed=verdict.listed, weakened_by=weakened)


def _least_to_ask(heard: Heard, verdict: Verdict) -> float:
    match verdict.decision:
        case Decision.CERTAIN:
            return _ASK_LISTED
        case Decision.DOUBTFUL if verdict.weakened_by is None:
            return _ASK_DOUBTFUL
    return _ASK_SHORT if not verdict.cue and len(heard.characters) < _SHORT else _ASK


def _asked(heard: Heard, verdict: Verdict, service: str) -> Verdict:
    match verdict.decision:
        case Decision.CERTAIN:
            return replace(verdict, decision=Decision.DOUBTFUL, weakened_by=_HARMLESS)
        case Decision.DOUBTFUL:
            return verdict
    if sum(one not in _SAY_NOTHING for one in heard.characters) < _LEAST_CHARACTERS:
        return verdict
    if verdict.cue is not None:
        return replace(verdict, decision=Decision.DOUBTFUL, service=service)
    cue = heard.as_written(0, len(heard.characters))
    return Verdict(Decision.DOUBTFUL, service, cue=cue)


def _pieces(text: str) -> Iterator[str]:
    """A minute of speech is one piece; more is judged in overlapping ones, in linear time."""
    yield text[:_AT_ONCE]
    for start in range(_AT_ONCE - _OVERLAP, len(text) - _OVERLAP, _AT_ONCE - _OVERLAP):
        yield text[start : start + _AT_ONCE]


def _windows(characters: str) -> Iterator[str]:
    """Of a long statement the part that sounds most of danger counts, not the mean of all."""
    yield characters[:_WINDOW]
    for start in range(_STEP, len(characters) - _WINDOW + _STEP, _STEP):
        yield characters[start : start + _WINDOW]


def _so_far(each: Weighed, heard: Heard) -> Weighed:
    follow = len(heard.characters) - each.hit.end
    if each.decision is Decision.CERTAIN and follow < each.hit.listed.cue.wait:
        return replace(each, decision=Decision.DOUBTFUL)
    return each
