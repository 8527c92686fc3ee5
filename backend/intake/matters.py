"""Which category the matter belongs to: the classifier, over a floor of strong words."""

from __future__ import annotations

from dataclasses import dataclass

from backend.intake import classifier, rules
from backend.intake.fields import Alternative


@dataclass(frozen=True)
class Matter:
    """The category, its probability, the runners-up, and why."""

    category: str
    confidence: float
    alternatives: tuple[Alternative, ...]
    why: str


def matter(text: str) -> Matter:
    """The likeliest category of normalised words.

    A rule lifts its category to its floor, but only where the classifier holds it possible at all,
    or where the classifier itself is not sure.
    """
    chances = dict(classifier.categories().probabilities(text))
    best = max(chances, key=lambda name: chances[name])
    floors = rules.floors(text)
    whys = {best: f"分类器认为是{best}"}
    for category, (floor, cue) in floors.items():
        if chances[category] >= 0.2 or chances[best] < 0.7:
            chances[category] = max(chances[category], floor)
            whys[category] = f"说到“{cue}”"
    ranked = sorted(chances, key=lambda name: -chances[name])
    first = ranked[0]
    rest = tuple(
        Alternative(category=name, confidence=round(chances[name], 3)) for name in ranked[1:3]
    )
    return Matter(first, round(chances[first], 3), rest, whys.get(first, f"分类器认为是{first}"))
