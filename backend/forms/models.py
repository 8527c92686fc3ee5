"""The table of web links: one answer each, and only the digest of what opens it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import AwareTime, Base
from backend.surveys.models import Survey
from backend.tickets.models import BigId, Ticket


class SurveyLink(Base):
    """A link by which one citizen may answer one survey once, without signing in."""

    __tablename__ = "survey_links"
    __table_args__ = (Index("ix_survey_links_survey_id", "survey_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey(Survey.id))
    ticket_id: Mapped[int] = mapped_column(ForeignKey(Ticket.id))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    expires_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    used_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
