"""The tree of units as pages: see it, add a unit, change one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path, Request
from fastapi.responses import HTMLResponse, Response

from backend.console.doors import console_router
from backend.console.forms import form
from backend.console.pages import back_to, page
from backend.database import Reading, Writing
from backend.intake import gazetteer, urgency
from backend.people.access import require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.units import endpoints as api
from backend.units import queries, service
from backend.units.levels import Level
from backend.units.schemas import Id, UnitChange, UnitIn

router = console_router()
HERE = "/console/units"
Keeper = Annotated[Identity, Depends(require(Right.KEEP_UNITS))]
UnitId = Annotated[Id, Path()]


@router.get("/units")
async def units(request: Request, keeper: Keeper, session: Reading) -> HTMLResponse:
    """Show the tree, each unit after the one it stands under."""
    found = await queries.page(session, limit=1000)
    return page(request, "administration/units.html", units=found, **_choices())


@router.post("/units")
async def add(
    request: Request,
    keeper: Keeper,
    sent: Annotated[UnitIn, Depends(form(UnitIn))],
    session: Writing,
) -> Response:
    """Add a unit."""
    made = await api.add(request, Response(), keeper, session, sent)
    return back_to(request, HERE, f"已增加{made.name}。")


@router.get("/units/{unit_id}")
async def unit(request: Request, keeper: Keeper, session: Reading, unit_id: UnitId) -> HTMLResponse:
    """Show one unit and what may be changed."""
    found = await service.find(session, unit_id)
    every = await queries.page(session, limit=1000)
    return page(request, "administration/unit.html", unit=found, units=every, **_choices())


@router.post("/units/{unit_id}")
async def change(
    request: Request,
    keeper: Keeper,
    sent: Annotated[UnitChange, Depends(form(UnitChange))],
    session: Writing,
    unit_id: UnitId,
) -> Response:
    """Change a unit, or take it out of service."""
    await api.change(request, keeper, session, unit_id, sent)
    return back_to(request, f"{HERE}/{unit_id}", "已保存。")


def _choices() -> dict[str, Any]:
    known = gazetteer.load()
    return {
        "levels": Level,
        "districts": [one for one in known.districts if one not in known.neighbours],
        "categories": list(urgency.usual()),
    }
