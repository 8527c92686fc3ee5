"""The worker's rounds: one leased job that comes back, so that one worker at a time looks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from sqlalchemy import delete, select

from backend.abuse import finding as abuse
from backend.alarms.service import Level, raise_alarm
from backend.calendars import CalendarFile
from backend.database import Database
from backend.deadlines import ALARM_DAYS, WorkingCalendar, in_shanghai
from backend.duties import catalogue
from backend.errors import HotlineError
from backend.jobs import service as jobs
from backend.jobs.models import Job
from backend.jobs.service import JobKind
from backend.logs import log
from backend.supervision import groups, lateness, recounting, reminders, service, unsigned
from backend.supervision.clauses import HIGHEST, Standing
from backend.supervision.models import Supervision
from backend.supervision.settings import SupervisionSettings
from backend.warnings import finding as warnings

ROUND = "round"
KEEP_JOBS_DAYS = 7
Clock = Callable[[], dt.datetime]


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(slots=True)
class Rounds:
    """What is needed to look around; `lease_seconds` is how long a dead worker blocks the round."""

    database: Database
    calendar: CalendarFile
    settings: SupervisionSettings = field(default_factory=SupervisionSettings)
    lease_seconds: float = 30.0
    now: Clock = _now

    async def ask(self) -> None:
        """Have the rounds made; asked by every worker at its start, they are one."""
        async with self.database.transaction() as session:
            await jobs.ask(session, JobKind.ROUND, ROUND, {}, self.now())

    async def do(self, job: Job, worker: str) -> None:
        """Make one round and come back, or recount for a new calendar."""
        keep = self._keeper(job, worker)
        if job.kind == JobKind.RECOUNT:
            await self._recount(job, worker, keep)
            return
        data = await self._round(job, keep)
        due_at = self.now() + dt.timedelta(seconds=self.settings.round_seconds)
        async with self.database.transaction() as session:
            await jobs.postpone(session, job, worker, due_at, None, data)

    async def look(self, keep: recounting.Keep) -> int:
        """Find what is late, unsigned or unanswered; return how much of it was new."""
        now, days, new = self.now(), self.calendar.current(), 0
        async for late in lateness.find(self.database, now):
            await keep()
            new += await reminders.remind(self.database, late, now)
        hours = self.settings.unsigned_hours
        for assignment_id in await unsigned.find(self.database, now, hours):
            await keep()
            new += await unsigned.supervise(self.database, assignment_id, now, days)
        return new + await self._raise_unanswered(keep)

    async def compare(self, keep: recounting.Keep) -> int:
        """Find callers, matters and abuse that only a comparison shows."""
        now, days, new = self.now(), self.calendar.current(), 0
        async with self.database.transaction(writes=False) as session:
            found = await groups.find(session, now, self.settings)
        for group in found:
            await keep()
            new += await groups.supervise(self.database, group, self.settings, now, days)
        await self._tidy()
        new += await abuse.count(self.database, now)
        return new + await warnings.find(self.database, now)

    async def _round(self, job: Job, keep: recounting.Keep) -> dict[str, str]:
        now = self.now()
        new = await self.look(keep)
        compared = job.data.get("compared_at")
        wait = dt.timedelta(seconds=self.settings.groups_seconds)
        if compared is None or dt.datetime.fromisoformat(compared) + wait <= now:
            new += await self.compare(keep)
            await self._watch_the_calendar()
            compared = now.isoformat()
        if new:
            log.info("round made", found=new)
        return {"compared_at": compared}

    async def _watch_the_calendar(self) -> None:
        """Ask for a recount when the calendar is another one; warn before it ends."""
        days, now = self.calendar.current(), self.now()
        today = in_shanghai(now).date()
        async with self.database.transaction() as session:
            await catalogue.begin(session, now)
            await jobs.ask(session, JobKind.RECOUNT, days.version, {}, now)
            if days.alarm_due(today):
                text = _ends_soon(days)
                key = f"calendar:{days.coverage_ends()}"
                await raise_alarm(session, "calendar.ends", Level.NOTICE, text, key=key, at=now)
            if fault := self.calendar.fault:
                text, key = f"工作日历文件无法使用：{fault}", f"calendar:{fault}"
                await raise_alarm(session, "calendar.fault", Level.URGENT, text, key=key, at=now)

    async def _tidy(self) -> None:
        """Forget what was told long ago: the notices themselves and the histories stay."""
        old = self.now() - dt.timedelta(days=KEEP_JOBS_DAYS)
        told = Job.kind.in_([JobKind.TELL.value, JobKind.NOTIFY.value])
        async with self.database.transaction() as session:
            await session.execute(delete(Job).where(told, Job.done_at < old))

    async def _recount(self, job: Job, worker: str, keep: recounting.Keep) -> None:
        days = self.calendar.current()
        changed = await recounting.recount_all(self.database, days, self.now(), keep)
        log.info("deadlines recounted", calendar=days.version, changed=changed)
        async with self.database.transaction() as session:
            await jobs.finish(session, job, worker, self.now())

    async def _raise_unanswered(self, keep: recounting.Keep) -> int:
        """Raise what was not answered in time, level by level."""
        now, days, raised = self.now(), self.calendar.current(), 0
        waits = Supervision.state == Standing.OPEN.value, Supervision.due_at < now
        async with self.database.transaction(writes=False) as session:
            query = select(Supervision).where(*waits, Supervision.level < HIGHEST)
            found = (await session.scalars(query.order_by(Supervision.id))).all()
        for case in found:
            await keep()
            try:
                async with self.database.transaction() as session:
                    await service.raise_level(
                        session,
                        case.id,
                        case.version,
                        "逾期未报告督办事项办理情况",
                        actor=service.MACHINE,
                        at=now,
                        calendar=days,
                    )
                raised += 1
            except HotlineError:
                log.info("answered or raised meanwhile", supervision=case.id)
        return raised

    def _keeper(self, job: Job, worker: str) -> Callable[[], Awaitable[None]]:
        """Return what keeps the lease, and does so no more often than is needed."""
        kept_at = self.now()

        async def keep() -> None:
            nonlocal kept_at
            now = self.now()
            if (now - kept_at).total_seconds() < self.lease_seconds / 3:
                return
            async with self.database.transaction() as session:
                await jobs.renew(session, job, worker, now, self.lease_seconds)
            kept_at = now

        return keep


def _ends_soon(days: WorkingCalendar) -> str:
    ends = days.coverage_ends()
    return (
        f"工作日历只到{ends}，剩余不足{ALARM_DAYS}日：请将{ends.year + 1}年放假安排"
        "填入日历文件（HOTLINE_CALENDAR），此前到期日只能推定"
    )
