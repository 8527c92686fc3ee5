"""Orders to keep 保全: what they name is not removed, whatever its age."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.archive import records
from backend.archive.models import LegalHold
from backend.calls.models import Call
from backend.errors import Conflict, Invalid, NotFound
from backend.people import audit
from backend.people.audit import Act
from backend.people.callers import subject_of
from backend.people.looks import sound_reason
from backend.tickets import service as tickets
from backend.tickets.models import Ticket


async def place(
    session: AsyncSession, subject: str, reason: str, *, actor: str, now: dt.datetime
) -> LegalHold:
    """Order that a call or a ticket with its call be kept; raises NotFound for an unknown one."""
    await _must_exist(session, subject)
    row = LegalHold(subject=subject, reason=sound_reason(reason), placed_by=actor, placed_at=now)
    session.add(row)
    await session.flush()
    facts = records.facts_of_hold(row)
    placed = {"actor": actor, "subject": records.hold_subject(row), "reason": row.reason}
    await audit.record(session, Act.HOLD_PLACED, at=now, **placed, held=facts)
    return row


async def lift(
    session: AsyncSession, hold_id: int, reason: str, *, actor: str, now: dt.datetime
) -> LegalHold:
    """End an order; what is over its time is removed with the next round."""
    row = await session.get(LegalHold, hold_id, with_for_update=True)
    if row is None:
        raise NotFound(
            "no_such_hold", f"there is no hold {hold_id}", field="id", remedy="GET /api/legal-holds"
        )
    if row.lifted_at is not None:
        raise Conflict(
            "lifted_already", f"hold {hold_id} was lifted before", remedy="nothing is to be done"
        )
    row.lifted_by, row.lifted_at, row.lifted_why = actor, now, sound_reason(reason)
    lifted = {"actor": actor, "subject": records.hold_subject(row), "reason": row.lifted_why}
    await audit.record(session, Act.HOLD_LIFTED, at=now, **lifted)
    return row


async def page(session: AsyncSession, after: int | None, limit: int) -> list[LegalHold]:
    """Return orders, the newest first."""
    query = select(LegalHold).order_by(LegalHold.id.desc()).limit(limit)
    if after is not None:
        query = query.where(LegalHold.id < after)
    return list(await session.scalars(query))


async def held_calls(session: AsyncSession, call_ids: set[uuid.UUID]) -> set[uuid.UUID]:
    """Return those calls that are to be kept, by their own name or by their ticket's."""
    if not call_ids:
        return set()
    query = select(Ticket.call_id, Ticket.number).where(Ticket.call_id.in_(call_ids))
    names = {f"call:{one}": one for one in call_ids}
    names |= {subject_of(number): call for call, number in await session.execute(query) if call}
    held = select(LegalHold.subject).where(
        LegalHold.subject.in_(names), LegalHold.lifted_at.is_(None)
    )
    return {names[one] for one in await session.scalars(held)}


async def _must_exist(session: AsyncSession, subject: str) -> None:
    kind, _, name = subject.partition(":")
    known: object = None
    if kind == "ticket":
        known = await tickets.by_number(session, name)
    elif kind == "call":
        try:
            known = await session.get(Call, uuid.UUID(name))
        except ValueError as error:
            raise Invalid(
                "no_call_id",
                "subject: a call is named by its UUID",
                field="subject",
                remedy="GET /api/calls tells it as call_id",
            ) from error
    if known is None:
        raise NotFound(
            "no_such_subject",
            f"there is no {kind} {name}",
            field="subject",
            remedy="write ticket:2611230042 or call: with the call's id",
        )
