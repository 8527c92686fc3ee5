"""The draft's unit by the catalogue in force, once the city has one of its own (Art. 17)."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from backend.duties import catalogue
from backend.duties.matching import Matter, Proposal, propose
from backend.intake import urgency
from backend.intake.fields import Fields, Tier


async def by_catalogue(session: AsyncSession, fields: Fields, text: str) -> Fields:
    """Return fields whose unit, and usual tier, are those of the entry that fits most closely.

    A neighbour's matter and a draft without words stay as they are.
    """
    if fields.neighbour or not text.strip():
        return fields
    kept = await catalogue.in_force(session)
    if kept is None:
        return fields
    matter = Matter(fields.category, fields.district, fields.place, text)
    found = propose(await catalogue.duties_of(session, kept, fields.category), matter)
    unsure = fields.unsure if found.clear else sorted({*fields.unsure, "unit"})
    why = {**fields.why, "unit": f"派单目录{kept.version} {found.why}"}
    unit = found.entry.unit if found.entry else None
    changed = {"unit": unit, "tier": _tier(fields, found), "unsure": unsure, "why": why}
    return fields.model_copy(update=changed)


def _tier(fields: Fields, found: Proposal) -> Tier:
    """The entry's tier, unless the words made the matter more urgent than usual."""
    usual = urgency.usual()[fields.category]
    if found.entry is None or found.entry.tier is None or fields.tier is not usual:
        return fields.tier
    return Tier(found.entry.tier)
