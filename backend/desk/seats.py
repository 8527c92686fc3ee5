"""An agent's seat 坐席: a telephone in the browser, its secret, and its place in the queue."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import String, cast, exists, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.ami import Ami, AmiRefused
from backend.database import tell
from backend.desk.models import AgentSeat
from backend.errors import Conflict
from backend.people.models import Person, SignIn
from backend.queue.models import QueueWait
from backend.queue.skills import Skill

QUEUE = "agents"


class SeatState(StrEnum):
    """Whether an agent is called."""

    READY = "ready"
    PAUSED = "paused"
    OFF = "off"

    @property
    def chinese(self) -> str:
        """The word agents use for it."""
        return {"ready": "示闲", "paused": "小休", "off": "未签入"}[self.value]


@dataclass(frozen=True, slots=True)
class Line:
    """What the browser's telephone needs to register."""

    user: str
    secret: str
    until: dt.datetime


def name_of(person_id: int) -> str:
    """Return how Asterisk knows an agent."""
    return f"agent-{person_id}"


def person_of(interface: str) -> int | None:
    """Return whose seat an interface such as PJSIP/agent-7 is, or None."""
    found = interface.partition("/")[2].partition("-00")[0]
    digits = found.removeprefix("agent-")
    return int(digits) if digits != found and digits.isdigit() else None


async def give_line(ami: Ami, person_id: int, until: dt.datetime) -> Line:
    """Write a seat with a fresh secret into Asterisk; the one before it holds no more."""
    line = Line(name_of(person_id), secrets.token_hex(24), until)
    await _seat(ami, person_id, line.secret)
    return line


async def take_line(ami: Ami, person_id: int) -> None:
    """Let a seat's secret hold no more, and nobody be called there."""
    await leave_queue(ami, person_id)
    await _seat(ami, person_id, secrets.token_hex(24))


async def enter_queue(
    ami: Ami, person_id: int, *, paused: bool, skills: Collection[Skill] = ()
) -> None:
    """Seat an agent in the queues of all and of their skills, or change whether they are called."""
    interface = f"PJSIP/{name_of(person_id)}"
    flag = "true" if paused else "false"
    for queue in (QUEUE, *(skill.queue for skill in skills)):
        place = {"Queue": queue, "Interface": interface}
        try:
            await ami.ask("QueueAdd", {**place, "Penalty": "0", "Paused": flag})
        except AmiRefused:
            await ami.ask("QueuePause", {**place, "Paused": flag})
    await _leave(ami, interface, [skill.queue for skill in Skill if skill not in skills])


async def leave_queue(ami: Ami, person_id: int) -> None:
    """Take an agent out of every queue; where they are not in one nothing happens."""
    interface = f"PJSIP/{name_of(person_id)}"
    await _leave(ami, interface, [QUEUE, *(skill.queue for skill in Skill)])


async def _leave(ami: Ami, interface: str, queues: Collection[str]) -> None:
    for queue in queues:
        with suppress(AmiRefused):
            await ami.ask("QueueRemove", {"Queue": queue, "Interface": interface})


async def note(
    session: AsyncSession,
    person_id: int,
    state: SeatState,
    now: dt.datetime,
    *,
    until: dt.datetime | None = None,
    session_id: int | None = None,
) -> AgentSeat:
    """Keep an agent's state since now."""
    seat = await session.get(AgentSeat, person_id, with_for_update=True)
    if seat is None:
        seat = AgentSeat(person_id=person_id, state=state.value, since=now)
        session.add(seat)
    if seat.state != state.value:
        seat.state, seat.since = state.value, now
    if until is not None:
        seat.secret_until, seat.session_id = until, session_id
    if state is SeatState.OFF:
        seat.secret_until = seat.session_id = seat.call_id = None
    tell(session, "agent.state", person_id=person_id, state=state.value)
    return seat


@dataclass(frozen=True, slots=True)
class Colleague:
    """Another agent at their telephone."""

    person_id: int
    name: str
    state: str


async def colleagues(session: AsyncSession, person_id: int) -> list[Colleague]:
    """Return the other agents who sit at a telephone."""
    query = select(Person.id, Person.name, AgentSeat.state).join(
        AgentSeat, AgentSeat.person_id == Person.id
    )
    query = query.where(AgentSeat.state != SeatState.OFF.value, Person.id != person_id)
    rows = (await session.execute(query.order_by(Person.id))).all()
    return [Colleague(one, name, SeatState(state).chinese) for one, name, state in rows]


@dataclass(frozen=True, slots=True)
class Seated:
    """An agent at their telephone: ready or paused since when, and whether a caller is there."""

    person_id: int
    name: str
    state: SeatState
    since: dt.datetime
    rung: bool
    talks: bool

    @property
    def chinese(self) -> str:
        """What the supervisor is told of it."""
        if self.talks:
            return "通话中"
        return "振铃中" if self.rung else self.state.chinese


async def seated(session: AsyncSession) -> list[Seated]:
    """Return the agents who sit at a telephone."""
    here = literal("PJSIP/agent-") + cast(AgentSeat.person_id, String)
    talks = exists().where(
        QueueWait.call_id == AgentSeat.call_id,
        QueueWait.connected_at.is_not(None),
        QueueWait.agent == here,
    )
    has_call = AgentSeat.call_id.is_not(None)
    query = select(Person.id, Person.name, AgentSeat.state, AgentSeat.since, has_call, talks)
    query = query.join(AgentSeat, AgentSeat.person_id == Person.id)
    query = query.where(AgentSeat.state != SeatState.OFF.value).order_by(Person.id)
    rows = (await session.execute(query)).all()
    return [
        Seated(one, name, SeatState(state), since, rung, talks)
        for one, name, state, since, rung, talks in rows
    ]


async def offer(session: AsyncSession, person_id: int, call_id: uuid.UUID) -> None:
    """Note that a colleague's call will ring at a seat; raises Conflict where nobody is free."""
    seat = await session.get(AgentSeat, person_id, with_for_update=True)
    if seat is None or seat.state == SeatState.OFF.value or seat.call_id not in (None, call_id):
        raise Conflict(
            "not_free",
            "the colleague is not at the telephone, or has a caller there",
            field="to",
            remedy="choose somebody else, or give the caller back to the queue",
        )
    seat.call_id = call_id
    tell(session, "agent.ringing", person_id=person_id, call_id=str(call_id))


async def clear(session: AsyncSession, person_id: int, call_id: uuid.UUID) -> None:
    """Note that a call is at a seat no more."""
    seat = await session.get(AgentSeat, person_id, with_for_update=True)
    if seat is not None and seat.call_id == call_id:
        seat.call_id = None
        tell(session, "agent.free", person_id=person_id, call_id=str(call_id))


async def overdue(session: AsyncSession, now: dt.datetime) -> list[int]:
    """Return the agents whose secret should hold no more: time is up, or the session is over."""
    query = select(AgentSeat.person_id).outerjoin(SignIn, SignIn.id == AgentSeat.session_id)
    over = (AgentSeat.secret_until < now) | SignIn.ended_at.is_not(None)
    query = query.where(AgentSeat.state != SeatState.OFF.value, over)
    return list(await session.scalars(query))


async def _seat(ami: Ami, person_id: int, secret: str) -> None:
    """Have the dialplan's own door write the seat: call control itself may write nothing."""
    await ami.ask(
        "Originate",
        {
            "Channel": f"Local/{person_id}@seats/n",
            "Application": "Hangup",
            "Variable": f"SEAT_SECRET={secret}",
            "Timeout": "3000",
        },
    )
