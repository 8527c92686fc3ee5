"""How a ticket stands: with which units, until when, and what can be done next."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.deadlines import Tier, remaining
from backend.dispatch.merging import merged_into, parent_of
from backend.tickets.models import Assignment, Ticket
from backend.tickets.moves import Move, moves_from
from backend.tickets.states import State
from backend.units.models import Unit


class AssignmentView(BaseModel):
    """A unit's part in a ticket; `due_at` is the last second in time."""

    unit_id: int
    unit: str
    lead: bool
    given_at: dt.datetime
    due_at: dt.datetime
    sign_by: dt.datetime | None
    signed_at: dt.datetime | None
    replied_at: dt.datetime | None
    ended_at: dt.datetime | None


class DeadlineView(BaseModel):
    """The deadline with the record that shows why; seconds left are negative when overdue."""

    due_at: dt.datetime
    provisional: bool
    seconds_left: int
    standing: str
    record: dict[str, Any]


class MoveView(BaseModel):
    """A move that the ticket has now, where it leads, and by which article."""

    move: str
    next: str
    article: str


class HandlingView(BaseModel):
    """Where a ticket stands; `moves` are all the table has, whoever may make them."""

    number: str
    state: str
    state_chinese: str
    version: int
    deadline: DeadlineView | None
    assignments: list[AssignmentView]
    pending: dict[str, Any]
    parent: str | None
    merged: list[str]
    dispatches: int
    redos: int
    moves: list[MoveView]


async def handling(session: AsyncSession, ticket: Ticket, now: dt.datetime) -> HandlingView:
    """Show how a ticket stands now."""
    await session.flush()
    state = State(ticket.state)
    parent = await parent_of(session, ticket)
    return HandlingView(
        number=ticket.number,
        state=state.value,
        state_chinese=state.chinese,
        version=ticket.version,
        deadline=_deadline(ticket, now),
        assignments=await _assignments(session, ticket),
        pending=ticket.pending,
        parent=parent.number if parent else None,
        merged=[one.number for one in await merged_into(session, ticket)],
        dispatches=ticket.dispatches,
        redos=ticket.redos,
        moves=[
            MoveView(move=Move(one.move).value, next=one.next.value, article=one.article)
            for one in moves_from(state)
        ],
    )


def _deadline(ticket: Ticket, now: dt.datetime) -> DeadlineView | None:
    if ticket.deadline is None:
        return None
    record = json.loads(ticket.deadline)
    due_at = dt.datetime.fromisoformat(record["due_at"])
    left = remaining(due_at, now, Tier(record["inputs"]["tier"]))
    return DeadlineView(
        due_at=due_at,
        provisional=record["provisional"],
        seconds_left=left.seconds,
        standing=left.standing.value,
        record=record,
    )


async def _assignments(session: AsyncSession, ticket: Ticket) -> list[AssignmentView]:
    query = (
        select(Assignment, Unit.name)
        .join(Unit, Unit.id == Assignment.unit_id)
        .where(Assignment.ticket_id == ticket.id)
        .order_by(Assignment.id)
    )
    names = AssignmentView.model_fields.keys() - {"unit"}
    return [
        AssignmentView(unit=name, **{field: getattr(row, field) for field in names})
        for row, name in (await session.execute(query)).all()
    ]
