"""Finds what is late or nearly so: to be done, signed, decided or reviewed."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import Database
from backend.deadlines import NEARLY, SHANGHAI, Standing, remaining, thaw
from backend.duties.models import Dispute
from backend.supervision.models import Reminder
from backend.tickets.models import Assignment, Ticket
from backend.tickets.moves import RUNNING
from backend.tickets.states import State

PAGE = 500
UNSIGNED_STATES = (State.DISPATCHED, State.RETURN_REFUSED)
UNDISPATCHED_STATES = (State.DRAFT, State.RETURNED)


class What(StrEnum):
    """In what something is late."""

    NEARLY_DUE = "nearly_due"
    OVERDUE = "overdue"
    UNSIGNED = "unsigned"
    RETURN_UNDECIDED = "return_undecided"
    EXTENSION_UNDECIDED = "extension_undecided"
    DISPUTE_UNDECIDED = "dispute_undecided"
    REVIEW_DUE = "review_due"

    @property
    def chinese(self) -> str:
        """The word people use for it."""
        return _CHINESE[self]


_CHINESE = {
    What.NEARLY_DUE: "即将到期",
    What.OVERDUE: "已逾期",
    What.UNSIGNED: "逾期未签收",
    What.RETURN_UNDECIDED: "退单申请逾期未审核",
    What.EXTENSION_UNDECIDED: "延期申请未审核",
    What.DISPUTE_UNDECIDED: "疑难事项逾期未明确",
    What.REVIEW_DUE: "挂账事项到期复查",
}


@dataclass(frozen=True, slots=True)
class Late:
    """One thing found late: of which ticket, at which unit (None: the hotline itself)."""

    what: What
    ticket_id: int
    unit_id: int | None
    due_at: dt.datetime

    @property
    def key(self) -> str:
        """The same thing found again has the same key; a moved deadline makes it another."""
        moment = self.due_at.astimezone(dt.UTC).isoformat()
        return f"{self.what}:{self.ticket_id}:{self.unit_id or 0}:{moment}"


Page = list[tuple[int, Late | None]]
"""Rows that were looked at, by id, each with what is late in it."""


async def find(database: Database, now: dt.datetime) -> AsyncIterator[Late]:
    """Give all that is late now and was not said yet, a page at a time, each in its own reading."""
    for one in (_due_soon, _unsigned, _undecided, _disputed):
        last = 0
        while True:
            async with database.transaction(writes=False) as session:
                page = await one(session, now, last)
                said = await _said_already(session, [late for _, late in page if late])
            for _, late in page:
                if late and late.key not in said:
                    yield late
            if len(page) < PAGE:
                break
            last = page[-1][0]


async def _due_soon(session: AsyncSession, now: dt.datetime, after: int) -> Page:
    """Leads and co-handlers whose time is over, or nearly; by the tier of each."""
    query = (
        select(Assignment)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .where(
            Assignment.id > after,
            Assignment.ended_at.is_(None),
            Assignment.replied_at.is_(None),
            Assignment.due_at <= now + max(NEARLY.values()),
            Ticket.state.in_([one.value for one in RUNNING]),
            ~_said(What.OVERDUE, Assignment.due_at),
        )
        .order_by(Assignment.id)
        .limit(PAGE)
    )
    rows = (await session.scalars(query)).all()
    return [(row.id, _standing(row, now)) for row in rows]


def _standing(row: Assignment, now: dt.datetime) -> Late | None:
    stands = remaining(row.due_at, now, thaw(row.deadline).tier).standing
    if stands is Standing.IN_TIME:
        return None
    what = What.OVERDUE if stands is Standing.OVERDUE else What.NEARLY_DUE
    return Late(what, row.ticket_id, row.unit_id, row.due_at)


async def _unsigned(session: AsyncSession, now: dt.datetime, after: int) -> Page:
    query = (
        select(Assignment)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .where(
            Assignment.id > after,
            Assignment.ended_at.is_(None),
            Assignment.signed_at.is_(None),
            Assignment.sign_by < now,
            Ticket.state.in_([one.value for one in UNSIGNED_STATES]),
            ~_said(What.UNSIGNED, Assignment.sign_by),
        )
        .order_by(Assignment.id)
        .limit(PAGE)
    )
    rows = (await session.scalars(query)).all()
    return [
        (row.id, Late(What.UNSIGNED, row.ticket_id, row.unit_id, row.sign_by))
        for row in rows
        if row.sign_by
    ]


async def _undecided(session: AsyncSession, now: dt.datetime, after: int) -> Page:
    """Returns and extensions that wait for the hotline, and reviews of the long list."""
    waiting = Ticket.state.in_([State.RETURN_ASKED.value, State.LONG_LIST.value])
    running = Ticket.state.in_([one.value for one in RUNNING])
    overdue = and_(running, Ticket.due_at < now, cast(Ticket.pending, String) != "{}")
    query = select(Ticket).where(Ticket.id > after, or_(waiting, overdue))
    query = query.order_by(Ticket.id).limit(PAGE)
    rows = (await session.scalars(query)).all()
    return [(row.id, _what_waits(row, now)) for row in rows]


def _what_waits(ticket: Ticket, now: dt.datetime) -> Late | None:
    pending: dict[str, Any] = ticket.pending
    if asked := pending.get("return"):
        decide_by = dt.datetime.fromisoformat(asked["decide_by"])
        return Late(What.RETURN_UNDECIDED, ticket.id, None, decide_by) if now > decide_by else None
    if "extension" in pending and ticket.due_at and now > ticket.due_at:
        return Late(What.EXTENSION_UNDECIDED, ticket.id, None, ticket.due_at)
    if listed := pending.get("long_list"):
        day = dt.date.fromisoformat(listed["review_on"])
        begins = dt.datetime.combine(day, dt.time(), SHANGHAI)
        return Late(What.REVIEW_DUE, ticket.id, None, begins) if now >= begins else None
    return None


async def _disputed(session: AsyncSession, now: dt.datetime, after: int) -> Page:
    undispatched = [one.value for one in UNDISPATCHED_STATES]
    query = (
        select(Dispute)
        .join(Ticket, Ticket.id == Dispute.ticket_id)
        .where(Dispute.state == "open", Dispute.decide_by < now, Dispute.id > after)
        .where(Ticket.state.in_(undispatched))
    )
    rows = (await session.scalars(query.order_by(Dispute.id).limit(PAGE))).all()
    return [
        (row.id, Late(What.DISPUTE_UNDECIDED, row.ticket_id, None, row.decide_by)) for row in rows
    ]


def _said(what: What, due_at: Any) -> ColumnElement[bool]:
    """Return the condition that this was said already of an assignment."""
    same = and_(
        Reminder.ticket_id == Assignment.ticket_id,
        Reminder.kind == what.value,
        Reminder.unit_id == Assignment.unit_id,
        Reminder.due_at == due_at,
    )
    return select(Reminder.id).where(same).exists()


async def _said_already(session: AsyncSession, found: Sequence[Late]) -> frozenset[str]:
    keys = [late.key for late in found]
    return frozenset(await session.scalars(select(Reminder.key).where(Reminder.key.in_(keys))))
