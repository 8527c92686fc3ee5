"""Note incidents, open a case at the threshold, decide it: three acts, none of them a refusal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.abuse.models import AbuseCase, AbuseNote
from backend.abuse.settings import settings
from backend.database import insert_into, tell
from backend.errors import Conflict, NotFound
from backend.notices.spreading import SMS, keep
from backend.notices.texts import sentence
from backend.people import audit
from backend.tickets.models import Ticket


class Kind(StrEnum):
    """What a caller did, by the items of Art. 40."""

    DEFAMED = "40.1"
    DISTURBED = "40.2"
    INSULTED = "40.3"
    OCCUPIED = "40.4"
    OTHER = "40.5"

    @property
    def chinese(self) -> str:
        """What the article says."""
        return _CHINESE[self]


_CHINESE = {
    Kind.DEFAMED: "故意捏造事实诽谤、诬告陷害他人",
    Kind.DISTURBED: "扰乱接诉即办工作秩序",
    Kind.INSULTED: "骚扰、侮辱、威胁工作人员",
    Kind.OCCUPIED: "无正当理由反复使用、长时间占用热线资源",
    Kind.OTHER: "采取其他不正当手段影响接诉即办工作",
}


class CaseState(StrEnum):
    """How a case stands; only a person takes it out of `open`."""

    OPEN = "open"
    DISMISSED = "dismissed"
    """There was a good reason, or it was nothing."""
    ADMONISHED = "admonished"
    """劝阻、教育、批评."""
    REPORTED = "reported"
    """Put before the police 公安机关, who alone may punish."""


async def note(
    session: AsyncSession,
    ticket: Ticket,
    kind: Kind,
    what: str,
    *,
    actor: str,
    at: dt.datetime,
    key: str,
) -> AbuseNote | None:
    """Note an incident with a ticket's caller; None if it was noted before.

    At the threshold a case opens, for a person to look at.
    """
    if ticket.caller_digest is None:
        raise Conflict(
            "caller_unknown",
            "the caller's number is not known",
            field="number",
            remedy="incidents are counted by number; there is nothing to count here",
        )
    row = insert_into(session, AbuseNote).values(
        key=key[:200],
        caller_digest=ticket.caller_digest,
        ticket_id=ticket.id,
        kind=kind.value,
        at=at,
        actor=actor,
        what=what,
    )
    row = row.on_conflict_do_nothing(index_elements=["key"]).returning(AbuseNote.id)
    made = await session.scalar(row)
    if made is None:
        return None
    await _open_at_the_threshold(session, ticket.caller_digest, at)
    return await session.get_one(AbuseNote, made)


async def decide(
    session: AsyncSession,
    case_id: int,
    state: CaseState,
    reason: str,
    *,
    actor: str,
    at: dt.datetime,
    city: str,
) -> AbuseCase:
    """Decide a case as a person, with the reason; an admonished caller is told by SMS."""
    query = select(AbuseCase).where(AbuseCase.id == case_id).with_for_update()
    case = await session.scalar(query.execution_options(populate_existing=True))
    if case is None:
        raise NotFound(
            "no_such_case",
            f"there is no case {case_id}",
            field="case_id",
            remedy="GET /api/abuse/cases lists them",
        )
    if case.state != CaseState.OPEN:
        raise Conflict(
            "decided_already",
            f"case {case_id} is {case.state}",
            field="case_id",
            remedy="a new incident opens a new case",
        )
    case.state, case.reason = state.value, reason
    case.decided_at, case.decided_by = at, actor
    if state is CaseState.ADMONISHED:
        last = (await notes_of(session, case.caller_digest))[-1]
        ticket = await session.get_one(Ticket, last.ticket_id)
        text = sentence("admonish", {"city": city})
        await keep(session, ticket, SMS, "admonish", text, {}, f"abuse:{case.id}", at)
    subject = f"abuse:{case.id}"
    await audit.record(
        session, audit.Act.ABUSE_JUDGED, actor=actor, subject=subject, at=at, state=state.value
    )
    return case


async def notes_of(session: AsyncSession, caller_digest: str) -> Sequence[AbuseNote]:
    """Return the incidents with a caller, oldest first."""
    query = select(AbuseNote).where(AbuseNote.caller_digest == caller_digest)
    return (await session.scalars(query.order_by(AbuseNote.at, AbuseNote.id))).all()


async def page(
    session: AsyncSession, state: CaseState | None, before: int | None, limit: int
) -> Sequence[AbuseCase]:
    """Return cases, newest first."""
    query = select(AbuseCase).order_by(AbuseCase.id.desc()).limit(limit)
    if state is not None:
        query = query.where(AbuseCase.state == state.value)
    if before is not None:
        query = query.where(AbuseCase.id < before)
    return (await session.scalars(query)).all()


async def _open_at_the_threshold(session: AsyncSession, digest: str, at: dt.datetime) -> None:
    limits = settings()
    decided = select(func.max(AbuseCase.decided_at)).where(AbuseCase.caller_digest == digest)
    last = await session.scalar(decided)
    since = at - dt.timedelta(days=limits.days)
    fresh = AbuseNote.caller_digest == digest, AbuseNote.at > (max(since, last) if last else since)
    count = await session.scalar(select(func.count()).select_from(AbuseNote).where(*fresh)) or 0
    if count < limits.notes:
        return
    row = insert_into(session, AbuseCase).values(
        caller_digest=digest, state=CaseState.OPEN.value, opened_at=at, notes=count
    )
    made = await session.scalar(row.on_conflict_do_nothing().returning(AbuseCase.id))
    if made is not None:
        tell(session, "abuse.opened", case=made)
