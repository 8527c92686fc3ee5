"""The tables of the duty catalogue, of overruled proposals, and of disputed matters."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import AwareTime, Base
from backend.tickets.models import Ticket
from backend.units.models import BigId, Json, Unit


class Catalogue(Base):
    """One version of the catalogue; the newest is in force, the others stay readable."""

    __tablename__ = "duty_catalogues"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    version: Mapped[str] = mapped_column(String(40), unique=True)
    note: Mapped[str] = mapped_column(Text)
    entries: Mapped[int]
    made_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    actor: Mapped[str] = mapped_column(String(100))


class DutyEntry(Base):
    """One line: this matter, at this place, is this unit's, within this tier, on this basis.

    `category` is the matter, `words` narrow it; without `district` it holds in the whole city,
    `place` narrows a district to a street, village or estate.
    """

    __tablename__ = "duty_entries"
    __table_args__ = (
        UniqueConstraint("catalogue_id", "code"),
        Index("ix_duty_entries_catalogue_id_category", "catalogue_id", "category"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    catalogue_id: Mapped[int] = mapped_column(ForeignKey(Catalogue.id))
    code: Mapped[str] = mapped_column(String(40))
    category: Mapped[str] = mapped_column(String(40))
    words: Mapped[list[str]] = mapped_column(Json)
    district: Mapped[str | None] = mapped_column(String(40))
    place: Mapped[str | None] = mapped_column(String(100))
    unit: Mapped[str] = mapped_column(String(100))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id))
    tier: Mapped[str | None] = mapped_column(String(4))
    basis: Mapped[str] = mapped_column(Text)


class Overrule(Base):
    """A person sent a ticket elsewhere than proposed: kept to teach the next proposals."""

    __tablename__ = "overrules"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey(Ticket.id), index=True)
    at: Mapped[dt.datetime] = mapped_column(AwareTime)
    actor: Mapped[str] = mapped_column(String(100))
    words: Mapped[str] = mapped_column(Text)
    """The caller's words with every number hidden."""
    proposed: Mapped[dict[str, Any]] = mapped_column(Json)
    chosen: Mapped[dict[str, Any]] = mapped_column(Json)


class Dispute(Base):
    """A matter of which it is unclear whose it is 疑难事项, until it is decided with a reason."""

    __tablename__ = "disputes"
    __table_args__ = (
        Index("ix_disputes_state_id", "state", "id"),
        Index(
            "uq_disputes_one_open",
            "ticket_id",
            unique=True,
            postgresql_where=text("state = 'open'"),
            sqlite_where=text("state = 'open'"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey(Ticket.id))
    state: Mapped[str] = mapped_column(String(20))
    question: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    opened_by: Mapped[str] = mapped_column(String(100))
    decide_by: Mapped[dt.datetime] = mapped_column(AwareTime)
    decided_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    decided_by: Mapped[str | None] = mapped_column(String(100))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id))
    reason: Mapped[str | None] = mapped_column(Text)
    experts: Mapped[str | None] = mapped_column(Text)
    """Which counsel, public lawyers or experts took part 法律顾问、公职律师、专家."""


class Opinion(Base):
    """What a unit that was asked thinks of a disputed matter."""

    __tablename__ = "dispute_opinions"
    __table_args__ = (Index("ix_dispute_opinions_unit_id", "unit_id", "dispute_id"),)

    dispute_id: Mapped[int] = mapped_column(ForeignKey(Dispute.id), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), primary_key=True)
    asked_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    given_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    given_by: Mapped[str | None] = mapped_column(String(100))
    takes: Mapped[bool | None]
    opinion: Mapped[str | None] = mapped_column(Text)
    basis: Mapped[str | None] = mapped_column(Text)
