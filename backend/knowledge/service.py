"""Write knowledge, decide on it, find it (Art. 28). Who writes a text does not approve it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.errors import Conflict, Forbidden, NotFound
from backend.knowledge import search
from backend.knowledge.models import Article, Revision, Standing
from backend.knowledge.schemas import ArticleIn, Decision, NewText, Text
from backend.people.identity import Identity
from backend.units import service as units
from backend.units import tree
from backend.units.service import refuse_stale

CANDIDATES = 300
"""How many articles with any of the words are weighed against one another."""


async def write(
    session: AsyncSession, writer: Identity, sent: ArticleIn, now: dt.datetime
) -> Article:
    """Write a new article; it is found once it is approved."""
    unit_id = sent.unit_id
    if unit_id is None and writer.sight.path:
        unit_id = tree.ids_in(writer.sight.path)[-1]
    path = (await units.find(session, unit_id, "unit_id")).path if unit_id else None
    if not writer.sight.covers(path):
        raise _not_yours("unit_id")
    article = Article(
        unit_id=unit_id,
        category=sent.category,
        standing=Standing.WAITING.value,
        version=0,
        uses=0,
        updated_at=now,
    )
    session.add(article)
    await session.flush()
    _add_text(session, article, sent, writer, now)
    return article


async def rewrite(
    session: AsyncSession, writer: Identity, article_id: int, sent: NewText, now: dt.datetime
) -> Article:
    """Give an article a new text; the approved one is found until the new one is approved."""
    article = await _held(session, writer, article_id, sent.version)
    _add_text(session, article, sent, writer, now)
    article.standing = Standing.WAITING.value
    return article


async def approve(
    session: AsyncSession, decider: Identity, article_id: int, sent: Decision, now: dt.datetime
) -> Article:
    """Approve the text that waits: it is what agents find from now on."""
    article, text = await _waiting(session, decider, article_id, sent)
    _decide(text, decider, sent, now, approved=True)
    article.title, article.body, article.keywords = text.title, text.body, text.keywords
    article.good_until, article.approved_at = text.good_until, now
    article.standing, article.updated_at = Standing.APPROVED.value, now
    return article


async def refuse(
    session: AsyncSession, decider: Identity, article_id: int, sent: Decision, now: dt.datetime
) -> Article:
    """Refuse the text that waits, for a reason its writer reads."""
    article, text = await _waiting(session, decider, article_id, sent)
    _decide(text, decider, sent, now, approved=False)
    article.standing, article.updated_at = Standing.REFUSED.value, now
    return article


async def withdraw(
    session: AsyncSession, decider: Identity, article_id: int, sent: Decision, now: dt.datetime
) -> Article:
    """Take an article away: what it says is not true any more."""
    article = await _held(session, decider, article_id, sent.version)
    text = await session.get_one(Revision, (article.id, article.version))
    _decide(text, decider, sent, now, approved=False)
    article.standing, article.updated_at = Standing.WITHDRAWN.value, now
    return article


async def used(session: AsyncSession, article_id: int, today: dt.date) -> None:
    """Count that a caller was answered with an article."""
    change = update(Article).where(Article.id == article_id, _found(today))
    done = await session.scalar(change.values(uses=Article.uses + 1).returning(Article.id))
    if done is None:
        raise _none(article_id)


async def find(session: AsyncSession, words: str, today: dt.date, limit: int) -> list[Article]:
    """Return the articles that fit words best; all of them, newest first, for no words."""
    wanted = search.pairs(words)
    query = select(Article).where(_found(today)).order_by(Article.id.desc())
    if not wanted:
        return list(await session.scalars(query.limit(limit if not words.strip() else 0)))
    columns = (Article.title, Article.keywords, Article.body)
    either = [column.icontains(pair, autoescape=True) for pair in wanted for column in columns]
    candidates = await session.scalars(query.where(or_(*either)).limit(CANDIDATES))
    weighed = [
        (search.score(wanted, one.title or "", one.keywords or "", one.body or ""), one)
        for one in candidates
    ]
    weighed.sort(key=lambda pair: (-pair[0], -pair[1].uses, pair[1].id))
    return [one for weight, one in weighed[:limit] if weight > 0]


async def page(
    session: AsyncSession,
    reader: Identity,
    before: int | None,
    limit: int,
    standing: Standing | None = None,
) -> Sequence[Article]:
    """Return what somebody works on, newest first: a unit its own, the hotline everything."""
    query = select(Article).where(reader.sight.condition(Article.unit_id))
    if standing is not None:
        query = query.where(Article.standing == standing.value)
    if before is not None:
        query = query.where(Article.id < before)
    return (await session.scalars(query.order_by(Article.id.desc()).limit(limit))).all()


async def whole(
    session: AsyncSession, reader: Identity, article_id: int, today: dt.date
) -> tuple[Article, list[Revision]]:
    """Return an article with the texts the reader may see: others' only once it is approved."""
    query = select(Article).where(Article.id == article_id)
    own = reader.sight.condition(Article.unit_id)
    article = await session.scalar(query.where(or_(own, _found(today))))
    if article is None:
        raise _none(article_id)
    texts = select(Revision).where(Revision.article_id == article_id)
    if await session.scalar(query.where(own)) is None:
        return article, []
    return article, list(await session.scalars(texts.order_by(Revision.number.desc())))


async def newest_texts(session: AsyncSession, articles: Sequence[Article]) -> dict[int, Revision]:
    """Return the newest text of each article, approved or not."""
    pairs = [(one.id, one.version) for one in articles]
    query = select(Revision).where(tuple_(Revision.article_id, Revision.number).in_(pairs))
    return {one.article_id: one for one in await session.scalars(query)}


def _found(today: dt.date) -> ColumnElement[bool]:
    good = or_(Article.good_until.is_(None), Article.good_until >= today)
    shown = Article.title.is_not(None) & (Article.standing != Standing.WITHDRAWN.value)
    return shown & good


def _add_text(
    session: AsyncSession, article: Article, sent: Text, writer: Identity, now: dt.datetime
) -> None:
    article.version, article.updated_at = article.version + 1, now
    session.add(
        Revision(
            article_id=article.id,
            number=article.version,
            written_by=writer.actor,
            written_at=now,
            **sent.model_dump(include={"title", "body", "keywords", "good_until"}),
        )
    )


def _decide(
    text: Revision, decider: Identity, sent: Decision, now: dt.datetime, *, approved: bool
) -> None:
    text.approved, text.reason = approved, sent.reason
    text.decided_by, text.decided_at = decider.actor, now


async def _held(session: AsyncSession, asker: Identity, article_id: int, version: int) -> Article:
    query = select(Article).where(Article.id == article_id, asker.sight.condition(Article.unit_id))
    held = query.with_for_update().execution_options(populate_existing=True)
    article = await session.scalar(held)
    if article is None:
        raise _none(article_id)
    refuse_stale("article", article.version, version)
    return article


async def _waiting(
    session: AsyncSession, decider: Identity, article_id: int, sent: Decision
) -> tuple[Article, Revision]:
    article = await _held(session, decider, article_id, sent.version)
    text = await session.get_one(Revision, (article.id, article.version))
    if article.standing != Standing.WAITING:
        raise Conflict(
            "nothing_waits",
            f"the article is {article.standing}: no text waits for a decision",
            field="version",
            remedy="write a new text first",
        )
    if text.written_by == decider.actor:
        raise Forbidden(
            "own_text",
            "nobody approves what they wrote themselves",
            field="version",
            remedy="ask somebody else who holds approve_knowledge",
        )
    return article, text


def _none(article_id: int) -> NotFound:
    return NotFound(
        "no_such_article",
        f"there is no article {article_id}",
        field="article_id",
        remedy="GET /api/knowledge finds those there are",
    )


def _not_yours(field: str) -> Forbidden:
    return Forbidden(
        "not_yours",
        "the unit is not the writer's",
        field=field,
        remedy="leave it out: the article is then your own unit's",
    )
