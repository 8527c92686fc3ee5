"""The tables of abuse: what was noted, and the cases in which a person decides."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import AwareTime, Base
from backend.tickets.models import Ticket
from backend.units.models import BigId


class AbuseNote(Base):
    """One incident with a caller, known by the digest of the number alone."""

    __tablename__ = "abuse_notes"
    __table_args__ = (
        Index("ix_abuse_notes_caller_digest_at", "caller_digest", "at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    caller_digest: Mapped[str] = mapped_column(String(64))
    ticket_id: Mapped[int] = mapped_column(ForeignKey(Ticket.id))
    kind: Mapped[str] = mapped_column(String(10))
    at: Mapped[dt.datetime] = mapped_column(AwareTime)
    actor: Mapped[str] = mapped_column(String(100))
    what: Mapped[str] = mapped_column(Text)


class AbuseCase(Base):
    """A caller's incidents together, for a person to decide on; one open case a caller."""

    __tablename__ = "abuse_cases"
    __table_args__ = (
        Index("ix_abuse_cases_state_id", "state", "id"),
        Index("ix_abuse_cases_caller_digest", "caller_digest"),
        Index(
            "uq_abuse_cases_one_open",
            "caller_digest",
            unique=True,
            postgresql_where=text("state = 'open'"),
            sqlite_where=text("state = 'open'"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    caller_digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20))
    opened_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    notes: Mapped[int]
    decided_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    decided_by: Mapped[str | None] = mapped_column(String(100))
    reason: Mapped[str | None] = mapped_column(Text)
