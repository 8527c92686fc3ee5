"""The tables of callbacks 回访: a survey, its tries, and what is known of a number."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import AwareTime, Base
from backend.surveys.answers import ANSWERS_BY_CODE, Answers
from backend.surveys.codes import SurveyResult
from backend.tickets.models import BigId, Json, Ticket
from backend.units.models import Unit

ONLY = 1
UNDER_WAY = "ended_at IS NULL"


class Channel(StrEnum):
    """The way on which a citizen was asked (Art. 25)."""

    CALL = "call"
    """The machine called."""
    LINK = "link"
    """A web link, sent by text message."""
    AGENT = "agent"
    """An agent called and filled in the form."""


class Survey(Base):
    """One callback that a caller is owed: each time the handling of their ticket is complete.

    `closing` is the number of the ticket's event that made it due; of several surveys of a ticket
    the one with the highest `id` counts. `result` is `pending` until it is known; `answers` is the
    code of three answers (`Answers.code`) and there for valid ones only. While `ended_at` is not
    set the machine still calls, not before `due_at`; a survey that ended with `follow_up` (`person`
    or `link`) may still be answered on another channel. One that ended and is still `pending` was
    overtaken: the ticket is being dealt with again.
    """

    __tablename__ = "surveys"
    __table_args__ = (
        UniqueConstraint("ticket_id", "closing"),
        Index(
            "ix_surveys_due",
            "due_at",
            "id",
            postgresql_where=text(UNDER_WAY),
            sqlite_where=text(UNDER_WAY),
        ),
        Index("ix_surveys_number", "number_digest"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey(Ticket.id))
    closing: Mapped[int]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id))
    number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    number_digest: Mapped[str | None] = mapped_column(String(64))
    opened_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    due_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    result: Mapped[str] = mapped_column(String(20), default=SurveyResult.PENDING.value)
    answers: Mapped[str | None] = mapped_column(String(60))
    channel: Mapped[str | None] = mapped_column(String(10))
    """The channel on which the result came."""
    answered_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    follow_up: Mapped[str | None] = mapped_column(String(10))
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Why the citizen is not satisfied, in their words."""
    reason_sound: Mapped[str | None] = mapped_column(String(200))
    reopened: Mapped[bool] = mapped_column(default=False)
    """The citizen asked for the matter to be taken up again."""
    proposal: Mapped[str | None] = mapped_column(String(10))
    """What is proposed for a citizen who is not satisfied (Art. 26): `redo` or `explain`."""
    proposal_why: Mapped[str | None] = mapped_column(Text)
    decision: Mapped[str | None] = mapped_column(String(10))
    decided_by: Mapped[str | None] = mapped_column(String(100))
    decided_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)

    @property
    def given(self) -> Answers | None:
        """The three answers of a valid survey."""
        return ANSWERS_BY_CODE[self.answers] if self.answers else None


class SurveyTry(Base):
    """One try at a survey, on any channel; written before a number is dialled.

    `id` is the call's id and its channel's. One number is never in two tries under way.
    """

    __tablename__ = "survey_tries"
    __table_args__ = (
        UniqueConstraint("survey_id", "seq"),
        Index("ix_survey_tries_number", "number_digest", "began_at"),
        Index(
            "uq_survey_tries_under_way",
            "number_digest",
            unique=True,
            postgresql_where=text(UNDER_WAY),
            sqlite_where=text(UNDER_WAY),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey(Survey.id))
    seq: Mapped[int]
    channel: Mapped[str] = mapped_column(String(10))
    actor: Mapped[str] = mapped_column(String(100))
    """The dialler, the agent, or `citizen`."""
    number_digest: Mapped[str | None] = mapped_column(String(64))
    part: Mapped[str | None] = mapped_column(String(10))
    began_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    result: Mapped[str | None] = mapped_column(String(20))
    cause: Mapped[int | None]
    """Why the line ended, by Q.850."""
    left_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    """When the line ended; what was said may still be on its way."""
    wished_for: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    said: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """The answers as far as they were given, by question, and how: by key or by word."""


class SurveyNumber(Base):
    """What every survey must know of a number: when it was last called, the stop list 免打扰."""

    __tablename__ = "survey_numbers"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    called_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    stopped_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    stopped_by: Mapped[str | None] = mapped_column(String(100))


class SurveyHead(Base):
    """One row: how far tickets' events have been looked through, and whether calling is paused.

    `safe` is the last event whose elders are all committed, `seen` the newest one looked at.
    """

    __tablename__ = "survey_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    safe: Mapped[int] = mapped_column(BigId)
    seen: Mapped[int] = mapped_column(BigId)
    seen_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    paused_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    paused_by: Mapped[str | None] = mapped_column(String(100))
