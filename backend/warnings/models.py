"""The table of risk warnings."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import AwareTime, Base
from backend.units.models import BigId, Json, Unit


class RiskWarning(Base):
    """A warning to a unit, and what it has done about it."""

    __tablename__ = "risk_warnings"
    __table_args__ = (
        Index("ix_risk_warnings_unit_id_id", "unit_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id))
    category: Mapped[str] = mapped_column(String(40))
    district: Mapped[str | None] = mapped_column(String(40))
    what: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[dt.datetime] = mapped_column(AwareTime)
    actor: Mapped[str] = mapped_column(String(100))
    answered_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    answered_by: Mapped[str | None] = mapped_column(String(100))
    answer: Mapped[str | None] = mapped_column(Text)
