"""The tables of alarms and of the tries to reach somebody on duty with them."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.calls.models import Call
from backend.database import AwareTime, Base
from backend.tickets.models import BigId, Ticket


class Alarm(Base):
    """Something that a person must know now; `key` makes it one however often it is caused.

    `text` is Chinese, for whoever is on duty: it holds no telephone number.
    """

    __tablename__ = "alarms"
    __table_args__ = (
        Index("ix_alarms_raised_at", "raised_at", "id"),
        Index(
            "ix_alarms_open",
            "raised_at",
            postgresql_where=text("acknowledged_at IS NULL"),
            sqlite_where=text("acknowledged_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(60))
    level: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    call_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Call.id), index=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey(Ticket.id), index=True)
    raised_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    acknowledged_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    acknowledged_by: Mapped[str | None] = mapped_column(String(100))
    note: Mapped[str | None] = mapped_column(Text)
    unheard_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    """When the whole duty list had been tried in vain."""


class AlarmDelivery(Base):
    """One turn of the duty list 值班通知: who was to be told, and whether it was delivered."""

    __tablename__ = "alarm_deliveries"
    __table_args__ = (UniqueConstraint("alarm_id", "turn"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    alarm_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Alarm.id))
    turn: Mapped[int]
    duty: Mapped[str] = mapped_column(String(100))
    tries: Mapped[int] = mapped_column(default=0)
    began_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    delivered_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    given_up_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    fault: Mapped[str | None] = mapped_column(String(300))
