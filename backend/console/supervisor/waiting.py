"""What waits for the hotline, and what is late or nearly so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.console.unit.acts import HOTLINE, ActForm, may
from backend.console.unit.inbox import Clock, clock
from backend.console.words import when
from backend.people.identity import Identity
from backend.tickets.models import OPEN, Ticket
from backend.tickets.states import State

NEARLY_HOURS = 24
_OPEN = [one.value for one in OPEN]


class Kind(StrEnum):
    """What waits."""

    RETURN = "return"
    EXTENSION = "extension"
    RETURNED = "returned"
    REPLY = "reply"
    CALLBACK = "callback"
    LONG_LIST = "long_list"

    @property
    def chinese(self) -> str:
        """The word on its tab."""
        return _CHINESE[self]


_CHINESE = {
    Kind.RETURN: "退单申请",
    Kind.EXTENSION: "延期申请",
    Kind.RETURNED: "待转派",
    Kind.REPLY: "答复待审核",
    Kind.CALLBACK: "待回访",
    Kind.LONG_LIST: "挂账",
}
_STATES = {
    Kind.RETURN: State.RETURN_ASKED,
    Kind.RETURNED: State.RETURNED,
    Kind.REPLY: State.REPLIED,
    Kind.CALLBACK: State.AWAITING_CALLBACK,
    Kind.LONG_LIST: State.LONG_LIST,
}
_ACTS = {
    Kind.RETURN: ("return/accept", "return/refuse"),
    Kind.EXTENSION: ("extension/grant", "extension/refuse"),
    Kind.RETURNED: ("dispatch",),
    Kind.REPLY: ("accept-reply", "redo"),
    Kind.CALLBACK: ("close", "explain", "redo"),
    Kind.LONG_LIST: ("long-list/review", "long-list/take-off"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One ticket, its time, and the acts that are decided on here."""

    ticket: Ticket
    clock: Clock | None
    acts: list[ActForm]


async def waiting(
    session: AsyncSession, asker: Identity, kind: Kind, now: dt.datetime, limit: int
) -> list[Row]:
    """Return what waits for one kind of decision, the most urgent first."""
    query = select(Ticket).where(_waits(kind)).order_by(Ticket.due_at, Ticket.id).limit(limit)
    found = (await session.scalars(query)).all()
    forms = [one for one in HOTLINE if one.path in _ACTS[kind]]
    return [
        Row(one, _clock(one, now), [form for form in forms if may(asker, one, form)])
        for one in found
    ]


async def many(session: AsyncSession) -> dict[Kind, int]:
    """Count what waits of each kind."""
    states = {state.value: kind for kind, state in _STATES.items()}
    query = select(Ticket.state, func.count()).where(Ticket.state.in_(states))
    counted = {states[state]: n for state, n in await session.execute(query.group_by(Ticket.state))}
    extensions = select(func.count()).select_from(Ticket).where(_waits(Kind.EXTENSION))
    counted[Kind.EXTENSION] = await session.scalar(extensions) or 0
    return counted


async def late(session: AsyncSession, now: dt.datetime, limit: int) -> list[Row]:
    """Return what is overdue, then what is due within a day; the longest overdue first."""
    until = now + dt.timedelta(hours=NEARLY_HOURS)
    query = select(Ticket).where(Ticket.state.in_(_OPEN), Ticket.due_at < until)
    found = await session.scalars(query.order_by(Ticket.due_at, Ticket.id).limit(limit))
    return [Row(one, _clock(one, now), []) for one in found]


async def how_late(session: AsyncSession, now: dt.datetime) -> tuple[int, int]:
    """Count what is overdue, and what will be within a day."""
    until = now + dt.timedelta(hours=NEARLY_HOURS)
    over = func.sum(case((Ticket.due_at < now, 1), else_=0))
    query = select(over, func.count()).where(Ticket.state.in_(_OPEN), Ticket.due_at < until)
    overdue, both = (await session.execute(query)).one()
    return int(overdue or 0), int(both) - int(overdue or 0)


def _waits(kind: Kind) -> ColumnElement[bool]:
    if kind is Kind.EXTENSION:
        asked = Ticket.pending["extension"]["reason"].as_string().is_not(None)
        return and_(Ticket.state.in_(_OPEN), asked)
    return Ticket.state == _STATES[kind].value


def _clock(ticket: Ticket, now: dt.datetime) -> Clock | None:
    return clock(ticket.due_at, now, ticket.tier) if ticket.due_at else None


def pending_words(ticket: Ticket, kind: Kind) -> Sequence[tuple[str, str]]:
    """Return what the unit says for it, as pairs of a label and words."""
    asked = ticket.pending.get(kind.value) or {}
    labels = {
        "working_days": "申请延长工作日",
        "reason": "理由",
        "basis": "依据",
        "progress": "阶段进展",
        "legal_basis": "法律依据",
        "scope": "范围",
        "review_on": "复查日期",
        "decide_by": "审核期限",
    }
    told = {name: str(asked[name]) for name in labels if asked.get(name)}
    if "decide_by" in told:
        told["decide_by"] = when(told["decide_by"])
    return [(labels[name], said) for name, said in told.items()]
