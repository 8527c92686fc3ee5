"""The catalogue a city starts with, before it has imported its own: entries from the duty list."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from backend.duties.matching import Duty
from backend.intake import duties, gazetteer, urgency

NOTE = "初始目录，按通常职责分工编制，由本市目录替换"


def version() -> str:
    """Return the name of the starting version."""
    return duties.load().version


@lru_cache(maxsize=1)
def entries() -> tuple[Duty, ...]:
    """Return one entry a category for the city, and one for each of its districts."""
    return tuple(_entries())


def _entries() -> Iterator[Duty]:
    listed, known, tiers = duties.load(), gazetteer.load(), urgency.usual()
    own = [name for name in known.districts if name not in known.neighbours]
    for line in listed.entries:
        tier = tiers[line.category].value
        yield Duty(line.id, line.category, line.city, line.basis, tier=tier)
        for number, district in enumerate(own, 1):
            unit = (line.urban if district in listed.urban else line.county).format(d=district)
            code = f"{line.id}-{number:02d}"
            yield Duty(code, line.category, unit, line.basis, district=district, tier=tier)
