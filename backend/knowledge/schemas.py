"""What is sent and shown of knowledge."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from backend.calls.entries import clean
from backend.intake import urgency
from backend.knowledge.models import Article, Revision, Standing
from backend.units.schemas import Id, Plain, Version

LONGEST_BODY = 20_000


def _text(text: str) -> str:
    text = str(clean(text)).strip()
    if not text:
        raise ValueError("must say something")
    return text


def _keywords(text: str) -> str:
    return " ".join(str(clean(text)).replace("，", " ").replace("、", " ").split())


def _category(name: str) -> str:
    if name not in urgency.usual():
        raise ValueError(f"must be one of {'、'.join(urgency.usual())}")
    return name


def _near(day: dt.date) -> dt.date:
    if not 2000 <= day.year <= 2200:
        raise ValueError("must lie between 2000 and 2200")
    return day


Body = Annotated[str, Field(min_length=1, max_length=LONGEST_BODY), AfterValidator(_text)]
Keywords = Annotated[str, Field(max_length=300), AfterValidator(_keywords)]
Category = Annotated[str, Field(max_length=40), AfterValidator(_category)]
Day = Annotated[dt.date, AfterValidator(_near)]
Reason = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_text)]


class Text(BaseModel):
    """A text of an article; it waits for somebody else's approval."""

    title: Plain
    body: Body
    keywords: Keywords = ""
    good_until: Day | None = None


class ArticleIn(Text):
    """A new article; `unit_id` is left out for the writer's own unit."""

    category: Category | None = None
    unit_id: Id | None = None


class NewText(Text):
    """A new text of an article read at `version`."""

    version: Version


class Decision(BaseModel):
    """What is decided on the text with this number, and why."""

    version: Version
    reason: Reason


class ArticleView(BaseModel):
    """An article as agents find it; without `title` nothing of it is approved yet."""

    id: int
    unit_id: int | None
    category: str | None
    standing: Standing
    title: str | None
    body: str | None
    keywords: str | None
    good_until: dt.date | None
    approved_at: dt.datetime | None
    version: int
    uses: int
    updated_at: dt.datetime


class RevisionView(BaseModel):
    """One text of an article and what was decided on it."""

    number: int
    title: str
    body: str
    keywords: str
    good_until: dt.date | None
    written_by: str
    written_at: dt.datetime
    approved: bool | None
    decided_by: str | None
    decided_at: dt.datetime | None
    reason: str | None


class ArticlePage(BaseModel):
    """Some articles; `next_cursor` asks for the ones after them."""

    items: list[ArticleView]
    next_cursor: str | None


class WholeArticle(ArticleView):
    """An article with all its texts, newest first."""

    revisions: list[RevisionView]


def article_view(article: Article) -> ArticleView:
    """Show an article."""
    names = ArticleView.model_fields.keys()
    return ArticleView.model_validate({name: getattr(article, name) for name in names})


def whole_view(article: Article, revisions: list[Revision]) -> WholeArticle:
    """Show an article with its texts."""
    names = RevisionView.model_fields.keys()
    texts = [{name: getattr(one, name) for name in names} for one in revisions]
    return WholeArticle.model_validate({**article_view(article).model_dump(), "revisions": texts})
