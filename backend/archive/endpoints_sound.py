"""Recordings over HTTP: a look is recorded, then the sound can be played for a while."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from pydantic import BaseModel, Field

from backend.archive import listening
from backend.archive.listening import Permit
from backend.archive.ranges import answer
from backend.archive.shelf import shelf_of
from backend.auth import Identity, Right, require
from backend.calls.entries import clean
from backend.database import Reading, Writing
from backend.errors import document
from backend.people.access import desk_of
from backend.people.looks import LONGEST_REASON
from backend.privacy import Seal

router = APIRouter(prefix="/api", tags=["calls"])
Listener = Annotated[Identity, Depends(require(Right.HEAR_RECORDINGS))]
Seconds = Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)]
SOUND = {"content": {"audio/wav": {"schema": {"type": "string", "format": "binary"}}}}


class Listen(BaseModel):
    """What is to be heard, and why: an utterance, a file, or the whole call with both sides."""

    reason: Annotated[str, Field(max_length=LONGEST_REASON)]
    listen_id: Annotated[str, Field(max_length=200)] | None = None
    file: Annotated[str, Field(max_length=300)] | None = None
    from_seconds: Seconds = 0
    to_seconds: Seconds | None = None


class Listening(BaseModel):
    """Where the sound is until `until`; `entry` is the line of the record that tells of it."""

    url: str
    seconds: float
    channels: int
    until: dt.datetime
    entry: int


@router.post("/recordings/{call_id}/listening", responses=document(403, 404))
async def listen(
    request: Request, listener: Listener, session: Writing, call_id: uuid.UUID, sent: Listen
) -> Listening:
    """Record who hears a call and why, and give the address of a WAV that a player can fetch."""
    listening.check_times(sent.from_seconds, sent.to_seconds)
    now, shelf = desk_of(request).now(), shelf_of(request)
    entry = await listening.record_look(session, listener, call_id, sent.reason, now)
    named = [clean(one) if one else None for one in (sent.file, sent.listen_id)]
    files = await listening.files_of(session, call_id, *named)
    until = now + dt.timedelta(seconds=shelf.settings.listening_seconds)
    permit = Permit(listener.actor, files, sent.from_seconds, sent.to_seconds, until.timestamp())
    wav = await listening.wav_of(session, permit, shelf)
    seal: Seal = request.app.state.seal
    return Listening(
        url=f"/api/sound/{permit.closed(seal)}",
        seconds=round(wav.seconds, 3),
        channels=wav.channels,
        until=until,
        entry=entry,
    )


@router.get(
    "/sound/{permit}",
    response_class=Response,
    responses={**document(403, 404, 416), 200: SOUND, 206: SOUND},
)
async def sound(
    request: Request,
    listener: Listener,
    session: Reading,
    permit: Annotated[str, Path(max_length=4000)],
    asked: Annotated[str | None, Header(alias="Range", max_length=100)] = None,
) -> Response:
    """Play what a permit names as a WAV; a part of it for a Range header."""
    seal: Seal = request.app.state.seal
    held = Permit.opened(permit, seal)
    listening.check_holder(held, listener, desk_of(request).now())
    wav = await listening.wav_of(session, held, shelf_of(request))
    return answer(wav, asked, "audio/wav")
