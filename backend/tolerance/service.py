"""Mark a ticket as tolerated, take the mark back, and say what it takes out of the assessment."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.errors import Conflict
from backend.people.identity import Identity
from backend.supervision.service import lead_unit
from backend.tickets import history
from backend.tickets.models import Ticket
from backend.tickets.states import EventKind
from backend.tolerance.models import Tolerance


class Ground(StrEnum):
    """Why work that fell short is not held against those who did it (Art. 41)."""

    INNOVATION = "innovation"
    """改革创新、先行先试."""
    POLICY = "policy"
    """政策界限不明确."""
    FORCE_MAJEURE = "force_majeure"
    """不可抗力."""
    CORRECTED = "corrected"
    """主动纠错、及时挽回."""

    @property
    def chinese(self) -> str:
        """The word people use for it."""
        return _CHINESE[self]


_CHINESE = {
    Ground.INNOVATION: "改革创新、先行先试",
    Ground.POLICY: "政策界限不明确",
    Ground.FORCE_MAJEURE: "不可抗力",
    Ground.CORRECTED: "主动纠错、及时挽回",
}


def tolerated() -> ColumnElement[bool]:
    """Return the condition that a ticket does not count in an assessment, for a query's WHERE."""
    in_force = Tolerance.ticket_id == Ticket.id, Tolerance.taken_back_at.is_(None)
    return select(Tolerance.id).where(*in_force).exists()


async def mark_of(session: AsyncSession, ticket: Ticket) -> Tolerance | None:
    """Return the mark that is in force, or None."""
    query = select(Tolerance).where(Tolerance.ticket_id == ticket.id)
    return await session.scalar(query.where(Tolerance.taken_back_at.is_(None)))


async def mark(
    session: AsyncSession,
    ticket: Ticket,
    ground: Ground,
    reason: str,
    *,
    asker: Identity,
    at: dt.datetime,
) -> Tolerance:
    """Leave a ticket whose row is held out of the assessment, for a reason."""
    if await mark_of(session, ticket):
        raise Conflict(
            "tolerated_already",
            f"ticket {ticket.number} is marked already",
            field="number",
            remedy="take the mark back first if its ground is another one",
        )
    made = Tolerance(ticket_id=ticket.id, ground=ground.value, reason=reason, at=at)
    made.actor, made.unit_id = asker.actor, await lead_unit(session, [ticket])
    session.add(made)
    await session.flush()
    _note(session, ticket, made, asker, at, in_force=True, reason=reason)
    return made


async def take_back(
    session: AsyncSession, ticket: Ticket, reason: str, *, asker: Identity, at: dt.datetime
) -> Tolerance:
    """Let a ticket count again, for a reason; the mark stays readable."""
    found = await mark_of(session, ticket)
    if found is None:
        raise Conflict(
            "not_tolerated",
            f"ticket {ticket.number} is not marked",
            field="number",
            remedy="nothing needs to be taken back",
        )
    found.taken_back_at, found.taken_back_by = at, asker.actor
    found.taken_back_why = reason
    _note(session, ticket, found, asker, at, in_force=False, reason=reason)
    return found


def _note(
    session: AsyncSession,
    ticket: Ticket,
    mark: Tolerance,
    asker: Identity,
    at: dt.datetime,
    *,
    in_force: bool,
    reason: str,
) -> None:
    data = {
        "tolerance": mark.id,
        "ground": mark.ground,
        "in_force": in_force,
        "reason": reason,
        "article": "第四十一条",
    }
    history.append(session, ticket, EventKind.TOLERATED, actor=asker.actor, at=at, data=data)
