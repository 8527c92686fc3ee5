"""A caller's number over HTTP: given for a recorded reason, or kept back (Art. 13, 22, 35)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from backend.calls.models import Call
from backend.database import Writing
from backend.errors import NotFound, document
from backend.people import callers
from backend.people.access import desk_of, require
from backend.people.identity import Identity
from backend.people.looks import LONGEST_REASON, Look, look
from backend.people.rights import Right
from backend.privacy import Seal
from backend.tickets import service as tickets
from backend.tickets.models import Ticket
from backend.tickets.schemas import Number
from backend.tickets.seen import sees

router = APIRouter(prefix="/api/tickets", tags=["tickets"])
Looker = Annotated[Identity, Depends(require(Right.LOOK_AT_NUMBERS))]
Taker = Annotated[Identity, Depends(require(Right.CORRECT))]
TicketNumber = Annotated[Number, Path()]


class Why(BaseModel):
    """What the look is for."""

    reason: Annotated[str, Field(max_length=LONGEST_REASON)]


class Disclosed(BaseModel):
    """The numbers of a ticket; `entry` is the line of the record that tells of this look."""

    contact: str | None
    caller: str | None
    entry: int


class Kept(BaseModel):
    """A ticket whose caller is kept back from lists, exports, events and units."""

    number: str
    confidential: bool


@router.post("/{number}/contact", responses=document(403, 404))
async def disclose(
    request: Request, looker: Looker, session: Writing, number: TicketNumber, why: Why
) -> Disclosed:
    """Give the number to call, once the look and its reason stand in the record."""
    ticket = await _ticket(session, looker, number)
    seal: Seal = request.app.state.seal
    subject = callers.subject_of(number)
    entry = await look(
        session,
        looker,
        Look.NUMBER,
        subject,
        why.reason,
        unit_path=looker.sight.path,
        confidential=bool(await callers.confidential_among(session, [subject])),
        now=desk_of(request).now(),
    )
    call = await session.get(Call, ticket.call_id) if ticket.call_id else None
    return Disclosed(
        contact=seal.open(ticket.contact_sealed) if ticket.contact_sealed else None,
        caller=seal.open(call.caller_sealed) if call and call.caller_sealed else None,
        entry=entry.seq,
    )


@router.put("/{number}/confidential", responses=document(403, 404))
async def keep_back(request: Request, taker: Taker, session: Writing, number: TicketNumber) -> Kept:
    """Keep a caller's data back, for the caller asked for it; asking again changes nothing."""
    await _ticket(session, taker, number)
    await callers.keep_confidential(
        session, callers.subject_of(number), actor=taker.actor, now=desk_of(request).now()
    )
    return Kept(number=number, confidential=True)


async def _ticket(session: AsyncSession, asker: Identity, number: str) -> Ticket:
    """Return a ticket in the asker's sight; a unit looks at the callers of its own only."""
    found = await tickets.by_number(session, number)
    if found is None or not await sees(session, asker.sight, found):
        raise NotFound(
            "no_such_ticket",
            f"there is no ticket {number}",
            field="number",
            remedy="check the number: YYMMDD and four or five digits",
        )
    return found
