"""Units over HTTP: the tree, one unit, a new one, a change."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from backend.database import Reading, Writing
from backend.errors import document
from backend.people.access import desk_of, require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.tickets.once import Key, once
from backend.units import cursors, queries, service
from backend.units.cursors import CursorText, Limit
from backend.units.levels import Level
from backend.units.schemas import (
    District,
    Id,
    UnitChange,
    UnitIn,
    UnitPage,
    UnitView,
    unit_view,
)

router = APIRouter(prefix="/api/units", tags=["units"])
Seer = Annotated[Identity, Depends(require(Right.SEE_UNITS))]
Keeper = Annotated[Identity, Depends(require(Right.KEEP_UNITS))]
UnitId = Annotated[Id, Path()]


@router.get("", responses=document(403, 404))
async def units(
    seer: Seer,
    session: Reading,
    under: Annotated[Id | None, Query(description="only this unit and those below it")] = None,
    level: Level | None = None,
    district: District | None = None,
    duty: Annotated[str | None, Query(max_length=40)] = None,
    active: bool | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 50,
) -> UnitPage:
    """List units in the order of the tree: each after the one it stands under."""
    found = await queries.page(
        session,
        under=await service.find(session, under, "under") if under else None,
        level=level,
        district=district,
        duty=duty.replace("\x00", "") if duty else None,
        active=active,
        after=cursors.unwrap("u", cursor, r"/(\d{1,15}/){1,12}"),
        limit=limit + 1,
    )
    shown = [unit_view(unit) for unit in found[:limit]]
    more = cursors.wrap("u", found[limit - 1].path) if len(found) > limit else None
    return UnitPage(items=shown, next_cursor=more)


@router.post("", status_code=201, responses=document(403, 404, 409))
async def add(
    request: Request,
    response: Response,
    keeper: Keeper,
    session: Writing,
    sent: UnitIn,
    key: Key = None,
) -> UnitView:
    """Add a unit under its parent."""
    asked = await once(request, session, keeper, key, sent.model_dump_json().encode())
    if known := await asked.known(UnitView, response):
        return known
    now = desk_of(request).now()
    added = await service.add(session, sent, actor=keeper.actor, now=now)
    return await asked.keep(unit_view(added))


@router.get("/{unit_id}", responses=document(403, 404))
async def unit(seer: Seer, session: Reading, unit_id: UnitId) -> UnitView:
    """Return one unit."""
    return unit_view(await service.find(session, unit_id))


@router.get("/{unit_id}/above", responses=document(403, 404))
async def above(seer: Seer, session: Reading, unit_id: UnitId) -> list[UnitView]:
    """Return the way from the city down to a unit: whom it reports to (Art. 23), nearest last."""
    way = await queries.way_up(session, await service.find(session, unit_id))
    return [unit_view(one) for one in way]


@router.patch("/{unit_id}", responses=document(403, 404, 409))
async def change(
    request: Request, keeper: Keeper, session: Writing, unit_id: UnitId, sent: UnitChange
) -> UnitView:
    """Change a unit; with a new parent its whole branch moves along."""
    now = desk_of(request).now()
    return unit_view(await service.change(session, unit_id, sent, actor=keeper.actor, now=now))
