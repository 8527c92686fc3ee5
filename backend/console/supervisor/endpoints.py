"""The supervisor's pages: now, decisions, what is late, supervision cases, disputed matters."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response

from backend.alarms import endpoints as alarms
from backend.alarms.schemas import Acknowledgement
from backend.console.doors import console_router
from backend.console.forms import form
from backend.console.pages import back_to, page
from backend.console.supervisor import now as moment
from backend.console.supervisor import waiting
from backend.console.supervisor.waiting import Kind
from backend.console.unit.history import CALLBACKS
from backend.database import Reading, Writing
from backend.people.access import desk_of, require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.units import queries

router = console_router()
MOST = 100
NOW, DECISIONS = "/console/supervisor", "/console/decisions"
Supervisor = Annotated[Identity, Depends(require(Right.SUPERVISE))]
Decider = Annotated[Identity, Depends(require(Right.DECIDE_RETURN))]
AlarmTaker = Annotated[Identity, Depends(require(Right.ACKNOWLEDGE_ALARMS))]


@router.get("/supervisor")
async def show_now(request: Request, asker: Supervisor, session: Reading) -> HTMLResponse:
    """Show what goes on now; to htmx only the part that changes."""
    part = "supervisor/now_part.html" if _again(request) else "supervisor/now.html"
    return page(request, part, now=await moment.look(session, desk_of(request).now()))


@router.get("/supervisor/recogniser")
async def show_load(request: Request, asker: Supervisor) -> HTMLResponse:
    """Show the recogniser's load; asked for apart, so that nothing waits for it."""
    load = await moment.recogniser(request.app.state.settings)
    return page(request, "supervisor/load.html", load=load)


@router.post("/supervisor/alarms/{alarm_id}/acknowledge")
async def take_alarm(
    request: Request,
    asker: AlarmTaker,
    sent: Annotated[Acknowledgement, Depends(form(Acknowledgement))],
    session: Writing,
    alarm_id: uuid.UUID,
) -> Response:
    """Take an alarm."""
    await alarms.acknowledge(request, asker, session, alarm_id, sent)
    return back_to(request, NOW, "警报已确认。")


@router.get("/late")
async def show_late(request: Request, asker: Decider, session: Reading) -> HTMLResponse:
    """Show what is overdue and what will be within a day."""
    now = desk_of(request).now()
    rows = await waiting.late(session, now, MOST)
    overdue, nearly = await waiting.how_late(session, now)
    return page(request, "supervisor/late.html", rows=rows, overdue=overdue, nearly=nearly)


@router.get("/decisions")
async def show_decisions(
    request: Request, asker: Decider, session: Reading, kind: Kind = Kind.RETURN
) -> HTMLResponse:
    """Show what waits for a decision of the hotline, with the form that decides it."""
    now = desk_of(request).now()
    return page(
        request,
        "supervisor/decisions.html",
        rows=await waiting.waiting(session, asker, kind, now, MOST),
        kind=kind,
        kinds=list(Kind),
        many=await waiting.many(session),
        told=waiting.pending_words,
        now=now,
        callbacks=CALLBACKS,
        units=await queries.page(session, active=True, limit=500) if kind is Kind.RETURNED else [],
    )


def _again(request: Request) -> bool:
    return "HX-Request" in request.headers
