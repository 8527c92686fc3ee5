"""The call flows as pages: where each answer leads, how often, and every prompt to hear."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from fastapi import Path as PathParameter
from fastapi.responses import FileResponse, HTMLResponse

from backend.console.administration import traffic
from backend.console.administration.drawing import draw
from backend.console.doors import console_router
from backend.console.pages import page
from backend.database import Reading
from backend.deadlines import SHANGHAI
from backend.errors import NotFound
from backend.people.access import desk_of, require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.privacy import Seal
from backend.settings import Settings
from ivr_flows.loader import Book, FlowError, load_book

router = console_router()
Seer = Annotated[Identity, Depends(require(Right.SEE_FLOWS))]
Name = Annotated[str, PathParameter(pattern=r"^[a-z][a-z0-9_]{0,60}$")]


@router.get("/flows")
async def flows(request: Request, seer: Seer, session: Reading) -> HTMLResponse:
    """Show every flow with the calls that took its steps, and what the check finds wrong."""
    book, faults = _book()
    now = desk_of(request).now().astimezone(SHANGHAI)
    morning = now.replace(hour=0, minute=0, second=0, microsecond=0)
    sealed, seal = await traffic.closed(session, morning), request.app.state.seal
    told = await asyncio.to_thread(_counted, sealed, seal)
    stops = (
        {name: traffic.stops(book, one, told) for name, one in book.flows.items()} if book else {}
    )
    return page(
        request,
        "administration/flows.html",
        faults=faults,
        flows=stops,
        drawings={name: draw(book, book.flows[name], stops[name], told) for name in stops}
        if book
        else {},
        calls=told.calls,
        most=traffic.MOST_CALLS,
    )


@router.get("/prompts")
async def prompts(request: Request, seer: Seer) -> HTMLResponse:
    """Show every sentence that callers hear, with its sound."""
    book, faults = _book()
    settings: Settings = request.app.state.settings
    listed = list(book.prompts.values()) if book else []
    heard = {one.name for one in listed if _sound(settings, one.name).is_file()}
    return page(request, "administration/prompts.html", prompts=listed, heard=heard, faults=faults)


@router.get("/prompts/{name}/sound")
async def sound(request: Request, seer: Seer, name: Name) -> FileResponse:
    """Play one prompt."""
    book, _ = _book()
    path = _sound(request.app.state.settings, name)
    if book is None or name not in book.prompts or not path.is_file():
        raise NotFound(
            "no_such_prompt", "no such prompt", field="name", remedy="/console/prompts lists them"
        )
    return FileResponse(path, media_type="audio/wav")


def _sound(settings: Settings, name: str) -> Path:
    return settings.media / "sounds" / "zh" / f"{name}.wav"


def _counted(sealed: traffic.Sealed, seal: Seal) -> traffic.Traffic:
    return traffic.counted((seal.open(one), flow) for one, flow in sealed)


@lru_cache(maxsize=1)
def _book() -> tuple[Book | None, list[str]]:
    """Read and check the flows once; the programs too read them when they start."""
    try:
        return load_book(), []
    except FlowError as error:
        return None, [str(one) for one in error.faults]
