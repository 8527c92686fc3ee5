"""Risk warnings over HTTP (Art. 31)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel

from backend.database import Reading, Writing
from backend.dispatch.schemas import Words
from backend.errors import document
from backend.people.access import desk_of, require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.units import cursors
from backend.units import service as units
from backend.units.cursors import CursorText, Limit
from backend.units.schemas import District, Id, Plain
from backend.warnings import service
from backend.warnings.models import RiskWarning

router = APIRouter(prefix="/api/warnings", tags=["warnings"])
Reader = Annotated[Identity, Depends(require(Right.SEE_TICKETS))]
Warner = Annotated[Identity, Depends(require(Right.WARN))]
Handler = Annotated[Identity, Depends(require(Right.HANDLE))]


class WarningIn(BaseModel):
    """Whom to warn, and of what."""

    unit_id: Id
    category: Plain
    district: District | None = None
    what: Words


class WarningAnswer(BaseModel):
    """What the unit has done."""

    answer: Words


class WarningView(BaseModel):
    """One warning with its answer."""

    id: int
    unit_id: int | None
    category: str
    district: str | None
    what: str
    facts: dict[str, Any]
    at: dt.datetime
    answered_at: dt.datetime | None
    answer: str | None


class WarningPage(BaseModel):
    """Some warnings, newest first."""

    items: list[WarningView]
    next_cursor: str | None


@router.get("", responses=document(403))
async def warnings(
    asker: Reader, session: Reading, cursor: CursorText | None = None, limit: Limit = 50
) -> WarningPage:
    """List risk warnings: the hotline sees all, a unit its own."""
    before = cursors.unwrap_id("r", cursor)
    found = await service.page(session, asker, before, limit + 1)
    more = cursors.wrap("r", str(found[limit - 1].id)) if len(found) > limit else None
    return WarningPage(items=[_view(one) for one in found[:limit]], next_cursor=more)


@router.post("", status_code=201, responses=document(403, 404))
async def warn(request: Request, asker: Warner, session: Writing, sent: WarningIn) -> WarningView:
    """Warn a unit of what may become an emergency 风险预警."""
    unit = await units.find(session, sent.unit_id)
    made = await service.warn(
        session,
        f"person:{uuid.uuid4()}",
        unit_id=unit.id,
        category=sent.category[:40],
        district=sent.district,
        what=sent.what,
        facts={},
        actor=asker.actor,
        at=desk_of(request).now(),
    )
    assert made
    return _view(made)


@router.post("/{warning_id}/answer", responses=document(403, 404, 409))
async def answer(
    request: Request,
    asker: Handler,
    session: Writing,
    warning_id: Annotated[Id, Path()],
    sent: WarningAnswer,
) -> WarningView:
    """Say as the warned unit what was done."""
    now = desk_of(request).now()
    return _view(await service.answer(session, asker, warning_id, sent.answer, now))


def _view(one: RiskWarning) -> WarningView:
    return WarningView(**{name: getattr(one, name) for name in WarningView.model_fields})
