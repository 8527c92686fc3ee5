"""The tables of notices: the outbox, and who is told by webhook."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import AwareTime, Base
from backend.tickets.models import Ticket
from backend.units.models import BigId, Json, Unit


class Webhook(Base):
    """Another system that wants to be told; the secret signs what it is sent."""

    __tablename__ = "webhooks"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    url: Mapped[str] = mapped_column(String(500))
    secret_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id))
    active: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    made_by: Mapped[str] = mapped_column(String(100))


class Notice(Base):
    """One message to one receiver; the number itself is read from the ticket when it is sent."""

    __tablename__ = "notices"
    __table_args__ = (
        Index("ix_notices_ticket_id", "ticket_id"),
        Index("ix_notices_state_id", "state", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    channel: Mapped[str] = mapped_column(String(10))
    ticket_id: Mapped[int] = mapped_column(ForeignKey(Ticket.id))
    webhook_id: Mapped[int | None] = mapped_column(ForeignKey(Webhook.id))
    occasion: Mapped[str] = mapped_column(String(30))
    text: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(20))
    made_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    receipt: Mapped[str | None] = mapped_column(String(200))
    fault: Mapped[str | None] = mapped_column(Text)


class UnitContact(Base):
    """The mobile number of a unit on duty 承办单位值班手机, for what cannot wait."""

    __tablename__ = "unit_contacts"

    unit_id: Mapped[int] = mapped_column(
        BigId, ForeignKey(Unit.id), primary_key=True, autoincrement=False
    )
    number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    changed_by: Mapped[str] = mapped_column(String(100))
