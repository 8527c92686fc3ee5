"""Cases found by comparing tickets: one caller again and again, many callers at once (Art. 24)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import Database
from backend.deadlines import SHANGHAI, Calendar
from backend.supervision import service
from backend.supervision.clauses import Clause
from backend.supervision.models import SupervisedTicket, Supervision
from backend.supervision.settings import SupervisionSettings
from backend.tickets.models import Ticket
from backend.tickets.states import State

NOT_OURS = (State.REFUSED, State.PASSED_ON, State.WITHDRAWN)
"""Tickets that were none for the hotline do not count."""
SETTLED = (*NOT_OURS, State.ANSWERED, State.CLOSED)
"""A group all of whose tickets are settled is solved, as far as is known."""


@dataclass(frozen=True, slots=True)
class Group:
    """Tickets of one caller, or of one place, on one kind of matter."""

    clause: Clause
    name: tuple[str | None, ...]
    category: str
    since: dt.datetime
    count: int


async def find(session: AsyncSession, now: dt.datetime, limits: SupervisionSettings) -> list[Group]:
    """Return the groups that reach their threshold with tickets not yet supervised for it."""
    month = now - dt.timedelta(days=limits.same_caller_days)
    day = now - dt.timedelta(hours=limits.callers_hours)
    callers = func.count(Ticket.caller_digest.distinct())
    one = (
        select(Ticket.caller_digest, Ticket.category, func.count())
        .where(*_open(Clause.SAME_CALLER, month), Ticket.caller_digest.is_not(None))
        .group_by(Ticket.caller_digest, Ticket.category)
        .having(func.count() >= limits.same_caller)
    )
    many = (
        select(Ticket.district, Ticket.place, Ticket.category, callers)
        .where(*_open(Clause.MANY_CALLERS, day), Ticket.place.is_not(None))
        .group_by(Ticket.district, Ticket.place, Ticket.category)
        .having(callers >= limits.callers)
    )
    found = [
        Group(Clause.SAME_CALLER, (digest,), category, month, count)
        for digest, category, count in await session.execute(one)
    ]
    return found + [
        Group(Clause.MANY_CALLERS, (district, place), category, day, count)
        for district, place, category, count in await session.execute(many)
    ]


async def supervise(
    database: Database, group: Group, limits: SupervisionSettings, now: dt.datetime, days: Calendar
) -> bool:
    """Put a group under supervision, if it still is one; False if somebody was quicker."""
    async with database.transaction() as session:
        tickets = await _members(session, group)
        callers = len({one.caller_digest for one in tickets})
        many = group.clause is Clause.MANY_CALLERS
        enough = callers >= limits.callers if many else len(tickets) >= limits.same_caller
        if not enough or all(State(one.state) in SETTLED for one in tickets):
            return False
        if await service.unreleased(session, group.clause, [one.id for one in tickets]):
            return False
        what, often = group.category, len(tickets)
        if many:
            reason = f"{limits.callers_hours}小时内{callers}人反映{what}，地点{group.name[-1]}"
        else:
            reason = f"同一诉求人{limits.same_caller_days}日内反映{what}{often}次未解决"
        made = await service.open_case(
            session,
            f"{group.clause}:{tickets[-1].number}",
            group.clause,
            tickets,
            reason=reason,
            facts={"tickets": len(tickets), "callers": callers, "category": group.category},
            at=now,
            calendar=days,
        )
        return made is not None


async def _members(session: AsyncSession, group: Group) -> Sequence[Ticket]:
    query = select(Ticket).where(
        *_open(group.clause, group.since), Ticket.category == group.category
    )
    if group.clause is Clause.SAME_CALLER:
        query = query.where(Ticket.caller_digest == group.name[0])
    else:
        query = query.where(
            Ticket.district.is_not_distinct_from(group.name[0]), Ticket.place == group.name[1]
        )
    query = query.order_by(Ticket.id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).all()


def _open(clause: Clause, since: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    """Tickets since a moment that no case of this clause has counted yet.

    The number begins with the day, so its index bounds the search.
    """
    day = since.astimezone(SHANGHAI).strftime("%y%m%d")
    counted = (
        select(SupervisedTicket.ticket_id)
        .join(Supervision, Supervision.id == SupervisedTicket.supervision_id)
        .where(SupervisedTicket.ticket_id == Ticket.id, Supervision.clause == clause.value)
        .exists()
    )
    return (
        Ticket.number >= day,
        Ticket.created_at >= since,
        Ticket.state.not_in([one.value for one in NOT_OURS]),
        ~counted,
    )
