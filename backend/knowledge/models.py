"""The tables of knowledge: an article as it stands, and every text it ever had."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import AwareTime, Base
from backend.units.models import BigId, Unit


class Standing(StrEnum):
    """How far an article is."""

    WAITING = "waiting"
    """待审核: a text waits for its approval; an approved one before it is still shown."""
    APPROVED = "approved"
    """已发布: what is written is what agents find."""
    REFUSED = "refused"
    """未通过: the text that waited was refused; an approved one before it is still shown."""
    WITHDRAWN = "withdrawn"
    """已下架: nobody finds it any more."""

    @property
    def chinese(self) -> str:
        """The word people use for it."""
        return _CHINESE[self]


_CHINESE = {
    Standing.WAITING: "待审核",
    Standing.APPROVED: "已发布",
    Standing.REFUSED: "未通过",
    Standing.WITHDRAWN: "已下架",
}


class Article(Base):
    """One piece of knowledge 知识条目; `title`, `body` and `keywords` are the approved ones.

    They are empty until the first approval. `unit_id` is the unit that answers for it, None the
    hotline itself.
    """

    __tablename__ = "knowledge_articles"
    __table_args__ = (
        Index("ix_knowledge_articles_standing_id", "standing", "id"),
        Index("ix_knowledge_articles_unit_id", "unit_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id))
    category: Mapped[str | None] = mapped_column(String(40))
    standing: Mapped[str] = mapped_column(String(20))
    title: Mapped[str | None] = mapped_column(String(100))
    body: Mapped[str | None] = mapped_column(Text)
    keywords: Mapped[str | None] = mapped_column(String(300))
    good_until: Mapped[dt.date | None]
    """From the day after this one it is not found until somebody has looked at it again."""
    approved_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    version: Mapped[int] = mapped_column(default=1)
    """The number of the newest text."""
    uses: Mapped[int] = mapped_column(default=0)
    """How often an agent answered a caller with it."""
    updated_at: Mapped[dt.datetime] = mapped_column(AwareTime)


class Revision(Base):
    """One text of an article, who wrote it, and who decided on it."""

    __tablename__ = "knowledge_revisions"

    article_id: Mapped[int] = mapped_column(ForeignKey(Article.id), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(100))
    body: Mapped[str] = mapped_column(Text)
    keywords: Mapped[str] = mapped_column(String(300))
    good_until: Mapped[dt.date | None]
    written_by: Mapped[str] = mapped_column(String(100))
    written_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    approved: Mapped[bool | None]
    decided_by: Mapped[str | None] = mapped_column(String(100))
    decided_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    reason: Mapped[str | None] = mapped_column(String(500))
