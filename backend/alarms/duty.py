"""The duty list at work: one on duty after the other is told until somebody takes the alarm.

Each turn is a leased job. A worker that dies in the middle of one loses nothing: the next worker
sends the same delivery again, under the same id.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

import httpx
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.alarms import service
from backend.alarms.models import Alarm, AlarmDelivery
from backend.alarms.service import Level
from backend.alarms.settings import DutySettings, OnDuty
from backend.alarms.webhook import NotTaken, body_of, send
from backend.database import Database, tell
from backend.jobs import service as jobs
from backend.jobs.models import Job
from backend.jobs.service import JobKind
from backend.logs import log
from backend.tickets.models import Ticket

LONGEST_PAUSE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class _Turn:
    """What one turn needs: the alarm, its ticket's number, whose turn it is."""

    alarm: Alarm
    ticket: str | None
    number: int
    to: OnDuty


class Duty:
    """Does the turns that are due; any number of workers may have one."""

    def __init__(self, settings: DutySettings, database: Database) -> None:
        self._settings, self._database = settings, database

    async def take_turn(self, job: Job, worker: str) -> None:
        """Tell whose turn it is, and have the next one told unless the alarm is taken by then."""
        turn = await self._begin(job, worker)
        if turn is None:
            return
        try:
            await self._send(turn)
        except NotTaken as error:
            await self._failed(job, worker, turn, str(error)[:300])
        else:
            await self._delivered(job, worker, turn)

    async def _begin(self, job: Job, worker: str) -> _Turn | None:
        """Note the turn before anything is sent; None when nobody is to be told any more."""
        number, alarm_id = int(job.data["turn"]), uuid.UUID(job.data["alarm_id"])
        async with self._database.transaction() as session:
            alarm = await service.find(session, alarm_id, locked=True)
            told_once = number > 0 and alarm.level == Level.NOTICE
            if alarm.acknowledged_at is not None or told_once:
                await jobs.finish(session, job, worker, _now())
                return None
            to = self._settings.turn(number)
            if to is None:
                self._nobody_left(session, alarm)
                await jobs.finish(session, job, worker, _now())
                return None
            delivery = await _delivery(session, alarm, number)
            if delivery is None:
                delivery = AlarmDelivery(
                    alarm_id=alarm.id, turn=number, duty=to.name, began_at=_now(), tries=0
                )
                session.add(delivery)
            delivery.tries += 1
            ticket = await session.get(Ticket, alarm.ticket_id) if alarm.ticket_id else None
            return _Turn(alarm, ticket.number if ticket else None, number, to)

    async def _send(self, turn: _Turn) -> None:
        secret = self._settings.duty_secret
        body = body_of(turn.alarm, turn.ticket, turn.number, turn.to.name)
        key = secret.get_secret_value() if secret else ""
        async with httpx.AsyncClient(
            timeout=self._settings.duty_timeout_seconds, trust_env=False
        ) as http:
            await send(http, turn.to, body, f"{turn.alarm.id}:{turn.number}", key)

    async def _delivered(self, job: Job, worker: str, turn: _Turn) -> None:
        now = _now()
        async with self._database.transaction() as session:
            delivery = await _delivery(session, turn.alarm, turn.number)
            assert delivery is not None
            delivery.delivered_at, delivery.fault = now, None
            pause = dt.timedelta(seconds=self._settings.duty_wait_seconds)
            await self._next(session, turn, now + pause)
            await jobs.finish(session, job, worker, now)
        log.info("on duty told", alarm=str(turn.alarm.id), duty=turn.to.name, turn=turn.number)

    async def _failed(self, job: Job, worker: str, turn: _Turn, fault: str) -> None:
        """Try again after a pause; after the last try tell the next on duty at once."""
        now = _now()
        async with self._database.transaction() as session:
            delivery = await _delivery(session, turn.alarm, turn.number)
            assert delivery is not None
            delivery.fault = fault
            if delivery.tries < self._settings.duty_tries:
                pause = self._settings.duty_retry_seconds * 2 ** min(delivery.tries - 1, 10)
                due = now + dt.timedelta(seconds=min(pause, LONGEST_PAUSE_SECONDS))
                await jobs.postpone(session, job, worker, due, fault)
                return
            delivery.given_up_at = now
            tell(
                session,
                "alarm.undelivered",
                alarm_id=str(turn.alarm.id),
                duty=turn.to.name,
                fault=fault,
                sound=True,
            )
            await self._next(session, turn, now)
            await jobs.finish(session, job, worker, now)
        log.error(
            "on duty not reached", alarm=str(turn.alarm.id), duty=turn.to.name, tries=delivery.tries
        )

    async def _next(self, session: AsyncSession, turn: _Turn, due: dt.datetime) -> None:
        data = {"alarm_id": str(turn.alarm.id), "turn": turn.number + 1}
        await jobs.ask(session, JobKind.ALARM, f"{turn.alarm.id}:{turn.number + 1}", data, due)

    def _nobody_left(self, session: AsyncSession, alarm: Alarm) -> None:
        if not self._settings.people:
            log.warning("no duty list: the alarm is on the consoles only", alarm=str(alarm.id))
            return
        log.error("nobody on duty took the alarm", alarm=str(alarm.id), kind=alarm.kind)
        service.unheard(session, alarm, _now())


async def _delivery(session: AsyncSession, alarm: Alarm, turn: int) -> AlarmDelivery | None:
    table = AlarmDelivery
    query = select(table).where(table.alarm_id == alarm.id, table.turn == turn)
    return await session.scalar(query)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
