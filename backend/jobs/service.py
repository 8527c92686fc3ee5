"""Ask for work, lease it, finish it. The rows are the truth: a worker that dies loses nothing."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import func, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import insert_into
from backend.jobs.models import Beat, Job


class JobKind(StrEnum):
    """What can be asked of a worker."""

    TRANSCRIBE = "transcribe"
    TAKE_IN = "take_in"
    TELL = "tell"
    """Make the notices of one event of a ticket."""
    NOTIFY = "notify"
    """Send one notice."""
    ROUND = "round"
    """Look what is late or to be supervised; there is one such job, done again and again."""
    RECOUNT = "recount"
    """Let a new calendar settle the deadlines of every ticket in hand."""
    CALL_BACK = "call_back"
    """Call a citizen in danger back who left while a service rang."""
    LEGS = "legs"
    """Report how a service that an agent called for is being reached."""
    SURVEY_LINK = "survey_link"
    """Send a citizen the link by which a survey is answered on the web."""
    LINE_CHECK = "line_check"
    """Try every emergency route once a day; the job keeps the result."""
    ARCHIVE = "archive"
    """Bring a call into the archive, or remove what is over its time."""
    ALARM = "alarm"
    """Tell the next one on the duty list of an alarm."""


class LeaseLost(Exception):
    """Another worker has this job now: what was done here must not be kept."""


async def ask(
    session: AsyncSession, kind: JobKind, key: str, data: dict[str, Any], due_at: dt.datetime
) -> None:
    """Have a job done once `due_at` has come; a second asking with the same key changes nothing."""
    row = insert_into(session, Job).values(
        kind=kind.value, key=f"{kind}:{key}"[:200], data=data, due_at=due_at, tries=0
    )
    await session.execute(row.on_conflict_do_nothing(index_elements=["key"]))


async def ask_again(
    session: AsyncSession, kind: JobKind, key: str, data: dict[str, Any], due_at: dt.datetime
) -> None:
    """Have a job done, once more if it was done before; one under way is left alone."""
    row = insert_into(session, Job).values(
        kind=kind.value, key=f"{kind}:{key}"[:200], data=data, due_at=due_at, tries=0
    )
    again = {"done_at": None, "due_at": due_at, "tries": 0, "fault": None, "data": data}
    await session.execute(
        row.on_conflict_do_update(
            index_elements=["key"], set_=again, where=Job.done_at.is_not(None)
        )
    )


async def claim(
    session: AsyncSession,
    worker: str,
    now: dt.datetime,
    lease_seconds: float,
    only: JobKind | None = None,
) -> Job | None:
    """Lease the job that has been due longest, in one UPDATE; None if nothing is due.

    `only` leaves jobs of other kinds to others.
    """
    free = or_(Job.leased_until.is_(None), Job.leased_until < now)
    wanted = true() if only is None else Job.kind == only.value
    due = (
        select(Job.id)
        .where(Job.done_at.is_(None), Job.due_at <= now, free, wanted)
        .order_by(Job.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    until = now + dt.timedelta(seconds=lease_seconds)
    lease = (
        update(Job)
        .where(Job.id == due, Job.done_at.is_(None), free)
        .values(leased_by=worker, leased_until=until, tries=Job.tries + 1)
        .returning(Job)
        .execution_options(synchronize_session=False)
    )
    return (await session.scalars(lease)).one_or_none()


async def renew(
    session: AsyncSession, job: Job, worker: str, now: dt.datetime, lease_seconds: float
) -> None:
    """Hold a job longer; raises LeaseLost if it is no longer ours."""
    until = now + dt.timedelta(seconds=lease_seconds)
    await _change(session, job, worker, leased_until=until)


async def remember(session: AsyncSession, job: Job, worker: str, data: dict[str, Any]) -> None:
    """Change what a held job knows; raises LeaseLost if it is no longer ours."""
    await _change(session, job, worker, data=data)


async def finish(session: AsyncSession, job: Job, worker: str, now: dt.datetime) -> None:
    """Mark a job done, in the transaction that keeps its result; raises LeaseLost."""
    await _change(session, job, worker, done_at=now, leased_by=None, leased_until=None)


async def postpone(
    session: AsyncSession,
    job: Job,
    worker: str,
    due_at: dt.datetime,
    fault: str | None,
    data: dict[str, Any] | None = None,
) -> None:
    """Give a job back to be tried again at `due_at`, with new `data` if given; raises LeaseLost."""
    values = {"due_at": due_at, "fault": fault, "leased_by": None, "leased_until": None}
    await _change(session, job, worker, **values, data=data or job.data)


async def beat(session: AsyncSession, worker: str, now: dt.datetime) -> None:
    """Say that a worker is alive."""
    row = insert_into(session, Beat).values(worker=worker, at=now)
    await session.execute(row.on_conflict_do_update(index_elements=["worker"], set_={"at": now}))


async def last_beat(session: AsyncSession) -> dt.datetime | None:
    """Return when any worker was last seen."""
    return await session.scalar(select(func.max(Beat.at)))


async def waiting(session: AsyncSession) -> int:
    """Return how many jobs are not done."""
    query = select(func.count()).select_from(Job).where(Job.done_at.is_(None))
    return await session.scalar(query) or 0


async def _change(session: AsyncSession, job: Job, worker: str, **values: Any) -> None:
    mine = (
        update(Job)
        .where(Job.id == job.id, Job.leased_by == worker, Job.done_at.is_(None))
        .values(**values)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    )
    if (await session.execute(mine)).first() is None:
        raise LeaseLost(f"job {job.id} is not held by {worker}")
