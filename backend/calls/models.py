"""The tables of a call: its journal, and what follows from it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, LargeBinary, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import AwareTime, Base

Json = JSON().with_variant(JSONB(), "postgresql")


class Call(Base):
    """One call 来电, as the entries of its journal tell it; the number is sealed."""

    __tablename__ = "calls"
    __table_args__ = (
        Index("ix_calls_opened_at_id", "opened_at", "id"),
        Index(
            "ix_calls_call_back",
            "ended_at",
            postgresql_where=text("needs_call_back"),
            sqlite_where=text("needs_call_back = 1"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    caller_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    caller_digest: Mapped[str | None] = mapped_column(String(64), index=True)
    caller_masked: Mapped[str | None] = mapped_column(String(40))
    called: Mapped[str | None] = mapped_column(String(64))
    sip_call_id: Mapped[str | None] = mapped_column(String(300), index=True)
    flow: Mapped[str | None] = mapped_column(String(100))
    opened_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    answered_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    outcome: Mapped[str | None] = mapped_column(String(30))
    pending: Mapped[int] = mapped_column(default=0)
    needs_call_back: Mapped[bool] = mapped_column(default=False)
    received_at: Mapped[dt.datetime] = mapped_column(AwareTime)


class JournalEntry(Base):
    """One entry as it was received; never changed. What it says is sealed."""

    __tablename__ = "journal_entries"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("calls.id"), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    at: Mapped[dt.datetime] = mapped_column(AwareTime)
    received_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    data_sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Utterance(Base):
    """What was heard at one listening step; `said_sealed` holds text, words and keys."""

    __tablename__ = "utterances"
    __table_args__ = (
        Index(
            "ix_utterances_pending",
            "call_id",
            postgresql_where=text("pending"),
            sqlite_where=text("pending = 1"),
        ),
    )

    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("calls.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(AwareTime)
    step: Mapped[str | None] = mapped_column(String(1000))
    said_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    confidence: Mapped[float | None]
    engine: Mapped[str | None] = mapped_column(String(1000))
    ended_by: Mapped[str | None] = mapped_column(String(1000))
    sound: Mapped[str | None] = mapped_column(String(1000))
    pending: Mapped[bool] = mapped_column(default=False)
    late: Mapped[bool] = mapped_column(default=False)
    error: Mapped[str | None] = mapped_column(String(1000))


class EmergencyCall(Base):
    """A hand-over to 110, 119, 120 or 122 with every number tried 紧急转接 (Art. 16)."""

    __tablename__ = "emergencies"

    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("calls.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    service: Mapped[str | None] = mapped_column(String(1000))
    also: Mapped[list[str]] = mapped_column(Json, default=list)
    cue_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    source: Mapped[str | None] = mapped_column(String(1000))
    decided_at: Mapped[dt.datetime | None] = mapped_column(AwareTime, index=True)
    answered_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    attempts: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)


class Recording(Base):
    """A settled sound file of a call; `file` is relative to the media directory."""

    __tablename__ = "recordings"

    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("calls.id"), primary_key=True)
    file: Mapped[str] = mapped_column(String(300), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    bytes: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
    seconds: Mapped[float | None]
