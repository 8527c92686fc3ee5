"""The table of tolerance marks."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import AwareTime, Base
from backend.tickets.models import Ticket
from backend.units.models import BigId, Unit


class Tolerance(Base):
    """A mark 容错标记: this ticket does not count in the unit's assessment, and why."""

    __tablename__ = "tolerances"
    __table_args__ = (
        Index(
            "uq_tolerances_one_in_force",
            "ticket_id",
            unique=True,
            postgresql_where=text("taken_back_at IS NULL"),
            sqlite_where=text("taken_back_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey(Ticket.id))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id))
    ground: Mapped[str] = mapped_column(String(30))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[dt.datetime] = mapped_column(AwareTime)
    actor: Mapped[str] = mapped_column(String(100))
    taken_back_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    taken_back_by: Mapped[str | None] = mapped_column(String(100))
    taken_back_why: Mapped[str | None] = mapped_column(Text)
