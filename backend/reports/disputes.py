"""Disputed ratings over HTTP (Art. 36): the unit's grounds, the citizen's side, the decision."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import Reading, Writing
from backend.dispatch.act import seen
from backend.dispatch.schemas import Words
from backend.dispatch.web import TicketNumber
from backend.errors import document
from backend.people.access import desk_of, require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.statistics import disputes
from backend.statistics.counts import Counts
from backend.statistics.frozen import figures_record
from backend.statistics.models import Dispute
from backend.statistics.outcomes import VOID
from backend.statistics.rates import Figures
from backend.tickets.models import Ticket
from backend.units.models import Unit

router = APIRouter(prefix="/api", tags=["disputed ratings"])
Reader = Annotated[Identity, Depends(require(Right.SEE_STATISTICS))]
Rated = Annotated[Identity, Depends(require(Right.DISPUTE_RATING))]
Caller = Annotated[Identity, Depends(require(Right.CALL_BACK))]
Reviewer = Annotated[Identity, Depends(require(Right.REVIEW_RATING))]
DisputeId = Annotated[int, Path(ge=1, lt=2**62)]
Limit = Annotated[int, Query(ge=1, le=200)]


class Verdict(StrEnum):
    """What is decided."""

    KEEP = "keep"
    VOID = VOID


class GroundsIn(BaseModel):
    """Why the unit thinks that the rating should not count."""

    grounds: Words


class HeardIn(BaseModel):
    """What the citizen says to it, or how they were tried to be reached."""

    words: Words


class DecisionIn(BaseModel):
    """Whether the rating counts, and why."""

    decision: Verdict
    reason: Words


class DisputeView(BaseModel):
    """A disputed rating; units are not shown what the citizen said."""

    id: int
    number: str
    unit: str
    outcome: str
    grounds: str
    raised_by: str
    raised_at: dt.datetime
    citizen_side: str | None
    heard_at: dt.datetime | None
    decision: str | None
    reason: str | None
    decided_by: str | None
    decided_at: dt.datetime | None


class DisputeList(BaseModel):
    """Disputed ratings, the oldest first."""

    disputes: list[DisputeView]


class Decided(BaseModel):
    """The decision, and the unit's figures of the month before and after it."""

    dispute: DisputeView
    month: str
    before: dict[str, Any]
    after: dict[str, Any]


@router.get("/rating-disputes", responses=document(403))
async def listed(
    reader: Reader, session: Reading, undecided: bool = False, limit: Limit = 50
) -> DisputeList:
    """List disputed ratings; a unit sees its own."""
    found = await disputes.listed(session, reader.sight, undecided=undecided, limit=limit)
    return DisputeList(disputes=[_view(*one, reader) for one in found])


@router.post("/tickets/{number}/rating-dispute", responses=document(403, 404, 409))
async def dispute(
    request: Request, asker: Rated, session: Writing, number: TicketNumber, sent: GroundsIn
) -> DisputeView:
    """Dispute the rating of a ticket that the asker's unit led."""
    ticket = await seen(session, asker, number, locked=True)
    now = desk_of(request).now()
    made = await disputes.dispute(session, ticket, sent.grounds, asker, now)
    return await _one(session, made, asker)


@router.post("/rating-disputes/{dispute_id}/citizen", responses=document(403, 404, 409))
async def hear(
    request: Request, asker: Caller, session: Writing, dispute_id: DisputeId, sent: HeardIn
) -> DisputeView:
    """Record the citizen's side."""
    now = desk_of(request).now()
    return await _one(
        session, await disputes.hear(session, dispute_id, sent.words, asker, now), asker
    )


@router.post("/rating-disputes/{dispute_id}/decision", responses=document(403, 404, 409))
async def decide(
    request: Request, asker: Reviewer, session: Writing, dispute_id: DisputeId, sent: DecisionIn
) -> Decided:
    """Decide whether the rating counts, once both sides are known."""
    now = desk_of(request).now()
    found, effect = await disputes.decide(
        session, dispute_id, sent.decision.value, sent.reason, asker, now
    )
    return Decided(
        dispute=await _one(session, found, asker),
        month=effect.month,
        before=_figures(*effect.before),
        after=_figures(*effect.after),
    )


def _figures(counts: Counts, made: Figures) -> dict[str, Any]:
    return {"closed": counts.closed, "valid": counts.valid, "figures": figures_record(made)}


async def _one(session: AsyncSession, made: Dispute, asker: Identity) -> DisputeView:
    ticket = await session.get_one(Ticket, made.ticket_id)
    unit = await session.get_one(Unit, made.unit_id)
    return _view(made, ticket.number, unit.name, asker)


def _view(made: Dispute, number: str, unit: str, asker: Identity) -> DisputeView:
    names = DisputeView.model_fields.keys() - {"number", "unit"}
    shown = {name: getattr(made, name) for name in names}
    if not asker.sight.everything:
        shown["citizen_side"] = None
    return DisputeView(number=number, unit=unit, **shown)
