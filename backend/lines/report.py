"""Brings what the dialplan noted of a call's legs into its journal."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.calls import service as calls
from backend.calls.entries import Entry, Kind
from backend.jobs.models import Job
from backend.jobs.service import JobKind
from backend.lines import legs as notes
from backend.lines.due import ask_for
from backend.privacy import Seal
from backend.reception.service import take_in


async def report_legs(session: AsyncSession, media: Path, call_id: uuid.UUID, seal: Seal) -> None:
    """Add to the call's emergencies what only its legs tell; doing it again changes nothing."""
    legs = notes.read_legs(media, call_id)
    services = {leg.service for leg in legs if leg.service and leg.moment == "dialled"}
    now = datetime.now(UTC)
    for service in sorted(services):
        picture = await calls.picture_of(session, call_id, seal)
        known = [one for one in picture.emergencies if one.service == service]
        found = notes.with_legs(known[-1] if known else None, legs, service)
        if found is not None:
            told = sha256(found.model_dump_json().encode()).hexdigest()
            name = uuid.uuid5(call_id, f"legs:{told}")
            entry = Entry(name, call_id, Kind.EMERGENCY, now, found)
            await take_in(session, [entry], seal, now)


async def rescue(session: AsyncSession, media: Path, call_id: uuid.UUID, seal: Seal) -> None:
    """Have a caller called back whose line ended unserved, though nothing else reports it."""
    service = notes.cut_off(notes.read_legs(media, call_id))
    if service is not None:
        now = datetime.now(UTC)
        await calls.lock(session, [call_id], now)
        await report_legs(session, media, call_id, seal)
        await ask_for(session, call_id, service, now)


def left_behind(media: Path, call_ids: list[uuid.UUID]) -> list[uuid.UUID]:
    """Name the calls whose legs tell of a caller who left unserved."""
    return [one for one in call_ids if notes.cut_off(notes.read_legs(media, one))]


def line_ended(media: Path, call_id: uuid.UUID) -> bool:
    """Tell whether the legs say that the caller's line has ended, or say nothing of the call.

    A line that only call control saw end may have gone down with the exchange: started again, it
    notes so.
    """
    legs = notes.read_legs(media, call_id)
    return not legs or notes.left(legs)


async def clear(session: AsyncSession, media: Path, call_id: uuid.UUID) -> bool:
    """Tell whether nothing will be noted of the call any more: its notes may go."""
    key = f"{JobKind.CALL_BACK}:{call_id}"
    query = select(Job.id).where(Job.key == key, Job.done_at.is_(None))
    return await session.scalar(query) is None


def forget(media: Path, call_id: uuid.UUID) -> None:
    """Remove the notes of a call's legs, and what was said to the far side."""
    notes.path_of(media, call_id).unlink(missing_ok=True)
    for ending in ("wav", "expected"):
        (media / "speech" / f"whisper-{call_id}.{ending}").unlink(missing_ok=True)
