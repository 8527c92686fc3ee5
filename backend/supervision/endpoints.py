"""Supervision over HTTP (Art. 24): open, answer, raise, release; and what is late."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request

from backend.database import Reading, Writing
from backend.dispatch.act import seen
from backend.dispatch.web import calendar_of
from backend.errors import document
from backend.people.access import desk_of, require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.supervision import queries, service
from backend.supervision.clauses import Clause, Standing
from backend.supervision.lateness import What
from backend.supervision.models import Supervision
from backend.supervision.schemas import (
    Answered,
    Raised,
    Released,
    ReminderPage,
    SupervisionIn,
    SupervisionPage,
    SupervisionView,
)
from backend.units import cursors
from backend.units import service as units
from backend.units.cursors import CursorText, Limit
from backend.units.schemas import Id

router = APIRouter(prefix="/api", tags=["supervision"])
Reader = Annotated[Identity, Depends(require(Right.SEE_TICKETS))]
Supervisor = Annotated[Identity, Depends(require(Right.SUPERVISE))]
Handler = Annotated[Identity, Depends(require(Right.HANDLE))]
CaseId = Annotated[Id, Path()]
ERRORS = document(403, 404, 409)


@router.get("/supervisions", responses=document(403))
async def supervisions(
    request: Request,
    asker: Reader,
    session: Reading,
    state: Standing | None = None,
    clause: Clause | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 50,
) -> SupervisionPage:
    """List matters under supervision 督办件."""
    found = await queries.page(
        session,
        asker.sight,
        state=state,
        clause=clause,
        before=cursors.unwrap_id("v", cursor),
        limit=limit + 1,
    )
    more = cursors.wrap("v", str(found[limit - 1].id)) if len(found) > limit else None
    shown = await queries.views(session, found[:limit], desk_of(request).now())
    return SupervisionPage(items=shown, next_cursor=more)


@router.post("/supervisions", status_code=201, responses=ERRORS)
async def supervise(
    request: Request, asker: Supervisor, session: Writing, sent: SupervisionIn
) -> SupervisionView:
    """Put tickets under supervision, by a case of Art. 24 and with the reason."""
    if sent.unit_id is not None:
        await units.find(session, sent.unit_id)
    tickets = [await seen(session, asker, one, locked=True) for one in sorted(set(sent.tickets))]
    made = await service.open_case(
        session,
        f"person:{uuid.uuid4()}",
        sent.clause,
        tickets,
        reason=sent.reason,
        facts={},
        at=desk_of(request).now(),
        calendar=calendar_of(request),
        actor=asker.actor,
        level=sent.level,
        unit_id=sent.unit_id,
    )
    assert made
    return await _shown(request, session, made)


@router.post("/supervisions/{supervision_id}/answer", responses=ERRORS)
async def answer(
    request: Request, asker: Handler, session: Writing, supervision_id: CaseId, sent: Answered
) -> SupervisionView:
    """Answer as the supervised unit: what was done."""
    now = desk_of(request).now()
    kept = await service.answer(session, asker, supervision_id, sent.version, sent.answer, now)
    return await _shown(request, session, kept)


@router.post("/supervisions/{supervision_id}/raise", responses=ERRORS)
async def raise_level(
    request: Request, asker: Supervisor, session: Writing, supervision_id: CaseId, sent: Raised
) -> SupervisionView:
    """Raise a matter to the next level, with the reason and a shorter time."""
    kept = await service.raise_level(
        session,
        supervision_id,
        sent.version,
        sent.reason,
        actor=asker.actor,
        at=desk_of(request).now(),
        calendar=calendar_of(request),
    )
    return await _shown(request, session, kept)


@router.post("/supervisions/{supervision_id}/release", responses=ERRORS)
async def release(
    request: Request, asker: Supervisor, session: Writing, supervision_id: CaseId, sent: Released
) -> SupervisionView:
    """Release a matter 解除督办, with the reason."""
    now = desk_of(request).now()
    kept = await service.release(session, asker, supervision_id, sent.version, sent.reason, now)
    return await _shown(request, session, kept)


@router.get("/reminders", responses=document(403))
async def reminders(
    asker: Reader,
    session: Reading,
    kind: What | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 50,
) -> ReminderPage:
    """List what is late or nearly so: to be done, signed, decided or reviewed."""
    before = cursors.unwrap_id("m", cursor)
    found = await queries.reminders(session, asker.sight, kind=kind, before=before, limit=limit + 1)
    more = cursors.wrap("m", str(found[limit - 1].id)) if len(found) > limit else None
    return ReminderPage(items=found[:limit], next_cursor=more)


async def _shown(request: Request, session: Writing, row: Supervision) -> SupervisionView:
    return (await queries.views(session, [row], desk_of(request).now()))[0]
