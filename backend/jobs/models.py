"""The table of work to be done later."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import AwareTime, Base

Json = JSON().with_variant(JSONB(), "postgresql")


class Job(Base):
    """One piece of work; `key` makes it one however often it is asked for.

    A worker holds it until `leased_until`; after that any other may take it.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        Index(
            "ix_jobs_due",
            "due_at",
            postgresql_where=text("done_at IS NULL"),
            sqlite_where=text("done_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    key: Mapped[str] = mapped_column(String(200), unique=True)
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    due_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    tries: Mapped[int] = mapped_column(default=0)
    leased_by: Mapped[str | None] = mapped_column(String(80))
    leased_until: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    done_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    fault: Mapped[str | None] = mapped_column(Text)


class Beat(Base):
    """When each worker was last seen alive."""

    __tablename__ = "worker_beats"

    worker: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(AwareTime)
