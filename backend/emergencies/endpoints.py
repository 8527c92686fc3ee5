"""Emergencies over HTTP: the log with its reviews, one packet, and what agents must still do."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.auth import Identity, Right, require
from backend.calls.entries import clean
from backend.database import Reading, Writing
from backend.emergencies import notices, tasks
from backend.emergencies.models import EmergencyNotice
from backend.emergencies.packet import packet_of
from backend.emergencies.schemas import (
    Done,
    NoticePage,
    NoticeView,
    Packet,
    Review,
    TaskList,
    TaskView,
    notice_view,
    task_view,
)
from backend.errors import Invalid, document
from backend.people.access import desk_of
from backend.people.callers import sees_plain
from backend.privacy import Seal
from backend.tickets.models import Ticket

router = APIRouter(prefix="/api/emergencies", tags=["emergencies"])
Reader = Annotated[Identity, Depends(require(Right.SEE_CALLS))]
Reviewer = Annotated[Identity, Depends(require(Right.REVIEW_EMERGENCIES))]
Agent = Annotated[Identity, Depends(require(Right.HAND_TO_EMERGENCY))]


@router.get("", responses=document(403))
async def emergencies(
    request: Request,
    reader: Reader,
    session: Reading,
    reviewed: Annotated[bool | None, Query(description="only reviewed ones, or the others")] = None,
    before: Annotated[uuid.UUID | None, Query(description="`next_before` of a page")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> NoticePage:
    """List the calls in which danger was noticed, newest first: certain, doubtful, or by a key."""
    last = await notices.find(session, before) if before else None
    if before and last is None:
        raise Invalid(
            "wrong_cursor",
            "before: no such call in the list",
            field="before",
            remedy="leave it out for the first page, then send next_before unchanged",
        )
    found = await notices.page(session, last, limit + 1, reviewed=reviewed)
    shown = found[:limit]
    numbers = await _numbers(session, shown)
    seal: Seal = request.app.state.seal
    return NoticePage(
        items=[notice_view(one, numbers.get(one.ticket_id or 0), seal) for one in shown],
        next_before=shown[-1].call_id if len(found) > limit else None,
    )


@router.get("/tasks", responses=document(403))
async def open_tasks(
    agent: Agent, session: Reading, limit: Annotated[int, Query(ge=1, le=200)] = 100
) -> TaskList:
    """List the second services that agents must still tell, oldest first."""
    found = await tasks.waiting(session, limit)
    return TaskList(items=[task_view(one, number) for one, number in found])


@router.post("/tasks/{task_id}/done", responses=document(403, 404, 409))
async def task_done(
    request: Request,
    agent: Agent,
    session: Writing,
    task_id: Annotated[int, Path(ge=1, le=2**62)],
    sent: Done,
) -> TaskView:
    """Say that the second service was told, or why not; the ticket's history keeps it."""
    now = desk_of(request).now()
    done = await tasks.finish(session, task_id, sent.result, agent.actor, clean(sent.note), now)
    ticket = await session.get_one(Ticket, done.ticket_id)
    return task_view(done, ticket.number)


@router.get("/{call_id}", responses=document(403, 404))
async def emergency(
    request: Request, reader: Reader, session: Reading, call_id: uuid.UUID
) -> Packet:
    """Return everything of one emergency: who, where, what was said, who was reached when."""
    return await packet_of(session, call_id, request.app.state.seal, numbers=sees_plain(reader))


@router.post("/{call_id}/review", responses=document(403, 404))
async def review(
    request: Request, reviewer: Reviewer, session: Writing, call_id: uuid.UUID, sent: Review
) -> NoticeView:
    """Judge whether it was an emergency; each review becomes a labelled case for the detector."""
    seal: Seal = request.app.state.seal
    row = await notices.judge(
        session,
        call_id,
        sent.verdict,
        sent.right_service,
        critical=sent.critical,
        note=clean(sent.note),
        actor=reviewer.actor,
        seal=seal,
        now=desk_of(request).now(),
    )
    return notice_view(row, (await _numbers(session, [row])).get(row.ticket_id or 0), seal)


async def _numbers(session: AsyncSession, rows: Iterable[EmergencyNotice]) -> dict[int, str]:
    ids = [one.ticket_id for one in rows if one.ticket_id]
    query = select(Ticket.id, Ticket.number).where(Ticket.id.in_(ids))
    return {one: number for one, number in (await session.execute(query)).all()}
