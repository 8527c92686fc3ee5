"""The worker: takes due jobs one by one, and looks for calls that left their files behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from backend.alarms.duty import Duty
from backend.alarms.settings import DutySettings
from backend.archive.archivist import Archivist
from backend.calls.entries import Entry, Kind, Transcribed, read
from backend.calls.models import Call
from backend.database import Database
from backend.forms.links import Offers
from backend.forms.settings import FormSettings
from backend.jobs import service as jobs
from backend.jobs.models import Job
from backend.jobs.service import JobKind, LeaseLost
from backend.lines import joined
from backend.lines.call_back import CallBack
from backend.lines.check import LineCheck
from backend.lines.report import (
    clear,
    forget,
    left_behind,
    line_ended,
    report_legs,
    rescue,
)
from backend.lines.settings import LineSettings
from backend.live import Loudspeaker
from backend.logs import log
from backend.privacy import Seal
from backend.queue.watch import QueueWatch
from backend.reception.service import take_in as receive
from backend.recordings import files, taking_in
from backend.recordings.transcriber import NotTranscribed, RecogniserAway, Transcriber, Words
from backend.settings import Settings, load
from backend.statistics.assessor import Assessor
from backend.supervision.keeper import Keeper
from backend.talks.ear import Ear
from backend.talks.overhearing import Overhearing
from backend.talks.settings import TalkSettings

LANES = 3
"""How many jobs one worker has in hand at once."""
BEAT_SECONDS = 5.0
IDLE_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 60.0


class Worker:
    """One worker; any number may run beside it on the same database."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        transcriber: Transcriber,
        seal: Seal,
        duty: DutySettings | None = None,
        lines: LineSettings | None = None,
    ) -> None:
        self.settings, self.database = settings, database
        self.transcriber, self.seal = transcriber, seal
        self.duty = Duty(duty or DutySettings(), database)
        self.queue = QueueWatch((lines or LineSettings()).login, database, settings.media)
        self.call_back = CallBack(lines or LineSettings(), database, settings.media, seal)
        self.lines = LineCheck(lines or LineSettings(), database)
        self.keeper = Keeper(settings, database, seal)
        self.offers = Offers(load(FormSettings), database, seal)
        self.assessor = Assessor(database)
        self.archivist = Archivist(settings, database)
        self.name = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(3)}"
        self._seen: dict[uuid.UUID, float] = {}

    async def run(self) -> None:
        """Work until cancelled; what is in hand then goes back at once."""
        log.info("worker started", worker=self.name, media=str(self.settings.media))
        async with asyncio.TaskGroup() as group:
            group.create_task(self._beat())
            group.create_task(self.lines.ask_daily())
            group.create_task(self._scan())
            group.create_task(self.queue.run())
            group.create_task(self._follow_talks())
            group.create_task(self.keeper.begin())
            group.create_task(self.assessor.run())
            for lane in range(LANES):
                group.create_task(self._work(f"{self.name}/{lane}"))
            # However much is to be transcribed, an alarm does not wait behind it.
            group.create_task(self._work(f"{self.name}/alarms", only=JobKind.ALARM))
            group.create_task(self._work(f"{self.name}/danger", only=JobKind.CALL_BACK))

    async def do_one(self, name: str, only: JobKind | None = None) -> bool:
        """Do the job that has been due longest, of one kind `only` if given; False if none."""
        async with self.database.transaction() as session:
            job = await jobs.claim(session, name, _now(), self.settings.lease_seconds, only)
        if job is None:
            return False
        try:
            await self._do(job, name)
        except LeaseLost as error:
            log.warning("another worker has the job", job=job.id, why=str(error))
        except asyncio.CancelledError:
            await self._give_back(job, name, timedelta(0), "stopped")
            raise
        except Exception as error:
            log.exception("job failed", job=job.id, kind=job.kind, tries=job.tries)
            await self._give_back(job, name, self._pause(job.tries), repr(error)[:500])
        return True

    async def scan(self) -> None:
        """Ask for every call to be taken in whose files have come to rest."""
        notes = await asyncio.to_thread(files.open_notes, self.settings.media)
        self._seen = {one: self._seen.get(one, time.monotonic()) for one in notes}
        if not notes:
            return
        async with self.database.transaction(writes=False) as session:
            query = select(Call.id).where(Call.id.in_(notes[:5000]), Call.outcome.is_not(None))
            closed = set(await session.scalars(query))
        for call_id in await asyncio.to_thread(left_behind, self.settings.media, notes):
            async with self.database.transaction() as session:
                await rescue(session, self.settings.media, call_id, self.seal)
        rested = [one for one in notes if self._rested(one, closed=one in closed)]
        for call_id in rested:
            async with self.database.transaction() as session:
                data = {"call_id": str(call_id)}
                await jobs.ask_again(session, JobKind.TAKE_IN, str(call_id), data, _now())

    def _rested(self, call_id: uuid.UUID, *, closed: bool) -> bool:
        resting = files.resting_seconds(self.settings.media, call_id)
        if closed and line_ended(self.settings.media, call_id):
            return resting >= self.settings.closed_settle_seconds
        watched = time.monotonic() - self._seen[call_id]
        return min(resting, watched) >= self.settings.settle_seconds

    async def _do(self, job: Job, name: str) -> None:
        match JobKind(job.kind):
            case JobKind.TAKE_IN:
                await self._take_in(job, name)
            case JobKind.TRANSCRIBE:
                await self._transcribe(job, name)
            case JobKind.TELL | JobKind.NOTIFY | JobKind.ROUND | JobKind.RECOUNT:
                await self.keeper.do(job, name)
            case JobKind.ARCHIVE:
                await self.archivist.do(job, name)
            case JobKind.ALARM:
                await self.duty.take_turn(job, name)
            case JobKind.SURVEY_LINK:
                await self.offers.take_turn(job, name)
            case JobKind.CALL_BACK:
                await self.call_back.take_turn(job, name)
            case JobKind.LEGS:
                await joined.look(job, name, self.database, self.settings.media, self.seal)
            case JobKind.LINE_CHECK:
                await self.lines.take_turn(job, name)

    async def _take_in(self, job: Job, name: str) -> None:
        media, call_id = self.settings.media, uuid.UUID(job.data["call_id"])
        sounds = await taking_in.measure_all(media, call_id)
        async with self.database.transaction() as session:
            await report_legs(session, media, call_id, self.seal)
            adopted = await taking_in.take_in(session, media, call_id, self.seal, sounds)
            over = await clear(session, media, call_id)
            await jobs.finish(session, job, name, _now())
        files.note_of(media, call_id).unlink(missing_ok=True)
        if over:
            forget(media, call_id)
        log.info("call taken in", call_id=str(call_id), adopted=adopted, sounds=len(sounds))

    async def _transcribe(self, job: Job, name: str) -> None:
        try:
            words = await self._words_of(job, name)
        except RecogniserAway as error:
            await self._give_back(job, name, self._pause(job.tries), f"recogniser away: {error}")
            return
        except NotTranscribed as error:
            failures = job.data.get("failures", 0) + 1
            if failures < self.settings.transcription_tries:
                data = {**job.data, "failures": failures}
                await self._give_back(job, name, self._pause(failures), str(error), data)
                return
            log.error("no words could be had of a sound", sound=job.data["sound"], why=str(error))
            said = Transcribed(listen_id=job.data["listen_id"], error=str(error)[:500])
        else:
            said = _said(job, words)
        entry = _entry(job, said)
        async with self.database.transaction() as session:
            await receive(session, [entry], self.seal, _now())
            await jobs.finish(session, job, name, _now())

    async def _words_of(self, job: Job, name: str) -> Words:
        """Wait for the words, keeping the lease meanwhile."""
        transcription = await self.transcriber.ask(job.data["sound"])
        wait = min(self.settings.lease_seconds / 3, 5.0)
        while (words := await self.transcriber.words(transcription, wait)) is None:
            async with self.database.transaction() as session:
                await jobs.renew(session, job, name, _now(), self.settings.lease_seconds)
            await asyncio.sleep(0.05)
        return words

    async def _give_back(
        self,
        job: Job,
        name: str,
        pause: timedelta,
        fault: str,
        data: dict[str, Any] | None = None,
    ) -> None:
        with contextlib.suppress(LeaseLost, SQLAlchemyError, OSError):
            async with self.database.transaction() as session:
                await jobs.postpone(session, job, name, _now() + pause, fault, data)

    def _pause(self, tries: int) -> timedelta:
        seconds = self.settings.retry_seconds * 2 ** min(tries - 1, 6)
        return timedelta(seconds=min(seconds, LONGEST_WAIT_SECONDS))

    async def _follow_talks(self) -> None:
        talks, asr = load(TalkSettings), f"http://{self.settings.asr_host}:{self.settings.asr_port}"
        token = self.settings.service_token.get_secret_value()
        async with Ear(asr, token, talks.talk_spare_slots) as ear:
            login = load(LineSettings).login
            following = Overhearing(login, talks.audiosocket, ear, self.database, self.seal)
            await following.run()

    async def _work(self, name: str, only: JobKind | None = None) -> None:
        while True:
            try:
                if not await self.do_one(name, only):
                    await asyncio.sleep(IDLE_SECONDS)
            except (SQLAlchemyError, OSError) as error:
                log.error("the database is away", error=type(error).__name__)
                await asyncio.sleep(2)

    async def _scan(self) -> None:
        while True:
            began = time.monotonic()
            try:
                await self.scan()
            except (SQLAlchemyError, OSError) as error:
                log.error("recordings could not be looked through", error=type(error).__name__)
            took = time.monotonic() - began
            await asyncio.sleep(max(self.settings.scan_seconds, took * 10))

    async def _beat(self) -> None:
        while True:
            with contextlib.suppress(SQLAlchemyError, OSError):
                async with self.database.transaction() as session:
                    await jobs.beat(session, self.name, _now())
            await asyncio.sleep(BEAT_SECONDS)


def run(settings: Settings) -> None:
    """Run one worker until SIGTERM or SIGINT."""
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    speaker = Loudspeaker(settings.redis_url)
    database = Database(settings.database_url, speaker.announce)
    token = settings.service_token.get_secret_value()
    speaker.start()
    try:
        async with Transcriber(f"http://{settings.asr_host}:{settings.asr_port}", token) as asr:
            seal = Seal(settings.data_key.get_secret_value())
            worker = Worker(settings, database, asr, seal, load(DutySettings), load(LineSettings))
            work = asyncio.create_task(worker.run())
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, work.cancel)
            with contextlib.suppress(asyncio.CancelledError):
                await work
    finally:
        await speaker.stop()
        await database.close()
    log.info("worker stopped")


def _said(job: Job, words: Words) -> Transcribed:
    return Transcribed.model_validate(
        {
            "listen_id": job.data["listen_id"],
            "text": words.text[:20_000],
            "words": words.words[:5_000],
            "confidence": words.confidence,
            "engine": words.engine,
        }
    )


def _entry(job: Job, said: Transcribed) -> Entry:
    call_id = uuid.UUID(job.data["call_id"])
    entry_id = uuid.uuid5(call_id, f"transcribed:{said.listen_id}")
    data = said.model_dump(mode="json", exclude_unset=True)
    return read(entry_id, call_id, Kind.TRANSCRIBED, _now(), data)


def _now() -> datetime:
    return datetime.now(UTC)
