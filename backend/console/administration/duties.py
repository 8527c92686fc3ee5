"""The duty catalogue as pages: versions, entries, and the import with its faults by row."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, File, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from backend.console.doors import console_router
from backend.console.pages import back_to, page
from backend.database import Reading, Writing
from backend.duties import catalogue, importing, starting
from backend.duties import endpoints as api
from backend.errors import Invalid, Problem
from backend.intake import urgency
from backend.people.access import desk_of, require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.units.schemas import Plain

router = console_router()
HERE, MOST = "/console/duties", 100
Keeper = Annotated[Identity, Depends(require(Right.KEEP_DUTIES))]
Name = Annotated[str, Query(max_length=40)]
Text = Annotated[Plain, Form(min_length=1, max_length=100)]
Version = Annotated[Plain, Form(min_length=1, max_length=40)]


@router.get("/duties")
async def duties(
    request: Request, keeper: Keeper, session: Reading, category: Name = "", version: Name = ""
) -> HTMLResponse:
    """Show the versions and the entries of one of them."""
    return await _shown(request, keeper, session, category, version)


@router.post("/duties")
async def take_in(
    request: Request,
    keeper: Keeper,
    session: Writing,
    file: Annotated[UploadFile, File()],
    version: Version,
    note: Text,
    unknown_units: Annotated[bool, Form()] = False,
) -> Response:
    """Import a version; with one wrong row nothing is imported and every fault is shown."""
    names = await importing.known(session)
    try:
        found = importing.read(await file.read(), names, unknown_units=unknown_units)
    except Invalid as wrong:
        faults = wrong.body.problems or [
            Problem(field="文件", problem=wrong.body.message, remedy=wrong.body.remedy)
        ]
        return await _shown(request, keeper, session, "", "", faults=faults)
    now = desk_of(request).now()
    made = await catalogue.add_version(session, version, note, found, actor=keeper.actor, now=now)
    return back_to(request, HERE, f"派单目录{made.version}已启用，共{made.entries}条。")


async def _shown(
    request: Request,
    keeper: Identity,
    session: Reading,
    category: str,
    version: str,
    faults: list[Problem] | None = None,
) -> HTMLResponse:
    kept = await catalogue.in_force(session, version.replace("\x00", "") or None)
    entries = await catalogue.duties_of(session, kept, category.replace("\x00", "") or None)
    return page(
        request,
        "administration/duties.html",
        status=422 if faults else 200,
        versions=await api.versions(keeper, session),
        shown=kept.version if kept else starting.version(),
        entries=entries[:MOST],
        many=len(entries),
        category=category,
        categories=list(urgency.usual()),
        faults=faults or [],
    )
