"""What a unit is asked outside its tickets: supervised matters and disputed ones."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response

from backend.console.doors import console_router
from backend.console.forms import form
from backend.console.pages import back_to, page
from backend.database import Reading, Writing
from backend.duties import disputes
from backend.duties import endpoints as duties
from backend.duties.schemas import Opined
from backend.duties.views import dispute_views
from backend.people.access import desk_of, require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.supervision import endpoints as api
from backend.supervision import queries
from backend.supervision.schemas import Answered
from backend.units.schemas import Id

router = console_router()
HERE, MOST = "/console/unit/cases", 100
Handler = Annotated[Identity, Depends(require(Right.HANDLE))]


@router.get("/unit/cases")
async def cases(request: Request, asker: Handler, session: Reading) -> HTMLResponse:
    """Show what the unit is supervised for, and the disputed matters it is asked about."""
    found = await queries.page(session, asker.sight, limit=MOST)
    asked = await disputes.page(session, asker, "open", None, MOST)
    return page(
        request,
        "unit/cases.html",
        cases=await queries.views(session, found, desk_of(request).now()),
        disputes=await dispute_views(session, asked),
    )


@router.post("/unit/cases/{case}/answer")
async def answer(
    request: Request,
    asker: Handler,
    sent: Annotated[Answered, Depends(form(Answered))],
    session: Writing,
    case: Id,
) -> Response:
    """Answer for a supervised matter."""
    await api.answer(request, asker, session, case, sent)
    return back_to(request, HERE, "督办反馈已提交。")


@router.post("/unit/disputes/{dispute}/opinion")
async def opine(
    request: Request,
    asker: Handler,
    sent: Annotated[Opined, Depends(form(Opined))],
    session: Writing,
    dispute: Id,
) -> Response:
    """Say whether a disputed matter is the unit's."""
    await duties.opine(request, asker, session, dispute, sent)
    return back_to(request, HERE, "意见已提交。")
