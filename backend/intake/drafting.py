"""From what a caller said to the fields of a draft ticket (Art. 15)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

from backend.intake import acceptance, contacts, kinds, rules, times, urgency
from backend.intake.address import locate
from backend.intake.fields import PROPOSAL_GATE, Fields, Kind
from backend.intake.normalise import normalise, simplified
from backend.intake.places import exact

PARTS = (
    "kind",
    "acceptable",
    "reason",
    "category",
    "district",
    "place",
    "time",
    "contact",
    "tier",
    "unit",
)


def draft(text: str, *, caller: str | None = None, at: datetime.datetime | None = None) -> Fields:
    """The fields that the words give; never raises for any text.

    `caller` is the calling number, used where the words hold none; `at` the moment of the call,
    needed to turn 前天 into a day. Nothing said leaves a field None with confidence 0.
    """
    plain = simplified(text)
    words = normalise(plain, [(f.start, f.end) for f in exact(plain)])
    said = kinds.said(words)
    kind = said[0] if said else Kind.HELP
    floors = rules.floors(words)
    category = max(floors, key=lambda c: floors[c][0], default="其他")
    sure = floors[category][0] if category in floors else 0.3
    address = locate(words)
    taken, reason, taken_sure, taken_why = acceptance.acceptable(words, kind)
    began, day, began_sure = times.began(words, at)
    number, number_sure, number_why = contacts.contact(words, caller)
    tier, tier_sure, tier_why = urgency.tier(words, category, kind, sure)
    confidences = {
        "kind": 0.9 if said else 0.6,
        "acceptable": taken_sure,
        "reason": taken_sure,
        "category": sure,
        "district": address.district_confidence,
        "place": address.place_confidence,
        "time": began_sure,
        "contact": number_sure,
        "tier": tier_sure,
        "unit": 0.0,
    }
    return Fields(
        kind=kind,
        acceptable=taken,
        reason=reason,
        category=category,
        district=address.district,
        neighbour=address.neighbour,
        place=address.place,
        time=began,
        date=day,
        contact=number,
        tier=tier,
        confidences=confidences,
        unsure=[part for part in PARTS if confidences[part] < PROPOSAL_GATE],
        mends=list(address.mends),
        why={
            "kind": f"说到“{said[1]}”" if said else "没有明说",
            "acceptable": taken_why,
            "category": f"说到“{floors[category][1]}”" if category in floors else "没有把握",
            "district": address.district_why,
            "place": address.place_why,
            "contact": number_why,
            "tier": tier_why,
        },
    )


def draft_lines(texts: Iterable[str]) -> Iterator[str]:
    """One JSON line a text, in their order."""
    for text in texts:
        yield draft(text.rstrip("\n")).model_dump_json()
