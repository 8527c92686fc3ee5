"""Who must be called back at once 紧急回拨: a caller in danger who left before being served."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy.ext.asyncio import AsyncSession

from backend.calls.entries import Emergency, Outcome
from backend.calls.fold import Picture
from backend.calls.handover import reached
from backend.calls.models import Call
from backend.jobs.service import JobKind, ask

TOLD = ("dial_yourself", "dial_the_services")
"""Steps that tell the caller to hang up and dial: their line must stay free for that."""


def left_in_danger(picture: Picture) -> Emergency | None:
    """Return the emergency in which the caller hung up unserved, or None."""
    if picture.outcome is not Outcome.HUNG_UP or not picture.emergencies:
        return None
    if any(reached(one) for one in picture.emergencies):
        return None
    last = picture.path[-1].rpartition(".")[2] if picture.path else ""
    return None if last in TOLD else picture.emergencies[-1]


async def follow(session: AsyncSession, call: Call, picture: Picture, now: dt.datetime) -> None:
    """Have the caller called back if they are due it; asked twice, it is done once."""
    one = left_in_danger(picture)
    if one is not None:
        # One who was only asked about danger chooses the service when they are called back.
        await ask_for(session, call.id, one.service if one.attempts else None, now)


async def ask_for(
    session: AsyncSession, call_id: uuid.UUID, service: str | None, now: dt.datetime
) -> None:
    """Write down that a caller is due a call, at once."""
    data = {"call_id": str(call_id), "service": service or "", "turn": 0}
    await ask(session, JobKind.CALL_BACK, str(call_id), data, now)
