"""Abuse over HTTP (Art. 14, 40): note an incident, and decide a case as a person."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel
from sqlalchemy import select

from backend.abuse import service
from backend.abuse.models import AbuseCase, AbuseNote
from backend.abuse.service import CaseState, Kind
from backend.database import Reading, Writing
from backend.dispatch.act import seen
from backend.dispatch.schemas import Words
from backend.dispatch.web import TicketNumber
from backend.errors import document
from backend.people.access import desk_of, require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.tickets.models import Ticket
from backend.units import cursors
from backend.units.cursors import CursorText, Limit
from backend.units.schemas import Id

router = APIRouter(prefix="/api", tags=["abuse"])
Noter = Annotated[Identity, Depends(require(Right.CORRECT))]
Judge = Annotated[Identity, Depends(require(Right.JUDGE_ABUSE))]


class Incident(BaseModel):
    """What the caller did, by the item of Art. 40."""

    kind: Kind
    what: Words


class IncidentView(BaseModel):
    """One incident; the caller is not shown, the ticket is."""

    ticket: str
    kind: Kind
    kind_chinese: str
    at: dt.datetime
    actor: str
    what: str


class Judgement(BaseModel):
    """What a person decides, and why; nothing here refuses a call."""

    decision: Literal["dismissed", "admonished", "reported"]
    reason: Words


class CaseView(BaseModel):
    """The incidents with one caller, and what was decided."""

    id: int
    state: CaseState
    opened_at: dt.datetime
    decided_at: dt.datetime | None
    decided_by: str | None
    reason: str | None
    incidents: list[IncidentView]


class CasePage(BaseModel):
    """Some cases, newest first."""

    items: list[CaseView]
    next_cursor: str | None


@router.post("/tickets/{number}/abuse", status_code=201, responses=document(403, 404, 409))
async def note(
    request: Request, asker: Noter, session: Writing, number: TicketNumber, sent: Incident
) -> IncidentView:
    """Note an incident with a ticket's caller; enough of them are put before a person."""
    ticket = await seen(session, asker, number, locked=True)
    made = await service.note(
        session,
        ticket,
        sent.kind,
        sent.what,
        actor=asker.actor,
        at=desk_of(request).now(),
        key=f"person:{uuid.uuid4()}",
    )
    assert made
    return _incident(made, ticket.number)


@router.get("/abuse/cases", responses=document(403))
async def cases(
    judge: Judge,
    session: Reading,
    state: CaseState | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> CasePage:
    """List cases of possible abuse for review."""
    before = cursors.unwrap_id("b", cursor)
    found = await service.page(session, state, before, limit + 1)
    more = cursors.wrap("b", str(found[limit - 1].id)) if len(found) > limit else None
    return CasePage(items=[await _case(session, one) for one in found[:limit]], next_cursor=more)


@router.post("/abuse/cases/{case_id}/decide", responses=document(403, 404, 409))
async def decide(
    request: Request,
    judge: Judge,
    session: Writing,
    case_id: Annotated[Id, Path()],
    sent: Judgement,
) -> CaseView:
    """Dismiss, admonish 劝阻教育, or report to the police; the caller is heard as before."""
    kept = await service.decide(
        session,
        case_id,
        CaseState(sent.decision),
        sent.reason,
        actor=judge.actor,
        at=desk_of(request).now(),
        city=request.app.state.settings.city,
    )
    return await _case(session, kept)


async def _case(session: Reading, case: AbuseCase) -> CaseView:
    notes = await service.notes_of(session, case.caller_digest)
    numbers = await _numbers(session, notes)
    return CaseView(
        id=case.id,
        state=CaseState(case.state),
        opened_at=case.opened_at,
        decided_at=case.decided_at,
        decided_by=case.decided_by,
        reason=case.reason,
        incidents=[_incident(one, numbers[one.ticket_id]) for one in notes[-50:]],
    )


async def _numbers(session: Reading, notes: Sequence[AbuseNote]) -> dict[int, str]:
    ids = {one.ticket_id for one in notes}
    found = await session.execute(select(Ticket.id, Ticket.number).where(Ticket.id.in_(ids)))
    return {ticket_id: number for ticket_id, number in found}


def _incident(one: AbuseNote, number: str) -> IncidentView:
    kind = Kind(one.kind)
    return IncidentView(
        ticket=number,
        kind=kind,
        kind_chinese=kind.chinese,
        at=one.at,
        actor=one.actor,
        what=one.what,
    )
