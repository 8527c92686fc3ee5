"""Tolerance over HTTP (Art. 41): mark, take back, look; whoever sees the ticket sees the mark."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from sqlalchemy import select

from backend.database import Reading, Writing
from backend.dispatch.act import seen
from backend.dispatch.schemas import Words
from backend.dispatch.web import TicketNumber
from backend.errors import document
from backend.people.access import desk_of, require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.tolerance import service
from backend.tolerance.models import Tolerance
from backend.tolerance.service import Ground

router = APIRouter(prefix="/api/tickets/{number}/tolerance", tags=["tolerance"])
Reader = Annotated[Identity, Depends(require(Right.SEE_TICKETS))]
Marker = Annotated[Identity, Depends(require(Right.MARK_TOLERANCE))]
ERRORS = document(403, 404, 409)


class ToleranceIn(BaseModel):
    """On what ground, and why."""

    ground: Ground
    reason: Words


class TakenBack(BaseModel):
    """Why the ticket counts again."""

    reason: Words


class ToleranceView(BaseModel):
    """One mark; it is in force until it is taken back."""

    ground: Ground
    ground_chinese: str
    reason: str
    unit_id: int | None
    at: dt.datetime
    actor: str
    in_force: bool
    taken_back_at: dt.datetime | None
    taken_back_why: str | None


@router.get("", responses=document(403, 404))
async def marks(asker: Reader, session: Reading, number: TicketNumber) -> list[ToleranceView]:
    """List the marks of a ticket, newest first."""
    ticket = await seen(session, asker, number)
    query = select(Tolerance).where(Tolerance.ticket_id == ticket.id)
    return [_view(one) for one in await session.scalars(query.order_by(Tolerance.id.desc()))]


@router.post("", status_code=201, responses=ERRORS)
async def mark(
    request: Request, asker: Marker, session: Writing, number: TicketNumber, sent: ToleranceIn
) -> ToleranceView:
    """Leave a ticket out of the assessment 容错认定, visibly and for a reason."""
    ticket = await seen(session, asker, number, locked=True)
    now = desk_of(request).now()
    return _view(await service.mark(session, ticket, sent.ground, sent.reason, asker=asker, at=now))


@router.post("/take-back", responses=ERRORS)
async def take_back(
    request: Request, asker: Marker, session: Writing, number: TicketNumber, sent: TakenBack
) -> ToleranceView:
    """Let a ticket count again."""
    ticket = await seen(session, asker, number, locked=True)
    now = desk_of(request).now()
    return _view(await service.take_back(session, ticket, sent.reason, asker=asker, at=now))


def _view(one: Tolerance) -> ToleranceView:
    return ToleranceView(
        ground=Ground(one.ground),
        ground_chinese=Ground(one.ground).chinese,
        reason=one.reason,
        unit_id=one.unit_id,
        at=one.at,
        actor=one.actor,
        in_force=one.taken_back_at is None,
        taken_back_at=one.taken_back_at,
        taken_back_why=one.taken_back_why,
    )
