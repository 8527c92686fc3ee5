"""Tickets over HTTP: one, many, a correction, progress."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import Field

from backend.auth import Identity, Right, require
from backend.calls.entries import clean
from backend.database import Reading, Writing
from backend.duties.sheets import Format, write
from backend.errors import NotFound, document
from backend.people import audit
from backend.people.access import desk_of
from backend.people.audit import Act
from backend.people.callers import confidential_among, hush, sees_plain, subject_of
from backend.people.looks import LONGEST_REASON, sound_reason
from backend.privacy import Seal
from backend.tickets import export as exporting
from backend.tickets import history, search, service
from backend.tickets.filters import Wanted
from backend.tickets.models import Ticket
from backend.tickets.once import Key, once
from backend.tickets.progress import ProgressAnswer, ProgressQuestion, progress
from backend.tickets.schemas import (
    Correction,
    Number,
    TicketIn,
    TicketMade,
    TicketPage,
    TicketView,
    fields_view,
    row_view,
    sentence_of,
    ticket_view,
)
from backend.tickets.seen import sees

router = APIRouter(prefix="/api", tags=["tickets"])
Reader = Annotated[Identity, Depends(require(Right.SEE_TICKETS))]
Corrector = Annotated[Identity, Depends(require(Right.CORRECT))]
Drafter = Annotated[Identity, Depends(require(Right.DRAFT))]
Exporter = Annotated[Identity, Depends(require(Right.EXPORT))]
Asker = Annotated[Identity, Depends(require(Right.ASK_PROGRESS))]


class Asked(Wanted):
    """What a list is narrowed to, and which page of it."""

    cursor: Annotated[str, Field(max_length=100)] | None = None
    """`next_cursor` of the page before."""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


@router.get("/tickets", responses=document())
async def tickets(
    request: Request, reader: Reader, session: Reading, asked: Annotated[Asked, Query()]
) -> TicketPage:
    """List tickets that are seen by the asker, narrowed and searched as asked."""
    seal: Seal = request.app.state.seal
    now = desk_of(request).now()
    found = await search.find(
        session, asked, reader, seal, now, cursor=asked.cursor, limit=asked.limit
    )
    hidden = await confidential_among(session, [subject_of(one.number) for one in found.tickets])
    shown = [
        row_view(one, seal, confidential=subject_of(one.number) in hidden, now=now)
        for one in found.tickets
    ]
    return TicketPage(items=shown, next_cursor=found.next_cursor)


@router.post("/tickets", status_code=201, responses=document(403))
async def make(
    request: Request,
    response: Response,
    drafter: Drafter,
    session: Writing,
    sent: TicketIn,
    key: Key = None,
) -> TicketMade:
    """Make a ticket from what somebody said: what is not given is drafted by the machine."""
    asked = await once(request, session, drafter, key, sent.model_dump_json().encode())
    if known := await asked.known(TicketMade, response):
        return known
    seal: Seal = request.app.state.seal
    words, now = clean(sent.words), desk_of(request).now()
    made = await service.make(
        session, words, sent.caller, sent.changes(), seal, actor=drafter.actor, now=now
    )
    answer = TicketMade(
        number=made.number,
        code=seal.open(made.code_sealed),
        read_back=sentence_of(made),
        state=made.state,
        version=made.version,
        fields=fields_view(made, seal, numbers=sees_plain(drafter)),
        created_at=made.created_at,
    )
    return await asked.keep(answer)


class Exported(Wanted):
    """Which tickets go into a file, in which form, and what for."""

    form: Annotated[Format, Field(alias="format")] = Format.CSV
    reason: Annotated[str, Field(max_length=LONGEST_REASON)]


@router.get(
    "/tickets/export",
    response_class=Response,
    responses={**document(403), 200: {"content": {one.media_type: {} for one in Format}}},
)
async def export(
    request: Request, exporter: Exporter, session: Writing, asked: Annotated[Exported, Query()]
) -> Response:
    """Give a list of tickets as a file, numbers masked, once it stands in the record."""
    now, seal = desk_of(request).now(), request.app.state.seal
    reason = sound_reason(asked.reason)
    rows = await exporting.rows(session, asked, exporter, seal, now)
    narrowed = asked.model_dump(mode="json", exclude_defaults=True, exclude={"reason", "caller"})
    if asked.q:
        narrowed["q"] = hush(asked.q)
    await audit.record(
        session,
        Act.EXPORTED,
        actor=exporter.actor,
        subject="tickets",
        at=now,
        reason=reason,
        rows=len(rows),
        asked=narrowed,
    )
    file = await asyncio.to_thread(write, asked.form, exporting.HEADINGS, rows)
    name = f"tickets-{now:%Y%m%d-%H%M%S}.{asked.form.value}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(file, media_type=asked.form.media_type, headers=headers)


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
