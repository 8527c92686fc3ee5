"""Alarms over HTTP: the list, one, and taking it."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from backend.alarms import service
from backend.alarms.schemas import Acknowledgement, AlarmPage, AlarmView, alarm_view
from backend.auth import Identity, Right, require
from backend.calls.entries import clean
from backend.database import Reading, Writing
from backend.errors import document
from backend.people.access import desk_of

router = APIRouter(prefix="/api/alarms", tags=["alarms"])
Reader = Annotated[Identity, Depends(require(Right.SEE_ALARMS))]
Taker = Annotated[Identity, Depends(require(Right.ACKNOWLEDGE_ALARMS))]


@router.get("", responses=document(403, 404))
async def alarms(
    reader: Reader,
    session: Reading,
    waiting: Annotated[bool, Query(description="only those nobody has taken")] = False,
    before: Annotated[uuid.UUID | None, Query(description="`next_before` of a page")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> AlarmPage:
    """List alarms, newest first."""
    last = await service.find(session, before) if before else None
    found = await service.page(session, last, limit + 1, waiting=waiting)
    shown = found[:limit]
    told = await service.deliveries(session, [one.id for one in shown])
    return AlarmPage(
        items=[alarm_view(one, told) for one in shown],
        next_before=shown[-1].id if len(found) > limit else None,
    )


@router.get("/{alarm_id}", responses=document(403, 404))
async def alarm(reader: Reader, session: Reading, alarm_id: uuid.UUID) -> AlarmView:
    """Return one alarm."""
    found = await service.find(session, alarm_id)
    return alarm_view(found, await service.deliveries(session, [found.id]))


@router.post("/{alarm_id}/acknowledge", responses=document(403, 404))
async def acknowledge(
    request: Request, taker: Taker, session: Writing, alarm_id: uuid.UUID, sent: Acknowledgement
) -> AlarmView:
    """Take an alarm: the duty list is rung no further. The first one who takes it stays named."""
    taken = await service.acknowledge(
        session,
        alarm_id,
        actor=taker.actor,
        note=clean(sent.note),
        now=desk_of(request).now(),
    )
    return alarm_view(taken, await service.deliveries(session, [taken.id]))
