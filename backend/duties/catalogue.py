"""Versions of the catalogue: what is in force, a new one, and the proposal for a matter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import insert_into
from backend.duties import starting
from backend.duties.matching import Duty, Matter, Proposal, propose
from backend.duties.models import Catalogue, DutyEntry
from backend.errors import Conflict, NotFound

MACHINE = "machine"


async def in_force(session: AsyncSession, version: str | None = None) -> Catalogue | None:
    """Return the newest version, or the named one; None while only the starting list is there."""
    query = select(Catalogue).order_by(Catalogue.id.desc()).limit(1)
    if version is None:
        return await session.scalar(query)
    found = await session.scalar(query.where(Catalogue.version == version))
    if found is None and version != starting.version():
        raise NotFound(
            "no_such_version",
            f"version: there is no version {version} of the catalogue",
            field="version",
            remedy="GET /api/duties/versions lists them",
        )
    return found


async def duties_of(
    session: AsyncSession, catalogue: Catalogue | None, category: str | None = None
) -> list[Duty]:
    """Return the entries of a version in their order, of one category if named."""
    if catalogue is None:
        return [one for one in starting.entries() if category in (None, one.category)]
    query = select(DutyEntry).where(DutyEntry.catalogue_id == catalogue.id).order_by(DutyEntry.id)
    if category is not None:
        query = query.where(DutyEntry.category == category)
    return [_duty(row) for row in await session.scalars(query)]


async def proposal_for(session: AsyncSession, matter: Matter) -> tuple[str, Proposal]:
    """Return the version in force and what it proposes for a matter."""
    catalogue = await in_force(session)
    found = propose(await duties_of(session, catalogue, matter.category), matter)
    return catalogue.version if catalogue else starting.version(), found


async def versions(session: AsyncSession) -> Sequence[Catalogue]:
    """Return every version, newest first."""
    return (await session.scalars(select(Catalogue).order_by(Catalogue.id.desc()))).all()


async def begin(session: AsyncSession, now: dt.datetime) -> None:
    """Keep the starting list as the first version, if no version is kept yet."""
    if await in_force(session) is None:
        await _keep(session, starting.version(), starting.NOTE, starting.entries(), MACHINE, now)


async def add_version(
    session: AsyncSession,
    version: str,
    note: str,
    duties: Sequence[Duty],
    *,
    actor: str,
    now: dt.datetime,
) -> Catalogue:
    """Put a new version in force as a whole; the ones before it stay readable."""
    await begin(session, now)
    made = await _keep(session, version, note, duties, actor, now)
    if made is None:
        raise Conflict(
            "exists_already",
            f"version: there is a version {version} already",
            field="version",
            remedy="name the new one otherwise; a version is never overwritten",
        )
    return made


async def _keep(
    session: AsyncSession,
    version: str,
    note: str,
    duties: Iterable[Duty],
    actor: str,
    now: dt.datetime,
) -> Catalogue | None:
    rows = [asdict(one) | {"words": list(one.words)} for one in duties]
    row = insert_into(session, Catalogue).values(
        version=version, note=note, entries=len(rows), made_at=now, actor=actor
    )
    row = row.on_conflict_do_nothing(index_elements=["version"]).returning(Catalogue.id)
    made = await session.scalar(row)
    if made is None:
        return None
    await session.execute(insert(DutyEntry), [row | {"catalogue_id": made} for row in rows])
    return await session.get_one(Catalogue, made)


def _duty(row: DutyEntry) -> Duty:
    return Duty(
        code=row.code,
        category=row.category,
        unit=row.unit,
        basis=row.basis,
        words=tuple(row.words),
        district=row.district,
        place=row.place,
        tier=row.tier,
        unit_id=row.unit_id,
    )
