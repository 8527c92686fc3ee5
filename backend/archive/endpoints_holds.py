"""Orders to keep over HTTP (Art. 27)."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, Field

from backend.archive import holds
from backend.archive.models import LegalHold
from backend.auth import Identity, Right, require
from backend.database import Reading, Writing
from backend.errors import document
from backend.people.access import desk_of
from backend.people.looks import LONGEST_REASON
from backend.units import cursors
from backend.units.cursors import CursorText, Limit
from backend.units.schemas import Id

router = APIRouter(prefix="/api/legal-holds", tags=["archive"])
Keeper = Annotated[Identity, Depends(require(Right.HOLD))]
Reason = Annotated[str, Field(max_length=LONGEST_REASON)]


class HoldIn(BaseModel):
    """What is to be kept: `ticket:2611230042`, or `call:` and the call's id."""

    subject: Annotated[str, Field(pattern=r"^(ticket:[0-9]{10,11}|call:[0-9a-f-]{36})$")]
    reason: Reason


class Lift(BaseModel):
    """Why an order ends."""

    reason: Reason


class HoldView(BaseModel):
    """An order to keep; while `lifted_at` is null nothing of its subject is removed."""

    id: int
    subject: str
    reason: str
    placed_by: str
    placed_at: dt.datetime
    lifted_by: str | None
    lifted_at: dt.datetime | None
    lifted_why: str | None


class HoldPage(BaseModel):
    """Some orders, the newest first."""

    items: list[HoldView]
    next_cursor: str | None


@router.get("", responses=document(403))
async def listed(
    keeper: Keeper, session: Reading, cursor: CursorText | None = None, limit: Limit = 50
) -> HoldPage:
    """List orders to keep."""
    found = await holds.page(session, cursors.unwrap_id("h", cursor), limit + 1)
    more = cursors.wrap("h", str(found[limit - 1].id)) if len(found) > limit else None
    return HoldPage(items=[_view(one) for one in found[:limit]], next_cursor=more)


@router.post("", status_code=201, responses=document(403, 404))
async def place(request: Request, keeper: Keeper, session: Writing, sent: HoldIn) -> HoldView:
    """Order that the recordings of a call or ticket be kept beyond their time."""
    now = desk_of(request).now()
    return _view(await holds.place(session, sent.subject, sent.reason, actor=keeper.actor, now=now))


@router.post("/{hold_id}/lift", responses=document(403, 404, 409))
async def lift(
    request: Request,
    keeper: Keeper,
    session: Writing,
    hold_id: Annotated[Id, Path()],
    sent: Lift,
) -> HoldView:
    """End an order to keep."""
    now = desk_of(request).now()
    return _view(await holds.lift(session, hold_id, sent.reason, actor=keeper.actor, now=now))


def _view(row: LegalHold) -> HoldView:
    return HoldView.model_validate(row, from_attributes=True)
