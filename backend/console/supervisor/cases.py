"""Matters under supervision and disputed matters, as the hotline deals with them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.console.doors import console_router
from backend.console.forms import form
from backend.console.pages import back_to, page
from backend.database import Reading, Writing
from backend.duties import disputes
from backend.duties import endpoints as duties
from backend.duties.schemas import Decided, Dropped
from backend.duties.views import dispute_views
from backend.people.access import desk_of, require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.supervision import endpoints as api
from backend.supervision import queries
from backend.supervision.clauses import LEVELS, Clause, Standing
from backend.supervision.schemas import Raised, Released, SupervisionIn
from backend.tickets.models import Ticket
from backend.units import queries as units
from backend.units.schemas import Id

router = console_router()
CASES, DISPUTES, MOST = "/console/supervisions", "/console/disputes", 100
Supervisor = Annotated[Identity, Depends(require(Right.SUPERVISE))]
Settler = Annotated[Identity, Depends(require(Right.SETTLE_DISPUTES))]


@router.get("/supervisions")
async def cases(
    request: Request, asker: Supervisor, session: Reading, state: Standing | None = None
) -> HTMLResponse:
    """Show matters under supervision, newest first."""
    found = await queries.page(session, asker.sight, state=state, limit=MOST)
    return page(
        request,
        "supervisor/supervisions.html",
        cases=await queries.views(session, found, desk_of(request).now()),
        state=state,
        standings=STANDINGS,
        clauses=Clause,
        levels=LEVELS,
    )


@router.post("/supervisions")
async def supervise(
    request: Request,
    asker: Supervisor,
    sent: Annotated[SupervisionIn, Depends(form(SupervisionIn))],
    session: Writing,
) -> Response:
    """Put a ticket under supervision."""
    await api.supervise(request, asker, session, sent)
    return back_to(request, CASES, "已列入督办。")


@router.post("/supervisions/{case}/raise")
async def raise_level(
    request: Request,
    asker: Supervisor,
    sent: Annotated[Raised, Depends(form(Raised))],
    session: Writing,
    case: Id,
) -> Response:
    """Raise a matter one level."""
    raised = await api.raise_level(request, asker, session, case, sent)
    return back_to(request, CASES, f"督办已升级为{raised.level_chinese}。")


@router.post("/supervisions/{case}/release")
async def release(
    request: Request,
    asker: Supervisor,
    sent: Annotated[Released, Depends(form(Released))],
    session: Writing,
    case: Id,
) -> Response:
    """Release a matter."""
    await api.release(request, asker, session, case, sent)
    return back_to(request, CASES, "督办已解除。")


@router.get("/disputes")
async def disputed(request: Request, asker: Settler, session: Reading) -> HTMLResponse:
    """Show disputed matters that wait for a decision, with what the units think."""
    found = await disputes.page(session, asker, "open", None, MOST)
    shown = await dispute_views(session, found)
    return page(
        request,
        "supervisor/disputes.html",
        disputes=shown,
        versions=await _versions(session, [one.ticket for one in shown]),
        units=await units.page(session, active=True, limit=500),
    )


@router.post("/disputes/{dispute}/decide")
async def decide(
    request: Request,
    asker: Settler,
    sent: Annotated[Decided, Depends(form(Decided))],
    session: Writing,
    dispute: Id,
) -> Response:
    """Decide which unit leads; the ticket is dispatched."""
    await duties.decide(request, asker, session, dispute, sent)
    return back_to(request, DISPUTES, "已明确承办单位并派发。")


@router.post("/disputes/{dispute}/drop")
async def drop(
    request: Request,
    asker: Settler,
    sent: Annotated[Dropped, Depends(form(Dropped))],
    session: Writing,
    dispute: Id,
) -> Response:
    """End a dispute that needs no decision any more."""
    await duties.drop(request, asker, session, dispute, sent)
    return back_to(request, DISPUTES, "已结束，无须裁定。")


async def _versions(session: AsyncSession, numbers: list[str]) -> dict[str, int]:
    query = select(Ticket.number, Ticket.version).where(Ticket.number.in_(numbers))
    return {number: version for number, version in await session.execute(query)}


STANDINGS = {
    Standing.OPEN: "督办中",
    Standing.ANSWERED: "已反馈",
    Standing.RELEASED: "已解除",
}
