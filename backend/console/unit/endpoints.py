"""The unit's pages: the inbox, a ticket with its acts, number and recording for a reason."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from backend.archive.attachments import Upload
from backend.archive.endpoints_files import attach as attach_file
from backend.archive.endpoints_files import upload_of
from backend.archive.endpoints_sound import Listen, listen
from backend.console.doors import console_router
from backend.console.forms import form
from backend.console.pages import back_to, page
from backend.console.unit.history import ANSWERS, CALLBACKS
from backend.console.unit.inbox import Box, Row, counts, inbox
from backend.console.unit.ticket import whole
from backend.database import Reading, Writing
from backend.dispatch.act import seen
from backend.dispatch.web import TicketNumber
from backend.emergencies.wording import SERVICES
from backend.errors import NotFound
from backend.people import disclosure
from backend.people.access import desk_of, require
from backend.people.disclosure import Why
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.surveys.codes import SurveyResult

router = console_router()
PAGE = 50
Signer = Annotated[Identity, Depends(require(Right.SIGN))]
Reader = Annotated[Identity, Depends(require(Right.SEE_TICKETS))]
Attacher = Annotated[Identity, Depends(require(Right.ATTACH))]
Listener = Annotated[Identity, Depends(require(Right.HEAR_RECORDINGS))]
Looker = Annotated[Identity, Depends(require(Right.LOOK_AT_NUMBERS))]
After = Annotated[str, Query(max_length=200)]


@router.get("/unit/inbox")
async def show_inbox(
    request: Request, asker: Signer, session: Reading, box: Box = Box.OPEN, after: After = ""
) -> HTMLResponse:
    """Show what is in the unit's hands, soonest due first."""
    now = desk_of(request).now()
    found = await inbox(session, asker.sight, box, now, after=_place(after), limit=PAGE + 1)
    return page(
        request,
        "unit/inbox.html",
        rows=found[:PAGE],
        more=_mark(found[PAGE - 1]) if len(found) > PAGE and box is not Box.DONE else None,
        box=box,
        boxes=list(Box),
        many=await counts(session, asker.sight),
    )


@router.get("/unit/tickets/{number}")
async def show_ticket(
    request: Request, reader: Reader, session: Reading, number: TicketNumber
) -> HTMLResponse:
    """Show one ticket: what was said, where, until when, what was done, what can be done."""
    ticket = await seen(session, reader, number)
    now, seal = desk_of(request).now(), request.app.state.seal
    one = await whole(session, reader, ticket, seal, now)
    return page(
        request,
        "unit/ticket.html",
        one=one,
        now=now,
        callbacks=CALLBACKS,
        answers=ANSWERS,
        results=SurveyResult,
        services=SERVICES,
    )


@router.post("/unit/tickets/{number}/contact")
async def show_contact(
    request: Request,
    looker: Looker,
    why: Annotated[Why, Depends(form(Why))],
    session: Writing,
    number: TicketNumber,
) -> HTMLResponse:
    """Show the caller's number once the look and its reason are in the record."""
    told = await disclosure.disclose(request, looker, session, number, why)
    part = "unit/contact.html" if request.headers.get("HX-Request") else "unit/contact_page.html"
    return page(request, part, told=told, number=number)


@router.post("/unit/tickets/{number}/recording")
async def show_recording(
    request: Request,
    listener: Listener,
    why: Annotated[Why, Depends(form(Why))],
    session: Writing,
    number: TicketNumber,
) -> HTMLResponse:
    """Show a player of the ticket's call once the look and its reason are in the record."""
    ticket = await seen(session, listener, number)
    if ticket.call_id is None:
        raise NotFound(
            "no_such_sound",
            f"ticket {number} came from no call",
            field="number",
            remedy="only calls have a recording",
        )
    sent = Listen(reason=why.reason)
    heard = await listen(request, listener, session, ticket.call_id, sent)
    again = "HX-Request" in request.headers
    part = "unit/recording.html" if again else "unit/recording_page.html"
    return page(request, part, heard=heard, number=number)


@router.post("/unit/tickets/{number}/attachments")
async def attach(
    request: Request,
    asker: Attacher,
    sent: Annotated[tuple[Upload, int | None], Depends(upload_of)],
    session: Writing,
    number: TicketNumber,
) -> Response:
    """Attach a file to a ticket; the page's script sends it, with the form token as a header."""
    await attach_file(request, Response(), asker, sent, session, number)
    return back_to(request, f"/console/unit/tickets/{number}", "附件已上传。")


def _mark(row: Row) -> str:
    place = f"{row.assignment.due_at.isoformat()} {row.assignment.id}"
    return base64.urlsafe_b64encode(place.encode()).decode()


def _place(mark: str) -> tuple[dt.datetime, int] | None:
    """Read where the page before ended; what is no such place begins anew."""
    try:
        moment, number = base64.urlsafe_b64decode(mark).decode("ascii").split(" ")
        return dt.datetime.fromisoformat(moment), int(number)
    except (ValueError, binascii.Error):
        return None
