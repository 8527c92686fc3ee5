"""Who at the units is told of an event, and in which words: nothing of the caller is in them.

A ticket of the two-hour tier is told when it is given; so is what is nearly due, overdue or not
signed. Supervision is told by its level (Art. 24): at the first the unit, at the second its
superior too, at the third also the office that oversees discipline.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.deadlines import Tier, in_shanghai, thaw
from backend.notices.texts import sentence, texts
from backend.supervision.clauses import LEVELS, Clause
from backend.tickets.models import Ticket, TicketEvent
from backend.tickets.states import EventKind
from backend.units.models import Unit

UNIT, DISCIPLINE = "unit", "discipline"
SUPERIOR_LEVEL, DISCIPLINE_LEVEL = 2, 3
GIVING = frozenset({"dispatch", "reassign", "redo"})


@dataclass(frozen=True, slots=True)
class Word:
    """One message to one unit, or with no unit to the office that oversees discipline."""

    unit_id: int | None
    occasion: str
    text: str
    key: str
    """The same thing said again has the same key."""


@dataclass(frozen=True, slots=True)
class _Told:
    unit_id: int
    occasion: str
    due_at: dt.datetime | None
    about: str


async def words(session: AsyncSession, ticket: Ticket, event: TicketEvent, city: str) -> list[Word]:
    """Return what units are to be told of an event; most events are told to none."""
    found = list(_told(ticket, event))
    if not found:
        return []
    names = await _units(session, [one.unit_id for one in found])
    made = []
    for one in found:
        unit = names[one.unit_id]
        facts = {"city": city, "number": ticket.number, "unit": unit.name}
        facts |= {"due": moment(one.due_at) if one.due_at else ""} | _of_supervision(event)
        text = sentence(one.occasion, facts)
        for to in _reached(unit, event):
            made.append(Word(to, one.occasion, text, f"{one.about}:{to or DISCIPLINE}"))
    return made


def moment(at: dt.datetime) -> str:
    """Write a moment as messages do: 3月9日23时59分."""
    local = in_shanghai(at)
    return f"{local.month}月{local.day}日{local.hour}时{local.minute:02d}分"


def _told(ticket: Ticket, event: TicketEvent) -> Iterator[_Told]:
    data, about = event.data, f"{ticket.number}:{event.seq}"
    match event.kind:
        case EventKind.MOVED if data.get("move") in GIVING and data.get("lead"):
            deadline = thaw(data["deadline"]["new"])
            if deadline.inputs.tier is Tier.TWO_HOURS:
                yield _Told(data["lead"], "unit.urgent", deadline.due_at, about)
            for one in data.get("co_handlers", ()):
                if deadline.inputs.tier is Tier.TWO_HOURS:
                    due_at = dt.datetime.fromisoformat(one["due_at"])
                    yield _Told(one["unit"], "unit.urgent", due_at, about)
        case EventKind.MOVED if data.get("move") == "join" and ticket.tier == Tier.TWO_HOURS:
            yield _Told(
                data["unit"], "unit.urgent", dt.datetime.fromisoformat(data["due_at"]), about
            )
        case EventKind.REMINDED if data.get("unit"):
            occasion = f"unit.{data['what']}"
            if occasion in texts():
                due_at = dt.datetime.fromisoformat(data["due_at"])
                yield _Told(data["unit"], occasion, due_at, about)
        case EventKind.SUPERVISED if data.get("unit"):
            occasion = f"unit.supervision.{data['step']}"
            if occasion in texts():
                about = f"supervision:{data['supervision']}:{data['step']}:{data['level']}"
                due_at = dt.datetime.fromisoformat(data["due_at"])
                yield _Told(data["unit"], occasion, due_at, about)


def _of_supervision(event: TicketEvent) -> dict[str, str]:
    if event.kind != EventKind.SUPERVISED:
        return {}
    data: dict[str, Any] = event.data
    return {"level": LEVELS[data["level"]], "clause": Clause(data["clause"]).chinese}


def _reached(unit: Unit, event: TicketEvent) -> Iterator[int | None]:
    yield unit.id
    if event.kind != EventKind.SUPERVISED:
        return
    if event.data["level"] >= SUPERIOR_LEVEL and unit.parent_id:
        yield unit.parent_id
    if event.data["level"] >= DISCIPLINE_LEVEL:
        yield None


async def _units(session: AsyncSession, ids: list[int]) -> dict[int, Unit]:
    query = select(Unit).where(Unit.id.in_(ids))
    return {one.id: one for one in await session.scalars(query)}
