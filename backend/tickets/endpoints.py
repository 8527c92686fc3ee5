"""Tickets over HTTP: one, many, a correction, progress."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request

from backend.auth import Identity, Right, require
from backend.database import Reading, Writing
from backend.errors import Invalid, NotFound, document
from backend.people.callers import confidential_among, sees_plain, subject_of
from backend.privacy import Seal
from backend.tickets import history, service
from backend.tickets.models import Ticket
from backend.tickets.progress import ProgressAnswer, ProgressQuestion, progress
from backend.tickets.schemas import (
    Correction,
    Number,
    TicketPage,
    TicketView,
    row_view,
    ticket_view,
)
from backend.tickets.seen import sees

router = APIRouter(prefix="/api", tags=["tickets"])
Reader = Annotated[Identity, Depends(require(Right.SEE_TICKETS))]
Corrector = Annotated[Identity, Depends(require(Right.CORRECT))]
Asker = Annotated[Identity, Depends(require(Right.ASK_PROGRESS))]
Cursor = Annotated[str, Query(max_length=40, description="`next_cursor` of the page before")]
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/tickets", responses=document())
async def tickets(
    request: Request,
    reader: Reader,
    session: Reading,
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> TicketPage:
    """List tickets, newest first."""
    seal: Seal = request.app.state.seal
    after = _id_of(cursor) if cursor else None
    found = await service.page(session, after, limit + 1, reader.sight)
    hidden = await confidential_among(session, [subject_of(one.number) for one in found])
    shown = [
        row_view(one, seal, confidential=subject_of(one.number) in hidden) for one in found[:limit]
    ]
    more = len(found) > limit
    return TicketPage(items=shown, next_cursor=_cursor_of(found[limit - 1]) if more else None)


@router.get("/tickets/{number}", responses=document(404))
async def ticket(
    request: Request, reader: Reader, session: Reading, number: Annotated[Number, Path()]
) -> TicketView:
    """Return one ticket with its history."""
    found = await service.by_number(session, number)
    if found is None or not await sees(session, reader.sight, found):
        raise _no_ticket(number)
    return await _view(request, session, reader, found)


@router.patch("/tickets/{number}", responses=document(404, 409))
async def correct(
    request: Request,
    person: Corrector,
    session: Writing,
    number: Annotated[Number, Path()],
    correction: Correction,
) -> TicketView:
    """Set fields of a ticket by a person's hand; later words of the caller leave those alone."""
    found = await service.by_number(session, number, locked=True)
    if found is None:
        raise _no_ticket(number)
    service.correct(
        session,
        found,
        correction.changes(),
        request.app.state.seal,
        actor=person.actor,
        version=correction.version,
        now=dt.datetime.now(dt.UTC),
    )
    await session.flush()
    return await _view(request, session, person, found)


@router.post("/progress", responses=document())
async def ask_progress(
    request: Request, asker: Asker, session: Writing, question: ProgressQuestion
) -> ProgressAnswer:
    """Say how far a ticket is; five wrong codes in an hour lock the caller or the number."""
    return await progress(session, question, request.app.state.seal, dt.datetime.now(dt.UTC))


async def _view(request: Request, session: Reading, reader: Identity, found: Ticket) -> TicketView:
    events = await history.events_of(session, found)
    hidden = bool(await confidential_among(session, [subject_of(found.number)]))
    seal: Seal = request.app.state.seal
    return ticket_view(found, events, seal, numbers=sees_plain(reader), confidential=hidden)


def _no_ticket(number: str) -> NotFound:
    return NotFound(
        "no_such_ticket",
        f"there is no ticket {number}",
        field="number",
        remedy="check the number: YYMMDD and four or five digits",
    )


def _cursor_of(last: Ticket) -> str:
    return base64.urlsafe_b64encode(f"t{last.id}".encode()).decode().rstrip("=")


def _id_of(cursor: str) -> int:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        if text[:1] != "t" or not (text[1:].isdigit() and len(text) < 19):
            raise ValueError(text)
        return int(text[1:])
    except (ValueError, binascii.Error) as error:
        raise Invalid(
            "wrong_cursor",
            "cursor: is not one that a page gave",
            field="cursor",
            remedy="leave it out for the first page, then send next_cursor unchanged",
        ) from error
