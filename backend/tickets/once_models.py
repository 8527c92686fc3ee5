"""The table of requests that carry an Idempotency-Key, with the answer each was given."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import AwareTime, Base


class OnceKey(Base):
    """One request that must not be carried out twice, and what was answered."""

    __tablename__ = "once_keys"
    __table_args__ = (Index("ix_once_keys_at", "at"),)

    actor: Mapped[str] = mapped_column(String(100), primary_key=True)
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    request_digest: Mapped[str] = mapped_column(String(64))
    answer_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[dt.datetime] = mapped_column(AwareTime)
