"""What a worker does for the law: notices, rounds, recounts; one object for all of them."""

from __future__ import annotations

import asyncio
import datetime as dt

from sqlalchemy.exc import SQLAlchemyError

from backend.calendars import open_calendar
from backend.database import Database
from backend.jobs.models import Job
from backend.jobs.service import JobKind
from backend.logs import log
from backend.notices.delivery import Post
from backend.notices.gateways import Sms, sms_of
from backend.notices.settings import NoticeSettings
from backend.privacy import Seal
from backend.settings import Settings
from backend.supervision.rounds import Clock, Rounds
from backend.supervision.settings import SupervisionSettings

AGAIN_SECONDS = 2.0


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Keeper:
    """Tells callers, looks what is late, and lets a new calendar settle deadlines."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        seal: Seal,
        *,
        notices: NoticeSettings | None = None,
        supervision: SupervisionSettings | None = None,
        sms: Sms | None = None,
        now: Clock = _now,
    ) -> None:
        chosen = notices or NoticeSettings(city=settings.city)
        self.now = now
        self.post = Post(chosen, database, seal, sms or sms_of(chosen))
        calendar = open_calendar(settings.calendar)
        limits = supervision or SupervisionSettings()
        self.rounds = Rounds(database, calendar, limits, settings.lease_seconds, now)

    async def begin(self) -> None:
        """Have the rounds made from now on, as soon as the database is there."""
        while True:
            try:
                await self.rounds.ask()
            except (SQLAlchemyError, OSError) as error:
                log.error("the rounds cannot begin yet", error=type(error).__name__)
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                return

    async def do(self, job: Job, worker: str) -> None:
        """Do one leased job of the kinds that are the law's."""
        match JobKind(job.kind):
            case JobKind.TELL:
                await self.post.spread(job, worker, self.now())
            case JobKind.NOTIFY:
                await self.post.deliver(job, worker, self.now())
            case _:
                await self.rounds.do(job, worker)
