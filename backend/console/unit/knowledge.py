"""The knowledge base as pages (Art. 28): find, write, approve."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Query, Request
from fastapi.responses import HTMLResponse, Response

from backend.console.doors import console_router
from backend.console.forms import form
from backend.console.pages import back_to, page
from backend.console.unit.history import names
from backend.database import Reading, Writing
from backend.deadlines import in_shanghai
from backend.intake import urgency
from backend.knowledge import endpoints as api
from backend.knowledge import service
from backend.knowledge.models import Standing
from backend.knowledge.schemas import ArticleIn, Decision, NewText
from backend.people.access import desk_of, require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.units.schemas import Id

router = console_router()
HERE, MOST = "/console/knowledge", 100
Writer = Annotated[Identity, Depends(require(Right.WRITE_KNOWLEDGE))]
Approver = Annotated[Identity, Depends(require(Right.APPROVE_KNOWLEDGE))]
ArticleId = Annotated[Id, Path()]
Words = Annotated[str, Query(max_length=200)]


@router.get("/knowledge")
async def find(
    request: Request,
    writer: Writer,
    session: Reading,
    q: Words = "",
    standing: Standing | None = None,
) -> HTMLResponse:
    """Find approved knowledge by words, or list what one works on by how far it is."""
    today = in_shanghai(desk_of(request).now()).date()
    if standing is None:
        found = await service.find(session, q.replace("\x00", ""), today, MOST)
    else:
        found = list(await service.page(session, writer, None, MOST, standing))
    texts = await service.newest_texts(session, found)
    return page(
        request,
        "knowledge/list.html",
        articles=found,
        texts=texts,
        q=q,
        standing=standing,
        standings=list(Standing),
        categories=list(urgency.usual()),
    )


@router.post("/knowledge")
async def write(
    request: Request,
    writer: Writer,
    sent: Annotated[ArticleIn, Depends(form(ArticleIn))],
    session: Writing,
) -> Response:
    """Write an article; it waits for its approval."""
    made = await api.write(request, writer, session, sent)
    return back_to(request, f"{HERE}/{made.id}", "已提交，等待他人审核。")


@router.get("/knowledge/{article_id}")
async def article(
    request: Request, writer: Writer, session: Reading, article_id: ArticleId
) -> HTMLResponse:
    """Show one article, and to those who work on it all its texts."""
    today = in_shanghai(desk_of(request).now()).date()
    found, texts = await service.whole(session, writer, article_id, today)
    return page(
        request,
        "knowledge/article.html",
        article=found,
        texts=texts,
        standing=Standing(found.standing),
        people=await names(session, (one.written_by for one in texts)),
    )


@router.post("/knowledge/{article_id}")
async def rewrite(
    request: Request,
    writer: Writer,
    sent: Annotated[NewText, Depends(form(NewText))],
    session: Writing,
    article_id: ArticleId,
) -> Response:
    """Give an article a new text."""
    await api.rewrite(request, writer, session, article_id, sent)
    return back_to(request, f"{HERE}/{article_id}", "已提交，等待他人审核。")


@router.post("/knowledge/{article_id}/approve")
async def approve(
    request: Request,
    approver: Approver,
    sent: Annotated[Decision, Depends(form(Decision))],
    session: Writing,
    article_id: ArticleId,
) -> Response:
    """Approve the text that waits."""
    await api.approve(request, approver, session, article_id, sent)
    return back_to(request, f"{HERE}/{article_id}", "已发布。")


@router.post("/knowledge/{article_id}/refuse")
async def refuse(
    request: Request,
    approver: Approver,
    sent: Annotated[Decision, Depends(form(Decision))],
    session: Writing,
    article_id: ArticleId,
) -> Response:
    """Refuse the text that waits."""
    await api.refuse(request, approver, session, article_id, sent)
    return back_to(request, f"{HERE}/{article_id}", "已退回修改。")


@router.post("/knowledge/{article_id}/withdraw")
async def withdraw(
    request: Request,
    approver: Approver,
    sent: Annotated[Decision, Depends(form(Decision))],
    session: Writing,
    article_id: ArticleId,
) -> Response:
    """Take an article away."""
    await api.withdraw(request, approver, session, article_id, sent)
    return back_to(request, HERE, "已下架。")
