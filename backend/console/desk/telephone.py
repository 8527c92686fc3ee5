"""The telephone in the page: sit down, be called or not, give the caller on, have others join."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Literal

from fastapi import Depends, Request
from pydantic import BaseModel, Field

from backend.ami import Ami, AmiError, AmiRefused
from backend.calls import service as calls
from backend.console.desk.settings import TelephoneSettings
from backend.console.doors import console_router
from backend.database import Database, Reading, Writing
from backend.desk import drafts, seats
from backend.desk.models import AgentSeat
from backend.desk.seats import SeatState
from backend.errors import Away, Conflict, Forbidden
from backend.lines.settings import LineSettings
from backend.people.access import desk_of, require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.queue import skills
from backend.tickets import service as tickets

router = console_router()
Agent = Annotated[Identity, Depends(require(Right.DRAFT))]


class Seated(BaseModel):
    """What the browser's telephone registers with; the secret is given this once."""

    url: str
    user: str
    secret: str
    until: dt.datetime


class Wanted(BaseModel):
    """Whether the agent is called."""

    state: SeatState


class GiveOn(BaseModel):
    """To whom the caller goes: back to the queue, or to another agent."""

    to: Literal["queue"] | Annotated[int, Field(ge=1, le=2**53 - 1)]


class Ringing(BaseModel):
    """The call at this agent's telephone, as far as it is known."""

    call_id: uuid.UUID | None
    caller: str | None
    ticket: str | None
    state: SeatState


@asynccontextmanager
async def exchange() -> AsyncIterator[Ami]:
    """Reach Asterisk for a moment, or raise Away; no transaction is held meanwhile."""
    try:
        async with Ami(LineSettings().login) as ami:
            yield ami
    except AmiRefused as error:
        raise Conflict(
            "line_refused",
            f"the telephone exchange refused: {error}",
            remedy="load the page again; if it stays so, see the log of asterisk",
        ) from None
    except AmiError as error:
        raise Away(
            "lines_away", f"the telephone exchange does not answer: {error}", remedy="try again"
        ) from None


@router.post("/telephone/seat")
async def sit_down(request: Request, agent: Agent) -> Seated:
    """Give the browser's telephone a secret of its own; an earlier page's holds no more."""
    settings = desk_of(request).settings
    now = desk_of(request).now()
    until = now + dt.timedelta(seconds=settings.session_longest_seconds)
    person_id = _person(agent)
    speaks = await _skills(request, person_id)
    async with exchange() as ami:
        line = await seats.give_line(ami, person_id, until)
        await seats.enter_queue(ami, person_id, paused=True, skills=speaks)
    async with _database(request).transaction() as session:
        await seats.note(
            session, person_id, SeatState.PAUSED, now, until=until, session_id=agent.session_id
        )
    url = TelephoneSettings().url
    return Seated(url=url, user=line.user, secret=line.secret, until=line.until)


@router.post("/telephone/state")
async def change_state(request: Request, agent: Agent, wanted: Wanted) -> Wanted:
    """Be called, pause, or leave the seat."""
    person_id = _person(agent)
    speaks = await _skills(request, person_id)
    async with exchange() as ami:
        if wanted.state is SeatState.OFF:
            await seats.take_line(ami, person_id)
        else:
            paused = wanted.state is SeatState.PAUSED
            await seats.enter_queue(ami, person_id, paused=paused, skills=speaks)
    async with _database(request).transaction() as session:
        await seats.note(session, person_id, wanted.state, desk_of(request).now())
    return wanted


@router.get("/telephone/ringing")
async def ringing(request: Request, agent: Agent, session: Reading) -> Ringing:
    """Tell which call is at this agent's telephone; the caller stays masked."""
    seat = await session.get(AgentSeat, _person(agent))
    if seat is None or seat.call_id is None:
        state = SeatState(seat.state) if seat else SeatState.OFF
        return Ringing(call_id=None, caller=None, ticket=None, state=state)
    call = await calls.find(session, seat.call_id)
    ticket = await tickets.of_call(session, seat.call_id)
    return Ringing(
        call_id=seat.call_id,
        caller=call.caller_masked if call else None,
        ticket=ticket.number if ticket else None,
        state=SeatState(seat.state),
    )


@router.post("/telephone/calls/{call_id}/taken")
async def taken(request: Request, agent: Agent, call_id: uuid.UUID) -> Ringing:
    """Take the draft of a call that this agent has answered; without one it gets it now."""
    seal, now = request.app.state.seal, desk_of(request).now()
    async with _database(request).transaction() as session:
        await _own_call(session, agent, call_id)
        await calls.lock(session, [call_id], now)
        told = await calls.refresh(session, call_id, seal)
        ticket = await tickets.follow(session, told.call, told.picture, seal, now, wanted=True)
        if ticket is not None:
            await drafts.take(session, ticket, _person(agent), now)
    async with _database(request).transaction(writes=False) as session:
        return await ringing(request, agent, session)


@router.post("/telephone/calls/{call_id}/give-on")
async def give_on(request: Request, agent: Agent, call_id: uuid.UUID, wanted: GiveOn) -> GiveOn:
    """Give the caller to another agent, or back to the queue; this agent's line ends."""
    channel = await _channel(request, agent, call_id)
    context, exten = ("to-queue", "s") if wanted.to == "queue" else ("to-seat", str(wanted.to))
    await _offer(request, call_id, wanted)
    async with exchange() as ami:
        where = {"Channel": channel, "Context": context, "Exten": exten, "Priority": "1"}
        await ami.ask("Redirect", where)
    async with _database(request).transaction() as session:
        ticket = await tickets.of_call(session, call_id)
        if ticket is not None:
            await drafts.give_back(session, ticket, _person(agent))
    return wanted


@router.post("/telephone/calls/{call_id}/join")
async def join(request: Request, agent: Agent, call_id: uuid.UUID, wanted: GiveOn) -> GiveOn:
    """Have another agent join the talk."""
    if wanted.to == "queue":
        raise Conflict("no_such_agent", "name an agent", field="to", remedy="send a person's id")
    channel = await _channel(request, agent, call_id)
    await _offer(request, call_id, wanted)
    async with exchange() as ami:
        await ami.ask(
            "Originate",
            {
                "Channel": f"PJSIP/{seats.name_of(wanted.to)}",
                "Application": "BridgeAdd",
                "Data": channel,
                "Timeout": "20000",
                "Async": "true",
                "CallerID": "12345",
            },
        )
    return wanted


@router.post("/telephone/calls/{call_id}/left")
async def left(request: Request, agent: Agent, call_id: uuid.UUID, session: Writing) -> None:
    """Tell that this agent's telephone has no part in the call any more."""
    await seats.clear(session, _person(agent), call_id)


async def _offer(request: Request, call_id: uuid.UUID, wanted: GiveOn) -> None:
    """Let a colleague's telephone know what will ring there."""
    if wanted.to == "queue":
        return
    async with _database(request).transaction() as session:
        await seats.offer(session, wanted.to, call_id)


async def _channel(request: Request, agent: Identity, call_id: uuid.UUID) -> str:
    """Return the caller's line of a call that is this agent's own."""
    async with _database(request).transaction(writes=False) as session:
        await _own_call(session, agent, call_id)
        picture = await calls.picture_of(session, call_id, request.app.state.seal)
    if picture.opened is None or not picture.opened.channel:
        raise Conflict(
            "not_on_the_line",
            "the caller is no longer on the line",
            field="call_id",
            remedy="call back from the list of missed calls",
        )
    return str(picture.opened.channel)


async def _own_call(session: Reading, agent: Identity, call_id: uuid.UUID) -> None:
    seat = await session.get(AgentSeat, _person(agent))
    if seat is None or seat.call_id != call_id:
        raise Forbidden("not_your_call", "the call is not at your telephone", remedy="answer it")


async def _skills(request: Request, person_id: int) -> list[skills.Skill]:
    async with _database(request).transaction(writes=False) as session:
        return await skills.of_person(session, person_id)


def _person(agent: Identity) -> int:
    if agent.person_id is None:
        raise Forbidden("no_person", "only people have a telephone", remedy="sign in as a person")
    return agent.person_id


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database
