"""The tables of the assessment 考核: its rules, what it counts, what it kept and published."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import AwareTime, Base
from backend.surveys.models import Survey
from backend.tickets.models import BigId, Json, Ticket
from backend.units.models import Unit

FOREVER = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
ONLY = 1
PENDING = "outcome = 'pending'"


class RateVersion(Base):
    """One version of the rates' settings; rows are only ever added."""

    __tablename__ = "rate_versions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    from_month: Mapped[str] = mapped_column(String(7), unique=True)
    settings: Mapped[dict[str, Any]] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(String(100))
    at: Mapped[dt.datetime] = mapped_column(AwareTime)


class AssessedUnit(Base):
    """A unit as it was when tickets of its were closed; no `unit_id`: the hotline itself.

    `title` names the units from below the city down to this one, and so no other.
    """

    __tablename__ = "assessed_units"
    __table_args__ = (UniqueConstraint("unit_id", "title", "level"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id))
    title: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(String(20))


class Assessed(Base):
    """A closed ticket as it counts, from one moment until another: nothing is ever overwritten.

    `month` is a number such as 202611. `outcome` is the code of three answers, or the reason why
    the ticket is not among the valid callbacks.
    """

    __tablename__ = "assessed_tickets"
    __table_args__ = (
        Index("ix_assessed_tickets_month", "month"),
        Index("ix_assessed_tickets_ticket_id", "ticket_id"),
        Index(
            "ix_assessed_tickets_pending",
            "ticket_id",
            postgresql_where=text(PENDING),
            sqlite_where=text(PENDING),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey(Ticket.id))
    month: Mapped[int]
    closed_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    unit: Mapped[int] = mapped_column(ForeignKey(AssessedUnit.id))
    district: Mapped[str] = mapped_column(String(40))
    category: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[str] = mapped_column(String(60))
    known_from: Mapped[dt.datetime] = mapped_column(AwareTime)
    known_until: Mapped[dt.datetime] = mapped_column(AwareTime, default=FOREVER)


class AssessedHead(Base):
    """How far tickets have been taken in: one row, whose lock lets changes pass one at a time.

    `safe` is the last event whose elders are all committed, `seen` the newest one looked at.
    """

    __tablename__ = "assessed_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    safe: Mapped[int] = mapped_column(BigId)
    seen: Mapped[int] = mapped_column(BigId)
    seen_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    stamp: Mapped[dt.datetime] = mapped_column(AwareTime)
    """The newest moment at which something was counted or became known."""


class KeptReport(Base):
    """A report as it was made, word for word; rows are only ever added."""

    __tablename__ = "kept_reports"
    __table_args__ = (Index("ix_kept_reports_span_by", "span", "by"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    span: Mapped[str] = mapped_column(String(7))
    by: Mapped[str] = mapped_column(String(10))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    text: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(String(100))
    at: Mapped[dt.datetime] = mapped_column(AwareTime)


class OpenFigures(Base):
    """Figures of a month as they were made public (Art. 37): once and for all."""

    __tablename__ = "open_figures"
    __table_args__ = (UniqueConstraint("month", "by"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    month: Mapped[str] = mapped_column(String(7))
    by: Mapped[str] = mapped_column(String(10))
    figures: Mapped[dict[str, Any]] = mapped_column(Json)
    report: Mapped[str] = mapped_column(String(64))
    """The digest of the kept report that they come from."""
    actor: Mapped[str] = mapped_column(String(100))
    at: Mapped[dt.datetime] = mapped_column(AwareTime)


class Dispute(Base):
    """A rating that a unit disputes 评价复核: what each side says, and how it was decided.

    One dispute a survey; `outcome` is the rating as it counted when it was disputed.
    """

    __tablename__ = "rating_disputes"
    __table_args__ = (Index("ix_rating_disputes_unit_id", "unit_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey(Ticket.id))
    survey_id: Mapped[int] = mapped_column(ForeignKey(Survey.id), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id))
    outcome: Mapped[str] = mapped_column(String(60))
    grounds: Mapped[str] = mapped_column(Text)
    raised_by: Mapped[str] = mapped_column(String(100))
    raised_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    citizen_side: Mapped[str | None] = mapped_column(Text)
    heard_by: Mapped[str | None] = mapped_column(String(100))
    heard_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    decision: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(String(100))
    decided_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
