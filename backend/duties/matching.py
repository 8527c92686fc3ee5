"""Whose matter it is: the entry that fits most closely, and the next one of another unit. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

WORDS, PLACE, DISTRICT = 4, 2, 1
"""What makes an entry closer: the matter narrowed by words, then the place, then the district."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One entry of the catalogue 派单目录条目."""

    code: str
    category: str
    unit: str
    basis: str
    words: tuple[str, ...] = ()
    district: str | None = None
    place: str | None = None
    tier: str | None = None
    unit_id: int | None = None

    @property
    def closeness(self) -> int:
        """How narrowly it is drawn; the narrower of two that fit goes first."""
        drawn = ((self.words, WORDS), (self.place, PLACE), (self.district, DISTRICT))
        return sum(weight for part, weight in drawn if part)

    def fits(self, matter: Matter) -> bool:
        """Tell whether this matter, at this place, falls under it."""
        return (
            self.category == matter.category
            and self.district in (None, matter.district)
            and (self.place is None or self.place in (matter.place or ""))
            and (not self.words or any(word in matter.text for word in self.words))
        )


@dataclass(frozen=True, slots=True)
class Matter:
    """What is known of a ticket's matter; `text` are the caller's words."""

    category: str
    district: str | None = None
    place: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The entry proposed with its runner-up; `clear` is False where the catalogue cannot tell."""

    entry: Duty | None
    runner_up: Duty | None
    clear: bool
    why: str


def propose(duties: Iterable[Duty], matter: Matter) -> Proposal:
    """Propose a unit by the catalogue (Art. 17); what is equally close to two is not clear."""
    fitting = sorted(
        (one for one in duties if one.fits(matter)), key=lambda one: (-one.closeness, one.code)
    )
    if not fitting:
        return Proposal(
            None, None, False, "派单目录没有对应条目，提请明确承办单位（第十七条第三款）"
        )
    best = fitting[0]
    other = next((one for one in fitting if one.unit != best.unit), None)
    if other and other.closeness == best.closeness:
        why = f"条目{best.code}与{other.code}同样适用而单位不同，职责交叉（第十七条第三款）"
        return Proposal(best, other, False, why)
    return Proposal(best, other, True, f"条目{best.code}：{best.basis}")
