"""Where a unit on duty is reached 值班手机: kept sealed, shown masked, changed on record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.notices.models import UnitContact
from backend.people import audit
from backend.privacy import Seal
from backend.units import service as units


async def of_unit(session: AsyncSession, unit_id: int) -> UnitContact | None:
    """Return how a unit is reached, or None if that was never said."""
    await units.find(session, unit_id)
    return await session.get(UnitContact, unit_id, populate_existing=True)


async def change(
    session: AsyncSession,
    unit_id: int,
    number: str | None,
    version: int,
    *,
    seal: Seal,
    actor: str,
    at: dt.datetime,
) -> UnitContact:
    """Set the number, or take it away; `version` is the one that was read, 0 for none yet."""
    await audit.hold(session)
    found = await of_unit(session, unit_id)
    units.refuse_stale("contact", found.version if found else 0, version)
    if found is None:
        found = UnitContact(unit_id=unit_id, version=0)
        session.add(found)
    found.number_sealed = seal.close(number) if number else None
    found.version, found.changed_at, found.changed_by = found.version + 1, at, actor
    subject = f"unit:{unit_id}"
    changed = {"contact": "given" if number else "taken away"}
    await audit.record(
        session, audit.Act.UNIT_CHANGED, actor=actor, subject=subject, at=at, changes=changed
    )
    return found


async def reachable(session: AsyncSession, unit_ids: Collection[int]) -> frozenset[int]:
    """Return those of these units that have a number."""
    query = select(UnitContact.unit_id).where(
        UnitContact.unit_id.in_(unit_ids), UnitContact.number_sealed.is_not(None)
    )
    return frozenset(await session.scalars(query))


async def number_of(session: AsyncSession, unit_id: int, seal: Seal) -> str | None:
    """Return the number of a unit as it is now, or None."""
    found = await session.get(UnitContact, unit_id)
    return str(seal.open(found.number_sealed)) if found and found.number_sealed else None
