"""The agent's button: an emergency service joins a call that is under way (Art. 16(5))."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from backend.auth import Identity, Right, require
from backend.calls import service as calls
from backend.calls.entries import Emergency, Entry, Kind
from backend.calls.fold import Picture
from backend.database import Writing
from backend.errors import Away, Conflict, NotFound, document
from backend.lines.control import AmiError, Control
from backend.lines.joined import ask_for_report
from backend.lines.settings import LineSettings
from backend.privacy import Seal
from backend.reception.service import take_in

router = APIRouter(prefix="/api/calls", tags=["emergencies"])
Agent = Annotated[Identity, Depends(require(Right.HAND_TO_EMERGENCY))]


class Wanted(BaseModel):
    """Which service is to join."""

    service: Literal["110", "119", "120", "122"]


class Joining(BaseModel):
    """What was set going."""

    service: str
    joins: bool
    """True: the service joins the talk when it answers. False: the caller, who talked with nobody
    yet, is being connected with it."""


@router.post("/{call_id}/emergency", status_code=202, responses=document(403, 404, 409, 503))
async def emergency(
    request: Request, agent: Agent, session: Writing, call_id: uuid.UUID, wanted: Wanted
) -> Joining:
    """Ring a service for a caller who is on the line; the talk with the agent goes on meanwhile."""
    seal: Seal = request.app.state.seal
    if await calls.find(session, call_id) is None:
        raise NotFound(
            "no_such_call",
            f"nothing is known of call {call_id}",
            field="call_id",
            remedy="a call appears with its first journal entry: ask again in a moment",
        )
    picture = await calls.picture_of(session, call_id, seal)
    try:
        async with Control.open(LineSettings().login) as control:
            joins = await _ring(control, call_id, picture, wanted.service)
    except AmiError as error:
        raise Away(
            "lines_away",
            f"the telephone exchange cannot be told: {error}",
            remedy=f"ring {wanted.service} from your own telephone now, then press again",
        ) from None
    now = dt.datetime.now(dt.UTC)
    told = Emergency(service=wanted.service, source="agent", decided_at=now)
    await take_in(session, [Entry(uuid.uuid4(), call_id, Kind.EMERGENCY, now, told)], seal, now)
    await ask_for_report(session, call_id, wanted.service, now)
    return Joining(service=wanted.service, joins=joins)


async def _ring(control: Control, call_id: uuid.UUID, picture: Picture, service: str) -> bool:
    """Set the ringing going; True if the service joins a talk."""
    opened = picture.opened
    channel = opened.channel if opened and picture.outcome is None else None
    talks = await control.talks(channel) if channel else None
    if channel is None or talks is None:
        raise Conflict(
            "not_on_the_line",
            "the caller of this call is no longer on the line",
            field="call_id",
            remedy="ring the service yourself, and hand the ticket to it",
        )
    if talks:
        citizen = "".join(c for c in (opened.caller or "" if opened else "") if c in "+0123456789")
        await control.join(service, channel, call_id, citizen)
    else:
        await control.send_to(channel, "emergency", service)
    return talks
