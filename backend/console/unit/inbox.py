"""What is in a unit's hands, the one due first on top."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from backend.console.words import span
from backend.deadlines import Standing, Tier, remaining
from backend.people.sight import Sight
from backend.tickets.models import Assignment, Ticket
from backend.tickets.moves import RUNNING
from backend.tickets.states import State
from backend.units.models import Unit


class Box(StrEnum):
    """A part of the inbox."""

    OPEN = "open"
    TO_SIGN = "to_sign"
    REDO = "redo"
    HELPING = "helping"
    ASKED = "asked"
    DONE = "done"

    @property
    def chinese(self) -> str:
        """The word on its tab."""
        return _CHINESE[self]


_CHINESE = {
    Box.OPEN: "全部在办",
    Box.TO_SIGN: "待签收",
    Box.REDO: "补充办理",
    Box.HELPING: "协办",
    Box.ASKED: "报请本单位协调",
    Box.DONE: "已答复",
}
_TO_SIGN = (State.DISPATCHED.value, State.RETURN_REFUSED.value)
_RUNNING = [one.value for one in RUNNING]


@dataclass(frozen=True, slots=True)
class Clock:
    """How a deadline stands: a word for its colour, and the time left in words."""

    standing: Standing
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """One ticket in a unit's hands."""

    ticket: Ticket
    assignment: Assignment
    unit: str
    clock: Clock


def clock(due_at: dt.datetime, now: dt.datetime, tier: str) -> Clock:
    """Say how much time is left until a deadline, or how long it has been over."""
    left = remaining(due_at, now, Tier(tier))
    if left.standing is Standing.OVERDUE:
        return Clock(left.standing, f"已超时{span(left.seconds)}")
    nearly = "即将到期，" if left.standing is Standing.NEARLY else ""
    return Clock(left.standing, f"{nearly}剩{span(left.seconds)}")


async def inbox(
    session: AsyncSession,
    sight: Sight,
    box: Box,
    now: dt.datetime,
    *,
    after: tuple[dt.datetime, int] | None = None,
    limit: int = 50,
) -> list[Row]:
    """Return what is in hand, soonest due first; what is done, latest first."""
    if box is Box.ASKED:
        return await _asked(session, sight, now, limit)
    query = _rows().where(sight.condition(Assignment.unit_id), _in(box))
    place = tuple_(Assignment.due_at, Assignment.id)
    if box is Box.DONE:
        order = (Assignment.replied_at.desc(), Assignment.id.desc())
        return await _read(session, query.order_by(*order).limit(limit), now)
    if after is not None:
        query = query.where(place > after)
    return await _read(session, query.order_by(Assignment.due_at, Assignment.id).limit(limit), now)


async def counts(session: AsyncSession, sight: Sight) -> dict[Box, int]:
    """Count what is open in each part of the inbox."""
    query = (
        select(Ticket.state, Assignment.lead, func.count())
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .where(sight.condition(Assignment.unit_id), _in(Box.OPEN))
        .group_by(Ticket.state, Assignment.lead)
    )
    found = dict.fromkeys((Box.OPEN, Box.TO_SIGN, Box.REDO, Box.HELPING), 0)
    for state, lead, many in (await session.execute(query)).all():
        found[Box.OPEN] += many
        found[Box.HELPING] += 0 if lead else many
        found[Box.TO_SIGN] += many if lead and state in _TO_SIGN else 0
        found[Box.REDO] += many if lead and state == State.REDO else 0
    return found


def _rows() -> Select[Assignment, Ticket, str]:
    return (
        select(Assignment, Ticket, Unit.name)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .join(Unit, Unit.id == Assignment.unit_id)
    )


def _in(box: Box) -> ColumnElement[bool]:
    here = Assignment.ended_at.is_(None)
    if box is Box.DONE:
        return and_(here, Assignment.replied_at.is_not(None))
    running = and_(here, Assignment.replied_at.is_(None), Ticket.state.in_(_RUNNING))
    match box:
        case Box.TO_SIGN:
            return and_(running, Assignment.lead, Ticket.state.in_(_TO_SIGN))
        case Box.REDO:
            return and_(running, Assignment.lead, Ticket.state == State.REDO.value)
        case Box.HELPING:
            return and_(running, Assignment.lead.is_(False))
        case _:
            return running


async def _asked(session: AsyncSession, sight: Sight, now: dt.datetime, limit: int) -> list[Row]:
    """Return what units below have asked for help with (Art. 23), and this unit has to guide."""
    asked = Ticket.pending["escalation"]["unit"].as_integer()
    unit_id = int((sight.path or "/0/").strip("/").split("/")[-1])
    query = (
        _rows()
        .where(Ticket.state == State.ESCALATED.value, Assignment.ended_at.is_(None))
        .where(Assignment.lead, asked == unit_id)
    )
    return await _read(session, query.order_by(Ticket.due_at, Ticket.id).limit(limit), now)


async def _read(
    session: AsyncSession, query: Select[Assignment, Ticket, str], now: dt.datetime
) -> list[Row]:
    found = (await session.execute(query)).all()
    return [
        Row(ticket, mine, unit, clock(mine.due_at, now, _tier(mine)))
        for mine, ticket, unit in found
    ]


def _tier(assignment: Assignment) -> str:
    return str(json.loads(assignment.deadline)["inputs"]["tier"])
