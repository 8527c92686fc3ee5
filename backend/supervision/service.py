"""Put a matter under supervision 督办, answer for it, raise it, release it (Art. 24)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import insert_into, tell
from backend.deadlines import Calendar, Inputs, due
from backend.errors import Conflict, Forbidden, NotFound
from backend.notices import outbox
from backend.people.identity import Identity
from backend.supervision.clauses import HIGHEST, LEVELS, Clause, Standing
from backend.supervision.models import SupervisedTicket, Supervision
from backend.supervision.settings import settings
from backend.tickets import history
from backend.tickets.models import Assignment, Ticket
from backend.tickets.states import EventKind
from backend.units.service import refuse_stale

MACHINE = "machine"


async def lead_unit(session: AsyncSession, tickets: Sequence[Ticket]) -> int | None:
    """Return the unit that leads the newest of these tickets that has one, or None."""
    ids = [one.id for one in tickets]
    query = select(Assignment.unit_id).where(
        Assignment.ticket_id.in_(ids), Assignment.lead, Assignment.ended_at.is_(None)
    )
    return await session.scalar(query.order_by(Assignment.ticket_id.desc()).limit(1))


async def open_case(
    session: AsyncSession,
    key: str,
    clause: Clause,
    tickets: Sequence[Ticket],
    *,
    reason: str,
    facts: dict[str, Any],
    at: dt.datetime,
    calendar: Calendar,
    actor: str = MACHINE,
    level: int = 1,
    unit_id: int | None = None,
) -> Supervision | None:
    """Put tickets whose rows are held under supervision; None if this was done before.

    Without `unit_id` it is the unit that leads the newest of them.
    """
    unit = unit_id or await lead_unit(session, tickets)
    row = insert_into(session, Supervision).values(
        key=key[:200],
        clause=clause.value,
        level=level,
        unit_id=unit,
        reason=reason,
        facts=facts,
        state=Standing.OPEN.value,
        version=1,
        opened_at=at,
        opened_by=actor,
        due_at=_due(at, level, calendar),
    )
    row = row.on_conflict_do_nothing(index_elements=["key"]).returning(Supervision.id)
    made = await session.scalar(row)
    if made is None:
        return None
    links = [{"supervision_id": made, "ticket_id": one.id} for one in tickets]
    await session.execute(insert(SupervisedTicket), links)
    case = await session.get_one(Supervision, made)
    for ticket in tickets:
        _note(session, ticket, case, "opened", actor, at, reason=reason)
    return case


async def answer(
    session: AsyncSession, asker: Identity, case_id: int, version: int, said: str, at: dt.datetime
) -> Supervision:
    """Keep what the unit has done about it; the supervisor then releases or raises it."""
    case = await held(session, case_id, version, Standing.OPEN)
    if not await _acts_for(session, asker, case):
        raise Forbidden(
            "not_yours",
            f"{asker.actor} does not act for the unit under supervision",
            remedy="the unit that is supervised answers",
        )
    case.state, case.answer = Standing.ANSWERED.value, said
    case.answered_at, case.answered_by = at, asker.actor
    late = at > case.due_at
    await _note_all(session, case, "answered", asker.actor, at, answer=said, late=late)
    return case


async def raise_level(
    session: AsyncSession,
    case_id: int,
    version: int | None,
    reason: str,
    *,
    actor: str,
    at: dt.datetime,
    calendar: Calendar,
) -> Supervision:
    """Raise a matter one level: it is to be answered anew, sooner, and higher up."""
    case = await held(session, case_id, version, Standing.OPEN, Standing.ANSWERED)
    if case.level >= HIGHEST:
        raise Conflict(
            "highest_level",
            f"supervision {case_id} is at the highest level, {LEVELS[HIGHEST]}",
            field="supervision_id",
            remedy="release it once it is done",
        )
    case.level, case.state = case.level + 1, Standing.OPEN.value
    case.due_at = _due(at, case.level, calendar)
    await _note_all(session, case, "raised", actor, at, reason=reason)
    return case


async def release(
    session: AsyncSession, asker: Identity, case_id: int, version: int, why: str, at: dt.datetime
) -> Supervision:
    """Release a matter 解除督办, with the reason."""
    case = await held(session, case_id, version, Standing.OPEN, Standing.ANSWERED)
    case.state, case.release_reason = Standing.RELEASED.value, why
    case.released_at, case.released_by = at, asker.actor
    await _note_all(session, case, "released", asker.actor, at, reason=why)
    return case


async def held(
    session: AsyncSession, case_id: int, version: int | None, *states: Standing
) -> Supervision:
    """Hold a case until the commit; Conflict unless it is at this version, in one of the states."""
    query = select(Supervision).where(Supervision.id == case_id).with_for_update()
    case = await session.scalar(query.execution_options(populate_existing=True))
    if case is None:
        raise NotFound(
            "no_such_supervision",
            f"there is no supervision {case_id}",
            field="supervision_id",
            remedy="GET /api/supervisions lists them",
        )
    if version is not None:
        refuse_stale("supervision", case.version, version)
    if case.state not in states:
        raise Conflict(
            "not_in_a_state_for_this",
            f"supervision {case_id} is {case.state}",
            field="supervision_id",
            remedy="a released one is opened anew if need be: POST /api/supervisions",
        )
    case.version += 1
    return case


async def tickets_of(session: AsyncSession, case_id: int, *, locked: bool) -> Sequence[Ticket]:
    """Return the tickets of a case in one order, so that nobody waits in a ring."""
    linked = select(SupervisedTicket.ticket_id).where(SupervisedTicket.supervision_id == case_id)
    query = select(Ticket).where(Ticket.id.in_(linked)).order_by(Ticket.id)
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(query)).all()


async def unreleased(
    session: AsyncSession, clause: Clause, ticket_ids: Collection[int]
) -> frozenset[int]:
    """Return those tickets that are supervised under a clause and not released."""
    query = (
        select(SupervisedTicket.ticket_id)
        .join(Supervision, Supervision.id == SupervisedTicket.supervision_id)
        .where(
            SupervisedTicket.ticket_id.in_(ticket_ids),
            Supervision.clause == clause.value,
            Supervision.state != Standing.RELEASED.value,
        )
    )
    return frozenset(await session.scalars(query))


async def _acts_for(session: AsyncSession, asker: Identity, case: Supervision) -> bool:
    if case.unit_id is None or asker.sight.everything:
        return False
    mine = asker.sight.condition(Supervision.unit_id)
    query = select(Supervision.id).where(Supervision.id == case.id, mine)
    return await session.scalar(query) is not None


def _due(at: dt.datetime, level: int, calendar: Calendar) -> dt.datetime:
    return due(Inputs(at, settings().term(level)), calendar).due_at


async def _note_all(
    session: AsyncSession, case: Supervision, what: str, actor: str, at: dt.datetime, **more: Any
) -> None:
    for ticket in await tickets_of(session, case.id, locked=True):
        _note(session, ticket, case, what, actor, at, **more)


def _note(
    session: AsyncSession,
    ticket: Ticket,
    case: Supervision,
    what: str,
    actor: str,
    at: dt.datetime,
    **more: Any,
) -> None:
    data = {
        "supervision": case.id,
        "step": what,
        "clause": case.clause,
        "level": case.level,
        "unit": case.unit_id,
        "due_at": case.due_at.isoformat(),
        "article": "第二十四条",
        **more,
    }
    event = history.append(session, ticket, EventKind.SUPERVISED, actor=actor, at=at, data=data)
    outbox.leave_word(session, ticket, event, at)
    facts = {"number": ticket.number, "supervision": case.id, "unit_id": case.unit_id}
    tell(session, f"supervision.{what}", **facts, level=case.level)
