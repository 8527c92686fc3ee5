"""Calls over HTTP: what programs report, the draft they ask for, and the call as it stands."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.ext.asyncio import AsyncSession

from backend import intake
from backend.auth import Identity, Right, require
from backend.calls import service as calls
from backend.calls.entries import clean
from backend.calls.models import Call
from backend.database import Reading, Writing
from backend.errors import NotFound, document
from backend.intake.fields import Fields
from backend.people.callers import confidential_among, sees_plain, subject_of
from backend.privacy import Seal
from backend.reception import service
from backend.reception.schemas import CallView, DraftIn, DraftOut, JournalIn, JournalOut, WordsIn
from backend.reception.views import call_view
from backend.tickets import history
from backend.tickets import service as tickets
from backend.tickets.schemas import fields_view, sentence_of, ticket_view

router = APIRouter(prefix="/api", tags=["calls"])
Reporter = Annotated[Identity, Depends(require(Right.REPORT_CALLS))]
Drafter = Annotated[Identity, Depends(require(Right.DRAFT))]
Reader = Annotated[Identity, Depends(require(Right.SEE_CALLS))]


@router.post("/journal", responses=document())
async def journal(
    request: Request, reporter: Reporter, session: Writing, sent: JournalIn
) -> JournalOut:
    """Keep what happened in calls; an entry that was seen before changes nothing."""
    seal: Seal = request.app.state.seal
    received = await service.receive(session, sent.entries, seal, dt.datetime.now(dt.UTC))
    return JournalOut(results=received.results)


@router.post("/calls/{call_id}/draft", responses=document(404, 409))
async def draft(
    request: Request, reporter: Reporter, session: Writing, call_id: uuid.UUID, sent: DraftIn
) -> DraftOut:
    """Make the call's ticket, or bring it up to date: one ticket, number and code for good."""
    seal: Seal = request.app.state.seal
    now = dt.datetime.now(dt.UTC)
    ticket, results = await service.draft(session, call_id, sent.entries, seal, now)
    return DraftOut(
        number=ticket.number,
        code=seal.open(ticket.code_sealed),
        read_back=sentence_of(ticket),
        fields=fields_view(ticket, seal, numbers=True),
        created_at=ticket.created_at,
        results=results,
    )


@router.get("/calls/{call_id}", responses=document(404))
async def call(request: Request, reader: Reader, session: Reading, call_id: uuid.UUID) -> CallView:
    """Return a call with what was said, what came of it, and when."""
    return await _view(request, session, reader, await calls.find(session, call_id), "call_id")


@router.get("/calls", responses=document(404))
async def call_by_sip(
    request: Request,
    reader: Reader,
    session: Reading,
    sip_call_id: Annotated[str, Query(min_length=1, max_length=300)],
) -> CallView:
    """Return the call that the other side knows by its SIP Call-ID."""
    found = await calls.find_by_sip(session, clean(sip_call_id))
    return await _view(request, session, reader, found, "sip_call_id")


@router.post("/intake/draft", tags=["intake"], responses=document())
async def try_words(drafter: Drafter, sent: WordsIn) -> Fields:
    """Draft the fields of some words, without a call and without keeping anything."""
    now = dt.datetime.now(dt.UTC)
    return await asyncio.to_thread(intake.draft, clean(sent.text), at=now)


async def _view(
    request: Request, session: AsyncSession, reader: Identity, found: Call | None, field: str
) -> CallView:
    if found is None:
        raise NotFound(
            "no_such_call",
            "no call is known by this",
            field=field,
            remedy="a call appears with its first journal entry: ask again in a moment",
        )
    seal: Seal = request.app.state.seal
    numbers = sees_plain(reader)
    picture = await calls.picture_of(session, found.id, seal)
    ticket = await tickets.of_call(session, found.id)
    shown, hidden = None, False
    if ticket:
        hidden = bool(await confidential_among(session, [subject_of(ticket.number)]))
        events = await history.events_of(session, ticket)
        shown = ticket_view(ticket, events, seal, numbers=numbers, confidential=hidden)
    return call_view(found, picture, shown, numbers=numbers, confidential=hidden)
