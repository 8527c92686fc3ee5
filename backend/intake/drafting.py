"""From what a caller said to the fields of a draft ticket (Art. 15)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

from backend.intake import acceptance, classifier, contacts, duties, kinds, matters, times, urgency
from backend.intake.address import locate
from backend.intake.fields import PROPOSAL_GATE, Fields
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
    kind, kind_sure, kind_why = kinds.kind(words)
    matter = matters.matter(words)
    address = locate(words)
    taken, reason, taken_sure, taken_why = acceptance.acceptable(words, kind)
    began, day, began_sure = times.began(words, at)
    number, number_sure, number_why = contacts.contact(words, caller)
    tier, tier_sure, tier_why = urgency.tier(words, matter.category, kind, matter.confidence)
    unit, unit_why = duties.lead(matter.category, address.district, address.neighbour)
    unit_sure = round(matter.confidence * (address.district_confidence or 0.6), 3)
    confidences = {
        "kind": kind_sure,
        "acceptable": taken_sure,
        "reason": taken_sure,
        "category": matter.confidence,
        "district": address.district_confidence,
        "place": address.place_confidence,
        "time": began_sure,
        "contact": number_sure,
        "tier": tier_sure,
        "unit": unit_sure,
    }
    return Fields(
        kind=kind,
        acceptable=taken,
        reason=reason,
        category=matter.category,
        district=address.district,
        neighbour=address.neighbour,
        place=address.place,
        time=began,
        date=day,
        contact=number,
        tier=tier,
        unit=unit,
        confidences=confidences,
        unsure=[part for part in PARTS if confidences[part] < PROPOSAL_GATE],
        alternatives=list(matter.alternatives),
        mends=list(address.mends),
        why={
            "kind": kind_why,
            "acceptable": taken_why,
            "reason": taken_why,
            "category": matter.why,
            "district": address.district_why,
            "place": address.place_why,
            "time": f"说到“{began}”" if began else "没有说到时间",
            "contact": number_why,
            "tier": tier_why,
            "unit": unit_why,
        },
    )


def prepare() -> None:
    """Fit the classifiers and read the data, so that the first caller need not wait for it."""
    draft("热线")
    classifier.forget()


def draft_lines(texts: Iterable[str]) -> Iterator[str]:
    """One JSON line a text, in their order."""
    for text in texts:
        yield draft(text.rstrip("\n")).model_dump_json()
