"""The table of handling units."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import AwareTime, Base

Json = JSON().with_variant(JSONB(), "postgresql")
BigId = BigInteger().with_variant(Integer, "sqlite")
Path = String(255).with_variant(String(255, collation="C"), "postgresql")
"""Compared byte by byte on both databases, so that a subtree is one range of the index."""


class Unit(Base):
    """One handling unit 承办单位 (Art. 2) with its place in the tree.

    `path` names every unit from the root down to this one by id: `/1/5/12/`.
    """

    __tablename__ = "units"
    __table_args__ = (
        UniqueConstraint("parent_id", "name"),
        Index("ix_units_path", "path"),
        Index("ix_units_district_level", "district", "level"),
        Index(
            "uq_units_root",
            "level",
            unique=True,
            postgresql_where=text("parent_id IS NULL"),
            sqlite_where=text("parent_id IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    level: Mapped[str] = mapped_column(String(20))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    path: Mapped[str] = mapped_column(Path)
    district: Mapped[str | None] = mapped_column(String(40))
    duties: Mapped[list[str]] = mapped_column(Json)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    updated_at: Mapped[dt.datetime] = mapped_column(AwareTime)
