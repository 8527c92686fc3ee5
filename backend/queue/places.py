"""Places kept for callers who would rather be called back 保留排队位置: in the order of arrival."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.calls.fold import Picture
from backend.calls.models import Call
from backend.database import insert_into, tell
from backend.queue.models import KeptPlace, QueueWait

KEPT = "place_kept"
"""What the call script reports of the step in which the caller was promised a call back."""


def asked_at(picture: Picture) -> dt.datetime | None:
    """Return when the caller asked to be called back, or None."""
    return next((at for at, step in picture.steps if step.reply == KEPT), None)


async def follow(session: AsyncSession, call: Call, picture: Picture) -> None:
    """Keep the place of a caller who asked for it; told twice, it is kept once."""
    asked = asked_at(picture)
    if asked is None:
        return
    arrived = await arrived_at(session, call.id) or asked
    row = insert_into(session, KeptPlace).values(
        call_id=call.id, arrived_at=arrived, asked_at=asked
    )
    await session.execute(row.on_conflict_do_nothing())
    tell(session, "queue.left", call_id=str(call.id))


async def arrived_at(session: AsyncSession, call_id: uuid.UUID) -> dt.datetime | None:
    """Return when a caller first joined the queue, as far as the queue's watch has told."""
    query = select(func.min(QueueWait.joined_at)).where(QueueWait.call_id == call_id)
    found: dt.datetime | None = await session.scalar(query)
    return found
