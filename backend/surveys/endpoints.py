"""Callbacks 回访 over HTTP (Art. 25, 26): how they stand, what was decided, the stop list."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request

from backend.auth import Identity, Right, require
from backend.database import Reading, Writing
from backend.dispatch import act as acts
from backend.dispatch.web import calendar_of
from backend.errors import document
from backend.people.access import desk_of
from backend.privacy import Seal, mask
from backend.surveys import planning, service
from backend.surveys.schemas import (
    Decision,
    Standing,
    StopIn,
    Stopped,
    Subject,
    SurveyPage,
    SurveyView,
    Waiting,
)
from backend.tickets.models import Ticket
from backend.tickets.schemas import Number

router = APIRouter(prefix="/api/surveys", tags=["surveys"])
Program = Annotated[Identity, Depends(require(Right.REPORT_CALLS))]
Caller = Annotated[Identity, Depends(require(Right.CALL_BACK))]
Decider = Annotated[Identity, Depends(require(Right.REDO))]
SurveyId = Annotated[int, Path(ge=1, lt=2**62)]


@router.get("/tries/{call}/subject", responses=document(403, 404))
async def subject(program: Program, session: Reading, call: uuid.UUID) -> Subject:
    """Say what a call of the dialler is about."""
    return await service.subject(session, call)


@router.get("/standing", responses=document(403))
async def standing(request: Request, caller: Caller, session: Reading) -> Standing:
    """Say how the dialling stands: paused or not, how many wait, how tries ended."""
    return await service.standing(session, desk_of(request).now())


@router.post("/pause", responses=document(403))
async def pause(request: Request, caller: Caller, session: Writing) -> Standing:
    """Dial nobody from now on; calls under way go on."""
    now = desk_of(request).now()
    await service.pause(session, caller.actor, now, paused=True)
    return await service.standing(session, now)


@router.post("/resume", responses=document(403))
async def resume(request: Request, caller: Caller, session: Writing) -> Standing:
    """Dial again."""
    now = desk_of(request).now()
    await service.pause(session, caller.actor, now, paused=False)
    return await service.standing(session, now)


@router.post("/stop-list", responses=document(403))
async def stop(request: Request, caller: Caller, session: Writing, sent: StopIn) -> Stopped:
    """Put a number on the stop list 免打扰: it is called back no more."""
    return await _stop(request, caller, session, sent, stopped=True)


@router.post("/stop-list/remove", responses=document(403))
async def go_on(request: Request, caller: Caller, session: Writing, sent: StopIn) -> Stopped:
    """Take a number off the stop list, because its owner asked for it."""
    return await _stop(request, caller, session, sent, stopped=False)


@router.get("", responses=document(403))
async def surveys(
    request: Request,
    caller: Caller,
    session: Reading,
    waiting: Annotated[Waiting | None, Query(description="only those that wait for this")] = None,
    ticket: Annotated[Number | None, Query(description="only those of this ticket")] = None,
    after: Annotated[int, Query(ge=0, lt=2**62, description="`next_after` of a page")] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> SurveyPage:
    """List callbacks with their tries, oldest first."""
    found = await service.page(session, waiting, ticket, after, limit + 1)
    shown = found[:limit]
    return SurveyPage(
        items=await service.views(session, shown, request.app.state.seal),
        next_after=shown[-1].id if len(found) > limit else None,
    )


@router.get("/{survey_id}", responses=document(403, 404))
async def survey(
    request: Request, caller: Caller, session: Reading, survey_id: SurveyId
) -> SurveyView:
    """Return one callback."""
    found = await service.find(session, survey_id)
    return (await service.views(session, [found], request.app.state.seal))[0]


@router.post("/{survey_id}/decision", responses=document(403, 404, 409))
async def decide(
    request: Request, decider: Decider, session: Writing, survey_id: SurveyId, sent: Decision
) -> SurveyView:
    """Give a citizen who is not satisfied a redo or an explanation (Art. 26)."""
    found = await service.find(session, survey_id)
    ticket = await session.get_one(Ticket, found.ticket_id)
    now, calendar = desk_of(request).now(), calendar_of(request)
    held = await acts.seen(session, decider, ticket.number, locked=True)
    act = acts.Act(session, held, decider, now, held.version, calendar)
    done = await service.decide(session, decider, survey_id, sent, act)
    return (await service.views(session, [done], request.app.state.seal))[0]


async def _stop(
    request: Request, caller: Identity, session: Writing, sent: StopIn, *, stopped: bool
) -> Stopped:
    seal: Seal = request.app.state.seal
    number = await planning.number_of(session, seal.digest_of_number(sent.number))
    number.stopped_at = desk_of(request).now() if stopped else None
    number.stopped_by = caller.actor if stopped else None
    return Stopped(number=mask(sent.number) or "", stopped=stopped)
