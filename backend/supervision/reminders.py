"""Says once each 提醒 what is late, in the ticket's history and to whoever listens."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import Database, insert_into, tell
from backend.duties.models import Dispute
from backend.notices import outbox
from backend.supervision.lateness import UNDISPATCHED_STATES, UNSIGNED_STATES, Late, What
from backend.supervision.models import Reminder
from backend.tickets import history
from backend.tickets.models import Assignment, Ticket
from backend.tickets.moves import RUNNING
from backend.tickets.states import EventKind, State

MACHINE = "machine"


async def remind(database: Database, late: Late, now: dt.datetime) -> bool:
    """Say that something is late, in the ticket's history and to listeners; False if said before.

    The ticket is held and looked at again first: what was put right meanwhile is not late.
    """
    async with database.transaction() as session:
        query = select(Ticket).where(Ticket.id == late.ticket_id).with_for_update()
        ticket = (await session.scalars(query)).one()
        if not await still(session, ticket, late):
            return False
        row = insert_into(session, Reminder).values(
            key=late.key,
            kind=late.what.value,
            ticket_id=late.ticket_id,
            unit_id=late.unit_id,
            at=now,
            due_at=late.due_at,
        )
        row = row.on_conflict_do_nothing(index_elements=["key"]).returning(Reminder.id)
        if await session.scalar(row) is None:
            return False
        data = {"what": late.what.value, "unit": late.unit_id, "due_at": late.due_at.isoformat()}
        event = history.append(
            session, ticket, EventKind.REMINDED, actor=MACHINE, at=now, data=data
        )
        outbox.leave_word(session, ticket, event, now)
        facts = {"number": ticket.number, "unit_id": late.unit_id}
        tell(session, f"reminder.{late.what}", **facts, due_at=late.due_at.isoformat())
    return True


async def still(session: AsyncSession, ticket: Ticket, late: Late) -> bool:
    """Tell whether it is late even now that the ticket is held."""
    state = State(ticket.state)
    match late.what:
        case What.UNSIGNED:
            return state in UNSIGNED_STATES
        case What.RETURN_UNDECIDED:
            return state is State.RETURN_ASKED
        case What.EXTENSION_UNDECIDED:
            return "extension" in ticket.pending
        case What.REVIEW_DUE:
            return state is State.LONG_LIST
        case What.DISPUTE_UNDECIDED:
            if state not in UNDISPATCHED_STATES:
                return False
            query = select(Dispute.id).where(Dispute.ticket_id == ticket.id)
            return await session.scalar(query.where(Dispute.state == "open")) is not None
        case What.NEARLY_DUE | What.OVERDUE:
            if state not in RUNNING:
                return False
            here = Assignment.ticket_id == ticket.id, Assignment.unit_id == late.unit_id
            query = select(Assignment.id).where(
                *here,
                Assignment.ended_at.is_(None),
                Assignment.replied_at.is_(None),
                Assignment.due_at == late.due_at,
            )
            return await session.scalar(query.limit(1)) is not None
