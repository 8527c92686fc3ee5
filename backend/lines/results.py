"""The last line check as its job keeps it, and the wish for another one now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.jobs import service as jobs
from backend.jobs.models import Job
from backend.jobs.service import JobKind
from backend.lines.check import Checked


@dataclass(frozen=True, slots=True)
class LastCheck:
    """What the last check found; `fault` tells why nothing could be checked at all."""

    at: dt.datetime
    fault: str
    routes: list[Checked]


async def last_check(session: AsyncSession) -> LastCheck | None:
    """Return the result of the check that was done last, or None before the first."""
    query = select(Job).where(Job.kind == JobKind.LINE_CHECK.value, Job.done_at.is_not(None))
    job = await session.scalar(query.order_by(Job.done_at.desc(), Job.id.desc()).limit(1))
    if job is None or "at" not in job.data:
        return None
    at = dt.datetime.fromisoformat(job.data["at"])
    return LastCheck(at, job.data["fault"], [Checked(**one) for one in job.data["routes"]])


async def under_way(session: AsyncSession, now: dt.datetime) -> bool:
    """Tell whether a check is due or being done."""
    query = select(Job.id).where(
        Job.kind == JobKind.LINE_CHECK.value, Job.done_at.is_(None), Job.due_at <= now
    )
    return await session.scalar(query.limit(1)) is not None


async def check_now(session: AsyncSession, now: dt.datetime) -> bool:
    """Have the worker check every route; False if a check is under way already."""
    if await under_way(session, now):
        return False
    await jobs.ask(session, JobKind.LINE_CHECK, now.isoformat(timespec="seconds"), {}, now)
    return True
