"""Calls at rest that were never archived: from before the archive, or whose job was lost."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.archive.models import ArchivedCall
from backend.archive.settings import ArchiveSettings
from backend.calls.models import Call
from backend.jobs import service as jobs
from backend.jobs.service import JobKind

MOST = 500
"""So many are asked for in a round; the next one goes on."""


async def ask(session: AsyncSession, settings: ArchiveSettings, now: dt.datetime) -> int:
    """Have every call archived that is over, has its words, and is not; return how many."""
    rested = now - dt.timedelta(seconds=settings.seal_after_seconds)
    kept = select(ArchivedCall.call_id).where(ArchivedCall.call_id == Call.id).exists()
    query = (
        select(Call.id)
        .where(Call.outcome.is_not(None), Call.pending == 0, Call.received_at < rested, ~kept)
        .order_by(Call.opened_at, Call.id)
        .limit(MOST)
    )
    found = (await session.scalars(query)).all()
    for call_id in found:
        data = {"call_id": str(call_id)}
        await jobs.ask_again(session, JobKind.ARCHIVE, str(call_id), data, now)
    return len(found)
