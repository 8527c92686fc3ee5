"""The tables of noticed emergencies with their review, and of what agents must still do."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.calls.models import Call
from backend.database import AwareTime, Base
from backend.tickets.models import BigId, Json, Ticket


class EmergencyNotice(Base):
    """A call in which danger was noticed, by word, key or agent, and what a person judged of it.

    `told_sealed` holds the caller's words, the cue and what weakened it.
    """

    __tablename__ = "emergency_notices"
    __table_args__ = (Index("ix_emergency_notices_noticed_at", "noticed_at", "call_id"),)

    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Call.id), primary_key=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey(Ticket.id))
    noticed_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    sources: Mapped[list[str]] = mapped_column(Json)
    """word, key, agent; empty for one that only a person found."""
    decision: Mapped[str] = mapped_column(String(10))
    service: Mapped[str | None] = mapped_column(String(20))
    also: Mapped[list[str]] = mapped_column(Json)
    handover: Mapped[str] = mapped_column(String(20))
    told_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    verdict: Mapped[str | None] = mapped_column(String(20))
    right_service: Mapped[str | None] = mapped_column(String(20))
    critical: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(Text)
    reviewed_by: Mapped[str | None] = mapped_column(String(100))
    reviewed_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)


class EmergencyTask(Base):
    """A second service that an agent must tell 通知第二紧急服务, because one line rings one."""

    __tablename__ = "emergency_tasks"
    __table_args__ = (
        UniqueConstraint("ticket_id", "service"),
        Index(
            "ix_emergency_tasks_open",
            "created_at",
            postgresql_where=text("done_at IS NULL"),
            sqlite_where=text("done_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey(Ticket.id))
    service: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    done_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    done_by: Mapped[str | None] = mapped_column(String(100))
    result: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str | None] = mapped_column(Text)
