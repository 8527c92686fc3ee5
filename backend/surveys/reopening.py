"""A citizen asks on the spot that their matter is taken up again (Art. 26)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.ext.asyncio import AsyncSession

from backend.deadlines import WorkingCalendar
from backend.dispatch import sending
from backend.dispatch.act import Act
from backend.dispatch.assignments import lead_of
from backend.dispatch.schemas import Redo
from backend.people.callers import hush
from backend.people.identity import SERVICE
from backend.tickets.models import Ticket
from backend.tickets.moves import Move, step
from backend.tickets.states import State

NO_REASON = "诉求人在回访中要求重新办理"


async def reopen(session: AsyncSession, ticket: Ticket, reason: str, now: dt.datetime) -> bool:
    """Give a locked ticket back to its unit, or to the hotline if no unit had it.

    False when its state allows neither: it is being dealt with again already.
    """
    lacking = hush(reason.strip())[:1000] or NO_REASON
    act = Act(session, ticket, SERVICE, now, ticket.version, WorkingCalendar())
    if await lead_of(session, ticket) and step(State(ticket.state), Move.REDO):
        await sending.redo(act, Redo(version=ticket.version, lacking=lacking))
        return True
    if step(State(ticket.state), Move.REOPEN):
        act.move(Move.REOPEN, reason=lacking, by="citizen")
        return True
    return False
