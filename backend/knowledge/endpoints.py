"""Knowledge over HTTP: find it, write it, decide on it (Art. 28)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request

from backend.database import Reading, Writing
from backend.deadlines import in_shanghai
from backend.errors import document
from backend.knowledge import service
from backend.knowledge.models import Standing
from backend.knowledge.schemas import (
    ArticleIn,
    ArticlePage,
    ArticleView,
    Decision,
    NewText,
    WholeArticle,
    article_view,
    whole_view,
)
from backend.people.access import desk_of, require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.units import cursors
from backend.units.cursors import CursorText, Limit
from backend.units.schemas import Id

router = APIRouter(prefix="/api/knowledge", tags=["knowledge"])
Writer = Annotated[Identity, Depends(require(Right.WRITE_KNOWLEDGE))]
Approver = Annotated[Identity, Depends(require(Right.APPROVE_KNOWLEDGE))]
ArticleId = Annotated[Id, Path()]
Words = Annotated[str, Query(max_length=500, description="words as the caller said them")]


@router.get("", responses=document(403))
async def find(
    request: Request, reader: Writer, session: Reading, q: Words = "", limit: Limit = 10
) -> list[ArticleView]:
    """Find approved knowledge, the best fit first."""
    today = in_shanghai(desk_of(request).now()).date()
    return [article_view(one) for one in await service.find(session, q, today, limit)]


@router.get("/desk", responses=document(403))
async def desk(
    writer: Writer,
    session: Reading,
    standing: Standing | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 50,
) -> ArticlePage:
    """List what one works on, newest first, approved or not."""
    before = cursors.unwrap_id("k", cursor)
    found = await service.page(session, writer, before, limit + 1, standing)
    more = cursors.wrap("k", str(found[limit - 1].id)) if len(found) > limit else None
    return ArticlePage(items=[article_view(one) for one in found[:limit]], next_cursor=more)


@router.post("", status_code=201, responses=document(403, 404))
async def write(request: Request, writer: Writer, session: Writing, sent: ArticleIn) -> ArticleView:
    """Write an article; it waits for its approval."""
    return article_view(await service.write(session, writer, sent, desk_of(request).now()))


@router.get("/{article_id}", responses=document(403, 404))
async def article(
    request: Request, reader: Writer, session: Reading, article_id: ArticleId
) -> WholeArticle:
    """Return one article; all its texts only to those who work on it."""
    today = in_shanghai(desk_of(request).now()).date()
    return whole_view(*await service.whole(session, reader, article_id, today))


@router.put("/{article_id}", responses=document(403, 404, 409))
async def rewrite(
    request: Request, writer: Writer, session: Writing, article_id: ArticleId, sent: NewText
) -> ArticleView:
    """Give an article a new text; it waits for its approval."""
    now = desk_of(request).now()
    return article_view(await service.rewrite(session, writer, article_id, sent, now))


@router.post("/{article_id}/approve", responses=document(403, 404, 409))
async def approve(
    request: Request, approver: Approver, session: Writing, article_id: ArticleId, sent: Decision
) -> ArticleView:
    """Approve the text that waits; not one's own."""
    now = desk_of(request).now()
    return article_view(await service.approve(session, approver, article_id, sent, now))


@router.post("/{article_id}/refuse", responses=document(403, 404, 409))
async def refuse(
    request: Request, approver: Approver, session: Writing, article_id: ArticleId, sent: Decision
) -> ArticleView:
    """Refuse the text that waits, for a reason."""
    now = desk_of(request).now()
    return article_view(await service.refuse(session, approver, article_id, sent, now))


@router.post("/{article_id}/withdraw", responses=document(403, 404, 409))
async def withdraw(
    request: Request, approver: Approver, session: Writing, article_id: ArticleId, sent: Decision
) -> ArticleView:
    """Take an article away, for a reason."""
    now = desk_of(request).now()
    return article_view(await service.withdraw(session, approver, article_id, sent, now))


@router.post("/{article_id}/used", status_code=204, responses=document(403, 404))
async def used(request: Request, reader: Writer, session: Writing, article_id: ArticleId) -> None:
    """Count that a caller was answered with it."""
    await service.used(session, article_id, in_shanghai(desk_of(request).now()).date())
