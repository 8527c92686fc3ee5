"""Reports how a service that an agent called for is being reached, while the call goes on."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import Database
from backend.jobs import service as jobs
from backend.jobs.models import Job
from backend.jobs.service import JobKind
from backend.lines import legs as notes
from backend.lines.report import report_legs
from backend.privacy import Seal

LOOK_SECONDS = 1.0
MOST_SECONDS = 90.0
"""After so long every route has been rung."""


async def ask_for_report(
    session: AsyncSession, call_id: uuid.UUID, service: str, now: dt.datetime
) -> None:
    """Have the legs of a call looked at until the service has the caller."""
    data = {"call_id": str(call_id), "service": service, "since": now.timestamp()}
    due_at = now + dt.timedelta(seconds=LOOK_SECONDS)
    await jobs.ask_again(session, JobKind.LEGS, f"{call_id}:{service}", data, due_at)


async def look(job: Job, worker: str, database: Database, media: Path, seal: Seal) -> None:
    """Report what the legs tell now; look again until the service has the caller."""
    call_id, now = uuid.UUID(job.data["call_id"]), dt.datetime.now(dt.UTC)
    met = notes.met_at(notes.read_legs(media, call_id), job.data["service"])
    late = now.timestamp() - float(job.data["since"]) > MOST_SECONDS
    async with database.transaction() as session:
        await report_legs(session, media, call_id, seal)
        if met or late:
            await jobs.finish(session, job, worker, now)
        else:
            due_at = now + dt.timedelta(seconds=LOOK_SECONDS)
            await jobs.postpone(session, job, worker, due_at, None)
