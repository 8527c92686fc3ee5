"""The tables of supervision: cases with their tickets, and reminders given once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import AwareTime, Base
from backend.tickets.models import Ticket
from backend.units.models import BigId, Json, Unit


class Supervision(Base):
    """One matter under supervision 督办件; `key` keeps a thing found twice to one."""

    __tablename__ = "supervisions"
    __table_args__ = (
        Index("ix_supervisions_state_due_at", "state", "due_at"),
        Index("ix_supervisions_unit_id_state", "unit_id", "state"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    clause: Mapped[str] = mapped_column(String(10))
    level: Mapped[int]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id))
    reason: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    opened_by: Mapped[str] = mapped_column(String(100))
    due_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    answered_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    answered_by: Mapped[str | None] = mapped_column(String(100))
    answer: Mapped[str | None] = mapped_column(Text)
    released_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    released_by: Mapped[str | None] = mapped_column(String(100))
    release_reason: Mapped[str | None] = mapped_column(Text)


class SupervisedTicket(Base):
    """A ticket that a supervision is about."""

    __tablename__ = "supervised_tickets"
    __table_args__ = (Index("ix_supervised_tickets_ticket_id", "ticket_id"),)

    supervision_id: Mapped[int] = mapped_column(ForeignKey(Supervision.id), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey(Ticket.id), primary_key=True)


class Reminder(Base):
    """Something that is late or nearly so, said once; `key` carries the time it is about."""

    __tablename__ = "reminders"
    __table_args__ = (
        Index("ix_reminders_unit_id_id", "unit_id", "id"),
        Index("ix_reminders_ticket_id_kind", "ticket_id", "kind"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(30))
    ticket_id: Mapped[int] = mapped_column(ForeignKey(Ticket.id))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id))
    at: Mapped[dt.datetime] = mapped_column(AwareTime)
    due_at: Mapped[dt.datetime] = mapped_column(AwareTime)
