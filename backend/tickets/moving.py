"""The one function that moves a ticket, and with it the only one that sets its deadline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import tell
from backend.deadlines import thaw
from backend.errors import Conflict
from backend.notices import outbox
from backend.tickets import history
from backend.tickets.models import Ticket, TicketEvent
from backend.tickets.moves import Move, moves_from, step
from backend.tickets.states import EventKind, State


def move(
    session: AsyncSession,
    ticket: Ticket,
    which: Move,
    *,
    actor: str,
    at: dt.datetime,
    version: int | None,
    data: Mapping[str, Any] | None = None,
    deadline: str | None = None,
) -> State:
    """Move a ticket whose row is locked, append the event, and return the state it is in now.

    `version` is the one the asker has read, None for the machine. `data` holds no number and no
    name. `deadline` is a frozen one that takes the place of the ticket's: the event tells both.
    Raises Conflict for a version that is not the ticket's and for a move the table does not have.
    """
    refuse_stale(ticket, version)
    line = step(State(ticket.state), which)
    if line is None:
        raise no_such_move(ticket, which)
    told: dict[str, Any] = {"move": which.value, "from": line.state.value, "to": line.next.value}
    told |= {"article": line.article, **(data or {})}
    if deadline is not None:
        told["deadline"] = {"old": ticket.deadline, "new": deadline}
        ticket.deadline, ticket.due_at = deadline, thaw(deadline).due_at
    ticket.state, ticket.updated_at, ticket.version = line.next.value, at, ticket.version + 1
    ticket.closed_at = at if line.next is State.CLOSED else None
    kind = EventKind.RAISED if which is Move.RAISE else EventKind.MOVED
    event = history.append(session, ticket, kind, actor=actor, at=at, data=told)
    outbox.leave_word(session, ticket, event, at)
    tell(session, "ticket.moved", number=ticket.number, move=which.value, state=ticket.state)
    return line.next


def refuse_stale(ticket: Ticket, version: int | None) -> None:
    """Raise Conflict when somebody has changed the ticket since it was read at `version`."""
    if version is not None and version != ticket.version:
        raise Conflict(
            "changed_meanwhile",
            f"the ticket is at version {ticket.version}, not {version}",
            field="version",
            remedy="read the ticket again and repeat the change with its version",
        )


def no_such_move(ticket: Ticket, which: Move) -> Conflict:
    """Say that a ticket cannot be moved so, and how it can."""
    state = State(ticket.state)
    names = ", ".join(one.move.value for one in moves_from(state)) or "none"
    return Conflict(
        "no_such_move",
        f"a ticket that is {state} {state.chinese} has no move {which}",
        field="move",
        remedy=f"moves from here: {names}",
    )


def replay(events: list[TicketEvent]) -> tuple[State, str | None]:
    """Return the state and the frozen deadline that a history leads to.

    Raises ValueError where a move is not in the table, or does not begin where the one before
    it ended: what the history tells and what the ticket says can thus be compared.
    """
    state, deadline = State.DRAFT, None
    for event in events:
        if event.kind not in (EventKind.MOVED, EventKind.RAISED):
            continue
        told = event.data
        line = step(State(told["from"]), Move(told["move"]))
        if line is None or line.state is not state or line.next != told["to"]:
            raise ValueError(f"event {event.seq}: {told['from']} -{told['move']}-> {told['to']}")
        state = line.next
        if "deadline" in told:
            if told["deadline"]["old"] != deadline:
                raise ValueError(f"event {event.seq}: the deadline had moved before it")
            deadline = told["deadline"]["new"]
    return state, deadline
