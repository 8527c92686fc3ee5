"""The tables of the archive: sealed files, legal holds, and calls whose journal was fixed."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import AwareTime, Base
from backend.units.models import BigId

Bytes = BigInteger().with_variant(Integer, "sqlite")


class FileKind(StrEnum):
    """What a sealed file is."""

    RECORDING = "recording"
    MESSAGE = "message"
    UTTERANCE = "utterance"
    ATTACHMENT = "attachment"


class SealedFile(Base):
    """A file of the archive 归档文件 (Art. 27), stored encrypted under the hash of its content.

    `file` names it: relative to the media directory for a sound, `ticket/…` for an attachment.
    A row is never deleted: `removed_at` tells that its time was over.
    """

    __tablename__ = "sealed_files"
    __table_args__ = (
        Index("ix_sealed_files_call_id", "call_id"),
        Index("ix_sealed_files_ticket_id", "ticket_id"),
        Index("ix_sealed_files_sha256", "sha256"),
        Index(
            "ix_sealed_files_keep_until",
            "keep_until",
            postgresql_where=text("removed_at IS NULL"),
            sqlite_where=text("removed_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    file: Mapped[str] = mapped_column(String(300), unique=True)
    call_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("calls.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    event_seq: Mapped[int | None]
    """The event of the ticket that it belongs to: a reply."""
    name: Mapped[str | None] = mapped_column(String(200))
    """What its sender called it; text to show, never part of a path."""
    media_type: Mapped[str] = mapped_column(String(100))
    sha256: Mapped[str] = mapped_column(String(64))
    bytes: Mapped[int] = mapped_column(Bytes)
    seconds: Mapped[float | None]
    sealed_sha256: Mapped[str] = mapped_column(String(64))
    sealed_bytes: Mapped[int] = mapped_column(Bytes)
    made_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    sealed_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    sealed_by: Mapped[str] = mapped_column(String(100))
    keep_until: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    removed_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)


class LegalHold(Base):
    """An order to keep what belongs to a call or ticket, whatever its age 保全."""

    __tablename__ = "legal_holds"
    __table_args__ = (
        Index("ix_legal_holds_subject", "subject"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subject: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(String(500))
    placed_by: Mapped[str] = mapped_column(String(100))
    placed_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    lifted_by: Mapped[str | None] = mapped_column(String(100))
    lifted_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    lifted_why: Mapped[str | None] = mapped_column(String(500))


class ArchivedCall(Base):
    """A call whose journal, as it stood, was fixed in the audit record by its digest."""

    __tablename__ = "archived_calls"

    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("calls.id"), primary_key=True)
    entries: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    until: Mapped[dt.datetime] = mapped_column(AwareTime)
    """When the newest of those entries was received."""
    at: Mapped[dt.datetime] = mapped_column(AwareTime)
