"""The tables of a ticket: itself, its units, its parent, its history, its number, wrong codes."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import AwareTime, Base
from backend.tickets.states import State
from backend.units.models import Unit

Json = JSON().with_variant(JSONB(), "postgresql")
BigId = BigInteger().with_variant(Integer, "sqlite")
OPEN = (
    State.DISPATCHED,
    State.SIGNED,
    State.IN_PROGRESS,
    State.RETURN_ASKED,
    State.RETURN_REFUSED,
    State.RETURNED,
    State.ESCALATED,
    State.REDO,
)
"""The states in which a unit's time runs."""
IS_OPEN = f"state IN ({', '.join(repr(one.value) for one in OPEN)})"


class Ticket(Base):
    """One request of one caller 诉求工单 (Art. 15).

    `words` are the caller's own, with numbers masked, so that they can be searched;
    `words_sealed` are the same unmasked. They are frozen when the ticket leaves the draft.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        Index("ix_tickets_state_id", "state", "id"),
        Index("ix_tickets_state_tier_id", "state", "tier", "id"),
        Index("ix_tickets_category_id", "category", "id"),
        Index("ix_tickets_district_id", "district", "id"),
        Index("ix_tickets_caller_digest_id", "caller_digest", "id"),
        Index("ix_tickets_state_due_at", "state", "due_at"),
        Index("ix_tickets_created_at_id", "created_at", "id"),
        Index("ix_tickets_due_at_id", "due_at", "id"),
        Index(
            "ix_tickets_open_due_at",
            "due_at",
            "id",
            postgresql_where=text(IS_OPEN),
            sqlite_where=text(IS_OPEN),
        ),
        Index(
            "ix_tickets_emergency",
            "id",
            postgresql_where=text("emergency"),
            sqlite_where=text("emergency"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(16), unique=True)
    code_digest: Mapped[str] = mapped_column(String(64))
    code_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    call_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("calls.id"), unique=True)
    caller_digest: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    updated_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    version: Mapped[int] = mapped_column(default=1)
    words: Mapped[str] = mapped_column(Text)
    words_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    kind: Mapped[str] = mapped_column(String(10))
    acceptable: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(Text)
    category: Mapped[str] = mapped_column(String(40))
    district: Mapped[str | None] = mapped_column(String(40))
    neighbour: Mapped[bool] = mapped_column(default=False)
    place: Mapped[str | None] = mapped_column(Text)
    time: Mapped[str | None] = mapped_column(Text)
    date: Mapped[dt.date | None]
    contact_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    tier: Mapped[str] = mapped_column(String(4))
    unit: Mapped[str | None] = mapped_column(Text)
    confidences: Mapped[dict[str, float]] = mapped_column(Json)
    unsure: Mapped[list[str]] = mapped_column(Json)
    notes: Mapped[dict[str, Any]] = mapped_column(Json)
    """What the machine added to explain itself: alternatives, mended names, why."""
    authors: Mapped[dict[str, str]] = mapped_column(Json)
    """Field -> who gave it its value; a field not named is the machine's."""
    events_count: Mapped[int] = mapped_column(default=0)
    events_head: Mapped[str] = mapped_column(String(64))
    deadline: Mapped[str | None] = mapped_column(Text)
    """办理时限 as `deadlines.freeze` wrote it; set by `moving.move` alone, with an event."""
    due_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    """The deadline's last second in time, for searching."""
    dispatched_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    closed_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    dispatches: Mapped[int] = mapped_column(default=0)
    redos: Mapped[int] = mapped_column(default=0)
    pending: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """What waits for a decision or a day: return, extension, escalation, long_list."""
    emergency: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Danger was heard in its call, whatever became of it since."""


class Assignment(Base):
    """A ticket in the hands of a unit 承办, as the lead 首接单位 or as a co-handler (Art. 21).

    One lead at a time; `ended_at` tells that it is no longer with this unit. A co-handler's
    `deadline` is its own, by which it reports to the lead.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        Index("ix_assignments_ticket_id", "ticket_id"),
        Index("ix_assignments_unit_id_ended_at", "unit_id", "ended_at", "ticket_id"),
        Index(
            "uq_assignments_one_lead",
            "ticket_id",
            unique=True,
            postgresql_where=text("lead AND ended_at IS NULL"),
            sqlite_where=text("lead AND ended_at IS NULL"),
        ),
        Index(
            "ix_assignments_open_due_at",
            "due_at",
            postgresql_where=text("ended_at IS NULL AND replied_at IS NULL"),
            sqlite_where=text("ended_at IS NULL AND replied_at IS NULL"),
        ),
        Index(
            "ix_assignments_unsigned_sign_by",
            "sign_by",
            postgresql_where=text("ended_at IS NULL AND signed_at IS NULL"),
            sqlite_where=text("ended_at IS NULL AND signed_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id))
    lead: Mapped[bool]
    given_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    deadline: Mapped[str] = mapped_column(Text)
    due_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    sign_by: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    """签收时限 of the lead (Art. 20); None for a co-handler, who has nothing to sign."""
    signed_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    replied_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)


class Merged(Base):
    """A duplicate 并单: its matter is dealt with in the parent, its caller stays its own."""

    __tablename__ = "merged_tickets"
    __table_args__ = (Index("ix_merged_tickets_parent_id", "parent_id"),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    at: Mapped[dt.datetime] = mapped_column(AwareTime)


class TicketEvent(Base):
    """One thing that happened to a ticket; rows are only ever added (Art. 27)."""

    __tablename__ = "ticket_events"
    __table_args__ = (UniqueConstraint("ticket_id", "seq"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    seq: Mapped[int]
    at: Mapped[dt.datetime] = mapped_column(AwareTime)
    kind: Mapped[str] = mapped_column(String(30))
    actor: Mapped[str] = mapped_column(String(100))
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class TicketSequence(Base):
    """The last ticket number given out on a day; `day` is YYMMDD in the city's time."""

    __tablename__ = "ticket_sequences"

    day: Mapped[str] = mapped_column(String(6), primary_key=True)
    last: Mapped[int]


class WrongCodes(Base):
    """When wrong codes were given for one caller or one number, in epoch seconds."""

    __tablename__ = "wrong_codes"

    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    times: Mapped[list[float]] = mapped_column(Json, default=list)
