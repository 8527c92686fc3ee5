"""What a worker does for the archive: calls brought in, old sounds removed, histories witnessed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

from backend.archive import backlog, keeping, retention, witness
from backend.archive.settings import ArchiveSettings
from backend.archive.shelf import open_shelf
from backend.database import Database
from backend.jobs import service as jobs
from backend.jobs.models import Job
from backend.jobs.service import JobKind
from backend.logs import log
from backend.settings import Settings
from backend.tickets import once

ROUND = "archive"


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Archivist:
    """Does the jobs of the archive, any number of times with the same result."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        chosen: ArchiveSettings | None = None,
        now: Callable[[], dt.datetime] = _now,
    ) -> None:
        self.shelf, self.database, self.now = open_shelf(settings, chosen), database, now

    async def do(self, job: Job, name: str) -> None:
        """Do one job that is leased by this worker."""
        if job.key == f"{JobKind.ARCHIVE}:{ROUND}":
            await self._round(job, name)
        else:
            await self._call(job, name)

    async def _call(self, job: Job, name: str) -> None:
        call_id = uuid.UUID(job.data["call_id"])
        kept = await keeping.archive(self.database, self.shelf, call_id, self.now())
        async with self.database.transaction() as session:
            if kept is None:
                pause = dt.timedelta(seconds=max(1.0, self.shelf.settings.seal_after_seconds / 4))
                await jobs.postpone(session, job, name, self.now() + pause, None)
                return
            await jobs.ask(session, JobKind.ARCHIVE, ROUND, {}, self.now())
            await jobs.finish(session, job, name, self.now())
        if kept.changed or kept.missing:
            log.error(
                "sounds of a call were changed or are gone",
                call_id=str(call_id),
                changed=kept.changed,
                missing=kept.missing,
            )
        log.info("call archived", call_id=str(call_id), sounds=kept.sealed)

    async def _round(self, job: Job, name: str) -> None:
        """Ask for what was left out, remove what is over its time; the job is only due again."""
        async with self.database.transaction() as session:
            left = await backlog.ask(session, self.shelf.settings, self.now())
        removed = await retention.remove_old(self.database, self.shelf, self.now())
        async with self.database.transaction() as session:
            await once.forget(session, self.now())
        async with self.database.transaction() as session:
            seen = await witness.bear(session, self.now())
            pause = dt.timedelta(seconds=self.shelf.settings.archive_round_seconds)
            await jobs.postpone(session, job, name, self.now() + pause, None)
        if left or removed or seen:
            events = seen.events if seen else 0
            log.info("archive looked after", left=left, removed=removed, events=events)
