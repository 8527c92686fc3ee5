"""From the places found in the words to one district and one place to go to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from backend.intake.fields import Mend
from backend.intake.gazetteer import DISTRICT, load
from backend.intake.places import Found, find

_NUMBER = r"(?:\d+|[A-Za-z]\d*|[东西南北])"
_TAIL = re.compile(
    rf"(?:\s?{_NUMBER}(?:号院|号楼|号|栋|幢|座|单元|室|层|弄|组|期|区|楼|-)|\d{{3,4}}(?!\d)"
    r"|(?:交叉口|交口|路口)|(?:东段|西段|南段|北段|中段)"
    r"|派出所|社区|菜市场|小学|中学|幼儿园|家属院)+"
)
_ESTATE = "小区|花园|家园|公寓|社区|佳苑|嘉园|新苑|华府|华庭|名邸|家属院|新村"
_PUBLIC = "大街|胡同|大厦|小学|中学|幼儿园|养老院|敬老院|水库|路|街|村"
_STOP = set(
    "我你他她它们的了在住是这那有和跟与到从往来去就都也还把被给让向对于个位着呢吗吧啊咱家老俺"
    "说问请您好想要能不没一二三四五六七八九十天年月日号叫做某每各全整附近旁对面过走修边农光听"
    ",，。.!！?？、;；: 0123456789"
)
_GENERIC = re.compile(rf"([一-龥]{{1,7}}?)({_ESTATE}|{_PUBLIC})")
_NOT_NAMES = re.compile(
    r"(?:农|隔壁|邻|别|本|全|整个|各|进|回|下)村$|(?:马|公|道|大|小|铁|半|绕|高速|上|逛|思|修|网)[路街]$|^老旧|建议|投诉|举报"
)
_LIVES = re.compile(r"(?:住在?|位于|家在|地址是?|就在|地点是?|这里是|我在|我是|我们|咱们?|在)$")
_FROM = re.compile(r"(?:老家是?|从|户口在?|户籍在?|原来在|以前在|去|到|往|回|发往|寄到|嫁到)$")
_NOT_HERE = re.compile(r"^(?:的?人(?!民)|户口|户籍|开往|到|往|去|寄|发来|的?身份证)")


@dataclass(frozen=True)
class Address:
    """The district and place of the matter, how sure each is (0..1), and why."""

    district: str | None
    district_confidence: float
    district_why: str
    place: str | None
    place_confidence: float
    place_why: str
    mends: tuple[Mend, ...]

    @property
    def neighbour(self) -> bool:
        """Whether the district belongs to another city's hotline."""
        return self.district in load().neighbours


@dataclass(frozen=True)
class _Span:
    start: int
    end: int
    words: str
    districts: tuple[str, ...]
    score: float
    weight: float
    why: str


def locate(text: str) -> Address:
    """The address in normalised words; parts that were not said are None with confidence 0."""
    found = _agreeing(find(text))
    spans = _spans(text, found)
    best = max(spans, key=lambda s: (round(s.weight, 2), s.end - s.start, -s.start), default=None)
    district, sure, why = _district(text, found, best, spans)
    mends = tuple(Mend(heard=f.heard, name=f.place.form, score=f.score) for f in found if f.mended)
    return Address(
        district,
        sure,
        why,
        best.words if best else None,
        best.score if best else 0.0,
        best.why if best else "没有说到具体地点",
        mends,
    )


def _agreeing(found: list[Found]) -> list[Found]:
    """Without the mended names that lie in no district that was said."""
    said = {f.place.name for f in found if f.place.kind == DISTRICT and not f.mended}
    return [
        f
        for f in found
        if not (f.mended and said and said.isdisjoint(f.place.districts) and f.score < 0.97)
    ]


def _spans(text: str, found: list[Found]) -> list[_Span]:
    """Runs of places that follow one another, with the house number after them."""
    spans: list[_Span] = []
    named = [f for f in found if f.place.kind != DISTRICT]
    taken = {p for f in found for p in range(f.start, f.end)}
    for first in named:
        if any(s.start <= first.start < s.end for s in spans):
            continue
        spans.append(_grown(text, first, named))
    for match in _GENERIC.finditer(text):
        span = _generic(text, match, taken)
        if span and not any(span.start < s.end and s.start < span.end for s in spans):
            spans.append(span)
    return spans


def _grown(text: str, first: Found, named: list[Found]) -> _Span:
    words = first.place.form if first.mended else first.heard
    end, score, districts = first.end, first.score, first.place.districts
    why = (
        f"听到“{first.heard}”，按读音改为“{words}”"
        if first.mended
        else f"地名库：{first.place.name}"
    )
    while True:
        following = next((f for f in named if 0 <= f.start - end <= 0), None)
        joined = re.match(r"[和与跟]", text[end : end + 1])
        crossing = next((f for f in named if joined and f.start == end + 1), None)
        tail = _TAIL.match(text, end)
        if following:
            words += following.place.form if following.mended else following.heard
            districts = (
                following.place.districts if len(following.place.districts) == 1 else districts
            )
            end, score = following.end, min(score, following.score)
        elif crossing and re.match(r"(?:的)?(?:交叉口|交口|路口|交界|十字)", text[crossing.end :]):
            mark = re.match(r"(?:的)?(交叉口|交口|路口|交界处?|十字路口)?", text[crossing.end :])
            words += text[end] + crossing.place.form + ((mark[1] or "") if mark else "")
            end = crossing.end + (mark.end() if mark else 0)
        elif tail:
            words += tail[0].strip()
            end = tail.end()
        else:
            break
    return _Span(
        first.start, end, words, districts, score, score + _cue(text, first.start, end), why
    )


def _generic(text: str, match: re.Match[str], taken: set[int]) -> _Span | None:
    """A name the gazetteer lacks: an estate anywhere, else only after a district or 住在."""
    start, end = match.start(), match.end()
    name_start = end - len(match[2])
    left = name_start
    while left > start and text[left - 1] not in _STOP and (left - 1) not in taken:
        left -= 1
    words = text[left:end]
    led = (left - 1) in taken or bool(_LIVES.search(text[max(0, left - 5) : left]))
    known = led or (match[2] in _ESTATE.split("|") and not text[:left].strip(" ,喂你好"))
    if name_start - left < 2 or not known or _NOT_NAMES.search(words):
        return None
    if not taken.isdisjoint(range(left, end)):
        return None
    tail = _TAIL.match(text, end)
    if tail:
        words, end = words + tail[0].strip(), tail.end()
    score = 0.82 if led else 0.72
    why = "按“…小区、路、村”的说法认出，地名库里没有"
    return _Span(left, end, words, (), score, score - 0.1 + _cue(text, left, end), why)


def _cue(text: str, start: int, end: int) -> float:
    before = text[max(0, start - 5) : start]
    weight = 0.15 if _LIVES.search(before) else 0.0
    weight -= 0.3 if _FROM.search(before) else 0.0
    return weight + 0.02 * min(end - start, 10)


def _district(
    text: str, found: list[Found], best: _Span | None, spans: list[_Span]
) -> tuple[str | None, float, str]:
    said = [f for f in found if f.place.kind == DISTRICT]
    if said:
        chosen = max(said, key=lambda f: (_district_weight(text, f, best), -f.start))
        name = chosen.place.name
        agreed = bool(best and name in best.districts)
        score = min(1.0, chosen.score * (1.0 if len({f.place.name for f in said}) == 1 else 0.9))
        return name, min(0.99, score + (0.02 if agreed else 0.0)), f"说到“{chosen.heard}”"
    for span in sorted(spans, key=lambda s: s is not best):
        if len(span.districts) == 1:
            return (
                span.districts[0],
                round(0.9 * span.score, 3),
                f"“{span.words}”在{span.districts[0]}",
            )
    if best and best.districts:
        return None, 0.0, f"“{best.words}”可能在{'、'.join(best.districts)}，没有说哪个区"
    return None, 0.0, "没有说到区县"


def _district_weight(text: str, found: Found, best: _Span | None) -> float:
    before, after = text[max(0, found.start - 5) : found.start], text[found.end : found.end + 4]
    weight = found.score
    weight += 0.3 if _LIVES.search(before) else 0.0
    weight -= 0.5 if _FROM.search(before) else 0.0
    weight -= 0.5 if _NOT_HERE.search(after) else 0.0
    weight += 0.4 if best and 0 <= best.start - found.end <= 1 else 0.0
    return weight + (0.3 if best and found.place.name in best.districts else 0.0)
