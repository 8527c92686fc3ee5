"""The audit record 审计记录 (Art. 27, 35): who did what to whom, why and when, in one chain."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.audit.chain import START, Link, first_fault, hash_of
from backend.database import AwareTime, Base
from backend.units.models import BigId, Json

ONLY = 1


class Act(StrEnum):
    """What is recorded."""

    LOOKED_AT_NUMBER = "looked_at_number"
    HEARD_RECORDING = "heard_recording"
    KEPT_CONFIDENTIAL = "kept_confidential"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    PASSWORD_CHANGED = "password_changed"
    PASSWORD_RESET = "password_reset"
    PERSON_ADDED = "person_added"
    PERSON_CHANGED = "person_changed"
    TOKEN_MADE = "token_made"
    TOKEN_REVOKED = "token_revoked"
    UNIT_ADDED = "unit_added"
    UNIT_CHANGED = "unit_changed"
    ABUSE_JUDGED = "abuse_judged"
    EXPORTED = "exported"
    FILE_SEALED = "file_sealed"
    FILE_REMOVED = "file_removed"
    FILE_READ = "file_read"
    HOLD_PLACED = "hold_placed"
    HOLD_LIFTED = "hold_lifted"
    CALL_ARCHIVED = "call_archived"
    HISTORY_WITNESSED = "history_witnessed"
    ALARM_ACKNOWLEDGED = "alarm_acknowledged"
    EMERGENCY_REVIEWED = "emergency_reviewed"
    RATES_CHANGED = "rates_changed"
    RATING_DISPUTED = "rating_disputed"
    RATING_HEARD = "rating_heard"
    RATING_REVIEWED = "rating_reviewed"
    REPORT_KEPT = "report_kept"
    FIGURES_PUBLISHED = "figures_published"


class AuditEntry(Base):
    """One recorded act; rows are only ever added. `data` holds no number, name or secret."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_subject_seq", "subject", "seq"),
        Index("ix_audit_entries_actor_seq", "actor", "seq"),
    )

    seq: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime] = mapped_column(AwareTime)
    act: Mapped[str] = mapped_column(String(30))
    actor: Mapped[str] = mapped_column(String(100))
    subject: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str | None] = mapped_column(String(500))
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The end of the chain: one row, whose lock lets changes pass one at a time."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(BigId)
    hash: Mapped[str] = mapped_column(String(64), default=START)


async def hold(session: AsyncSession) -> AuditHead:
    """Lock the end of the chain until the commit; what is read after this is the newest."""
    query = select(AuditHead).where(AuditHead.id == ONLY).with_for_update()
    return (
        await session.execute(query, execution_options={"populate_existing": True})
    ).scalar_one()


async def record(
    session: AsyncSession,
    act: Act,
    *,
    actor: str,
    subject: str,
    at: dt.datetime,
    reason: str | None = None,
    **data: Any,
) -> AuditEntry:
    """Add an act to the record, in the same transaction as the act itself."""
    head = await hold(session)
    entry = AuditEntry(
        seq=head.count + 1,
        at=at,
        act=act.value,
        actor=actor,
        subject=subject,
        reason=reason,
        data=data,
        previous=head.hash,
        hash="",
    )
    entry.hash = hash_of(entry.previous, entry.seq, _facts(entry))
    head.count, head.hash = entry.seq, entry.hash
    session.add(entry)
    await session.flush()
    return entry


async def fault(session: AsyncSession) -> str | None:
    """Say where the record was changed, cut or reordered, or None if it is whole."""
    return await session.run_sync(_first_fault)


def _first_fault(session: Session) -> str | None:
    head = session.get_one(AuditHead, ONLY, populate_existing=True)
    query = select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=1000)
    rows = session.scalars(query, execution_options={"populate_existing": True})
    links = (Link(row.seq, _facts(row), row.previous, row.hash) for row in rows)
    return first_fault(links, head.count, head.hash)


def _facts(entry: AuditEntry) -> dict[str, Any]:
    return {
        "at": entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "act": entry.act,
        "actor": entry.actor,
        "subject": entry.subject,
        "reason": entry.reason,
        "data": entry.data,
    }
