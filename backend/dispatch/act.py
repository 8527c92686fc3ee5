"""An act: somebody does one thing with one ticket that they hold and may see."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.deadlines import Calendar
from backend.errors import NotFound
from backend.people.identity import Identity
from backend.tickets import moving
from backend.tickets import service as tickets
from backend.tickets.models import Ticket
from backend.tickets.moves import Move, step
from backend.tickets.seen import sees
from backend.tickets.states import State


@dataclass(frozen=True, slots=True)
class Act:
    """Who does it, when, at which version they read the ticket, and the calendar to count by."""

    session: AsyncSession
    ticket: Ticket
    asker: Identity
    at: dt.datetime
    version: int
    calendar: Calendar

    def move(self, which: Move, *, deadline: str | None = None, **data: Any) -> State:
        """Move the ticket; `data` goes into the event and holds no number and no name."""
        return moving.move(
            self.session,
            self.ticket,
            which,
            actor=self.asker.actor,
            at=self.at,
            version=self.version,
            data=data,
            deadline=deadline,
        )

    def put(self, name: str, value: dict[str, Any] | None) -> None:
        """Note what waits for a decision, or with None that it waits no more."""
        rest = {key: kept for key, kept in self.ticket.pending.items() if key != name}
        self.ticket.pending = rest if value is None else {**rest, name: value}


async def begin(
    session: AsyncSession,
    asker: Identity,
    number: str,
    version: int,
    which: Move,
    *,
    at: dt.datetime,
    calendar: Calendar,
) -> Act:
    """Hold a ticket until the commit, after the cheap refusals: unseen, stale, no such move."""
    ticket = await seen(session, asker, number, locked=True)
    moving.refuse_stale(ticket, version)
    if step(State(ticket.state), which) is None:
        raise moving.no_such_move(ticket, which)
    return Act(session, ticket, asker, at, version, calendar)


async def seen(
    session: AsyncSession, asker: Identity, number: str, *, locked: bool = False
) -> Ticket:
    """Return a ticket if the asker sees it; what another unit has is not there for this one."""
    ticket = await tickets.by_number(session, number, locked=locked)
    if ticket is None or not await sees(session, asker.sight, ticket):
        raise NotFound(
            "no_such_ticket",
            f"there is no ticket {number}",
            field="number",
            remedy="check the number: YYMMDD and four or five digits",
        )
    return ticket
