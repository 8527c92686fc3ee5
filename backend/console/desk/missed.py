"""Missed calls as a page, called back with one key; the queue's figures."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response

from backend.calls import service as calls
from backend.console.desk.telephone import exchange
from backend.console.doors import console_router
from backend.console.pages import back_to, page
from backend.database import Database, Reading, Writing
from backend.desk import seats
from backend.errors import Forbidden, NotFound
from backend.people.access import desk_of, require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.privacy import Seal, plain_number
from backend.queue import service as queue

router = console_router()
HERE = "/console/desk/missed"
MOST = 100
Caller = Annotated[Identity, Depends(require(Right.DRAFT))]


@router.get("/desk/missed")
async def show(request: Request, agent: Caller, session: Reading) -> HTMLResponse:
    """Show the calls that reached nobody, oldest first, and how the queue does."""
    now = desk_of(request).now()
    return page(
        request,
        "desk/missed.html",
        missed=await queue.missed(session, MOST),
        figures=await queue.figures(session, now),
    )


@router.get("/desk/figures")
async def figures(request: Request, agent: Caller, session: Reading) -> HTMLResponse:
    """Show the queue's figures alone, for the page to bring up to date."""
    found = await queue.figures(session, desk_of(request).now())
    return page(request, "desk/figures.html", figures=found)


@router.post("/desk/missed/{call_id}/call")
async def call_back(request: Request, agent: Caller, call_id: uuid.UUID) -> Response:
    """Ring the agent's own telephone, then the citizen; the number is shown to nobody."""
    if agent.person_id is None:
        raise Forbidden("no_person", "only people call", remedy="sign in as a person")
    database: Database = request.app.state.database
    seal: Seal = request.app.state.seal
    async with database.transaction() as session:
        call = await calls.find(session, call_id)
        if call is None or call.caller_sealed is None:
            raise NotFound("no_such_call", "no such call", field="call_id", remedy="load again")
        number = plain_number(seal.open(call.caller_sealed))
        tried = await queue.note_try(session, call_id, agent.person_id, desk_of(request).now())
        turn = tried.tries
    async with exchange() as ami:
        await ami.ask(
            "Originate",
            [
                ("Channel", f"PJSIP/{seats.name_of(agent.person_id)}"),
                ("Context", "agent-calls"),
                ("Exten", "s"),
                ("Priority", "1"),
                ("Timeout", "20000"),
                ("Async", "true"),
                ("CallerID", "12345"),
                ("Variable", f"HOTLINE_CALL_ID={call_id}"),
                ("Variable", f"HOTLINE_CITIZEN={number}"),
                ("Variable", f"HOTLINE_TURN={turn}"),
            ],
        )
    return back_to(request, HERE, "请接听自己的电话，随后接通来电人。")


@router.post("/desk/missed/{call_id}/reached")
async def reached(
    request: Request, agent: Caller, session: Writing, call_id: uuid.UUID
) -> Response:
    """Take a call off the list: its caller was reached."""
    await queue.note_reached(session, call_id)
    return back_to(request, HERE, "已回拨接通。")
