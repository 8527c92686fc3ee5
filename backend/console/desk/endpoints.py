"""The agent's desk as pages: drafts waiting, one draft, sending it on."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from backend.console.desk import draft as drafting
from backend.console.doors import console_router
from backend.console.forms import check, shape
from backend.console.pages import back_to, page
from backend.console.words import when
from backend.database import Reading, Writing
from backend.deadlines import Inputs, Tier, due, in_shanghai
from backend.desk import drafts, seats
from backend.dispatch.act import Act, seen
from backend.dispatch.sending import ROUND_THE_CLOCK
from backend.dispatch.web import TicketNumber, begin, calendar_of
from backend.errors import NotFound
from backend.knowledge import service as knowledge
from backend.people.access import desk_of, require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.tickets import service as tickets
from backend.tickets.models import Ticket
from backend.tickets.moving import refuse_stale
from backend.tickets.schemas import Correction

DESK = "/console/desk"
LIST = f"{DESK}/list"
WAITING = 50
KNOWLEDGE = 6
router = console_router()
Agent = Annotated[Identity, Depends(require(Right.DRAFT))]


@router.get("/desk")
async def desk(request: Request, agent: Agent, session: Reading) -> HTMLResponse:
    """Show the telephone, and in a frame the work: the call goes on whatever is opened there."""
    others = await seats.colleagues(session, _person(agent))
    return page(request, "desk/desk.html", services=drafting.SERVICES, colleagues=others)


@router.get("/desk/colleagues")
async def colleagues(request: Request, agent: Agent, session: Reading) -> HTMLResponse:
    """Show who sits at a telephone, for the desk to bring up to date."""
    others = await seats.colleagues(session, _person(agent))
    return page(request, "desk/colleagues.html", colleagues=others)


@router.get("/desk/list")
async def drafts_list(request: Request, agent: Agent, session: Reading) -> HTMLResponse:
    """Show the drafts that wait, and those in the agent's own hands."""
    return page(request, "desk/list.html", **await _lists(request, agent, session))


@router.get("/desk/waiting")
async def waiting(request: Request, agent: Agent, session: Reading) -> HTMLResponse:
    """Show the lists alone, for the page to bring up to date."""
    return page(request, "desk/waiting.html", **await _lists(request, agent, session))


@router.post("/desk/next")
async def take_next(request: Request, agent: Agent, session: Writing) -> Response:
    """Take the first draft that waits."""
    ticket = await drafts.take_next(session, _person(agent), desk_of(request).now())
    if ticket is None:
        return back_to(request, LIST, "没有等待处理的草稿。")
    return back_to(request, f"{DESK}/{ticket.number}")


@router.post("/desk/{number}/take")
async def take(request: Request, agent: Agent, session: Writing, number: TicketNumber) -> Response:
    """Take one draft."""
    ticket = await seen(session, agent, number, locked=True)
    await drafts.take(session, ticket, _person(agent), desk_of(request).now())
    return back_to(request, f"{DESK}/{number}")


@router.post("/desk/{number}/give-back")
async def give_back(
    request: Request, agent: Agent, session: Writing, number: TicketNumber
) -> Response:
    """Let others take a draft."""
    ticket = await seen(session, agent, number)
    await drafts.give_back(session, ticket, _person(agent))
    return back_to(request, LIST, f"草稿 {number} 已放回。")


@router.get("/desk/preview")
async def preview(
    request: Request,
    agent: Agent,
    tier: Annotated[Tier, Query(alias="f.tier")],
    category: Annotated[str, Query(alias="f.category", max_length=40)] = "",
) -> HTMLResponse:
    """Say when a ticket would be due if it were dispatched now."""
    inputs = Inputs(desk_of(request).now(), tier, category in ROUND_THE_CLOCK)
    found = due(inputs, calendar_of(request))
    return page(request, "desk/preview.html", deadline=found, due=when(found.due_at))


@router.get("/desk/knowledge")
async def search_knowledge(
    request: Request,
    agent: Agent,
    session: Reading,
    q: Annotated[str, Query(max_length=500)] = "",
) -> HTMLResponse:
    """Find approved knowledge by words, best first."""
    today = in_shanghai(desk_of(request).now()).date()
    found = await knowledge.find(session, q, today, KNOWLEDGE)
    return page(request, "desk/knowledge.html", found=found)


@router.get("/desk/{number}")
async def show(
    request: Request, agent: Agent, session: Reading, number: TicketNumber
) -> HTMLResponse:
    """Show one draft with the machine's doubts, the words, and the routes."""
    ticket, now = await seen(session, agent, number), desk_of(request).now()
    found = await drafting.draft(session, ticket, request.app.state.seal)
    return page(
        request,
        "desk/draft.html",
        one=found,
        held_by=await drafts.holder(session, ticket, now),
        routes=drafting.ROUTES,
        clauses=drafting.CLAUSES,
        services=drafting.SERVICES,
        kinds=drafting.kinds(),
        categories=drafting.categories(),
        districts=drafting.districts(),
        told_at=drafting.now_local(now),
    )


@router.post("/desk/{number}/correct")
async def correct(
    request: Request, agent: Agent, session: Writing, number: TicketNumber
) -> Response:
    """Keep the agent's corrections; the draft stays in the agent's hands."""
    sent = shape(await request.form())
    ticket = await _mine(request, agent, session, number)
    _correct(request, agent, session, ticket, sent)
    return back_to(request, f"{DESK}/{number}", "更正已保存。")


@router.post("/desk/{number}/send/{route}")
async def send(
    request: Request, agent: Agent, session: Writing, number: TicketNumber, route: str
) -> Response:
    """Keep the corrections and send the draft on by one of the five routes, in one transaction."""
    if route not in drafting.ROUTES:
        raise NotFound("no_such_route", "no such route", field="route", remedy="use one of five")
    door, form = drafting.door(route), shape(await request.form())
    await require(door.right)(agent)
    ticket = await _mine(request, agent, session, number)
    _correct(request, agent, session, ticket, form)
    act: Act = await begin(request, session, agent, number, ticket.version, door.move)
    told = form.get(route, {})
    sent = check(door.sent, {**told, "version": ticket.version} if isinstance(told, dict) else {})
    await door.does(act, sent)
    await drafts.give_back(session, ticket, _person(agent))
    return back_to(request, LIST, f"工单 {number} 已{drafting.ROUTES[route]}。")


async def _mine(request: Request, agent: Identity, session: Writing, number: str) -> Ticket:
    """Return a draft that is in the agent's hands, or taken now because it was in nobody's."""
    ticket = await seen(session, agent, number, locked=True)
    await drafts.take(session, ticket, _person(agent), desk_of(request).now())
    return ticket


def _correct(
    request: Request, agent: Identity, session: Writing, ticket: Ticket, form: dict[str, Any]
) -> None:
    fields = form.get("f", {})
    correction = check(Correction, {**fields, "version": form.get("version")})
    changes = drafting.changed(ticket, correction.changes())
    refuse_stale(ticket, correction.version)
    if changes:
        tickets.correct(
            session,
            ticket,
            changes,
            request.app.state.seal,
            actor=agent.actor,
            version=correction.version,
            now=desk_of(request).now(),
        )


async def _lists(request: Request, agent: Identity, session: Reading) -> dict[str, Any]:
    now = desk_of(request).now()
    return {
        "waiting": await drafts.waiting(session, now, WAITING),
        "mine": await drafts.mine(session, _person(agent), now),
        "most": WAITING,
    }


def _person(agent: Identity) -> int:
    return agent.person_id or 0
