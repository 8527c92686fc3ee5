"""Delivery: a leased notice leaves by its gateway, again and again until it is taken."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.calls.models import Call
from backend.database import Database
from backend.jobs import service as jobs
from backend.jobs.models import Job
from backend.logs import log
from backend.notices import contacts, gateways, spreading, to_units
from backend.notices.gateways import NotTaken, Refused, Sms
from backend.notices.models import Notice, Webhook
from backend.notices.settings import NoticeSettings
from backend.notices.spreading import FAILED, NO_GATEWAY, NO_NUMBER, SENT, SMS, WEBHOOK, spread
from backend.notices.to_units import DISCIPLINE, UNIT
from backend.privacy import Seal
from backend.tickets import history
from backend.tickets.models import Ticket
from backend.tickets.states import EventKind

_MOBILE = re.compile(r"1[3-9]\d{9}")
LONGEST_PAUSE_SECONDS = 3600.0
MACHINE = "machine"


@dataclass(slots=True)
class Post:
    """What a worker needs to tell people."""

    settings: NoticeSettings
    database: Database
    seal: Seal
    sms: Sms | None

    async def spread(self, job: Job, worker: str, now: dt.datetime) -> None:
        """Make the notices of an event."""
        async with self.database.transaction() as session:
            ticket_id, seq = job.data["ticket"], job.data["seq"]
            chosen = self.settings
            await spread(
                session, ticket_id, seq, city=chosen.city, now=now, discipline=chosen.oversees
            )
            await jobs.finish(session, job, worker, now)

    async def deliver(self, job: Job, worker: str, now: dt.datetime) -> None:
        """Send one notice; a receiver who does not take it is asked again later."""
        async with self.database.transaction(writes=False) as session:
            notice = await session.get_one(Notice, job.data["notice"])
            number = await self._number(session, notice)
            hook = await session.get(Webhook, notice.webhook_id) if notice.webhook_id else None
        if self._by_sms(notice) and (number is None or self.sms is None):
            await self._end(job, worker, now, NO_GATEWAY if number else NO_NUMBER)
            return
        try:
            receipt = await self._send(notice, number, hook)
        except NotTaken as error:
            await self._not_taken(job, worker, now, error)
        else:
            await self._end(job, worker, now, SENT, receipt=receipt)

    async def _send(self, notice: Notice, number: str | None, hook: Webhook | None) -> str:
        if self._by_sms(notice):
            assert self.sms
            assert number
            return await self.sms.send(number, self._words(notice), notice.key)
        wait = self.settings.notice_timeout_seconds
        if hook is None:
            return await self._to_discipline(notice)
        if not hook.active:
            raise Refused("the webhook was switched off")
        secret = self.seal.open(hook.secret_sealed)
        return await gateways.call_webhook(hook.url, secret, notice.data, notice.key, wait)

    def _by_sms(self, notice: Notice) -> bool:
        """Tell whether a notice leaves as a text message."""
        overseen = notice.channel == DISCIPLINE and self.settings.discipline_url is None
        return overseen or notice.channel in (SMS, UNIT)

    async def _to_discipline(self, notice: Notice) -> str:
        chosen, said = self.settings, {"occasion": notice.occasion, "text": notice.text}
        if chosen.discipline_url is None:
            raise Refused("HOTLINE_DISCIPLINE_URL was taken away")
        secret = chosen.discipline_secret.get_secret_value() if chosen.discipline_secret else ""
        wait = chosen.notice_timeout_seconds
        return await gateways.call_webhook(chosen.discipline_url, secret, said, notice.key, wait)

    def _words(self, notice: Notice) -> str:
        """Put in what the receiver alone may read; it is sealed until the message has left."""
        sealed = notice.data.get("sealed")
        return (
            notice.text.replace("{link}", self.seal.open(sealed.encode()))
            if sealed
            else notice.text
        )

    async def _not_taken(self, job: Job, worker: str, now: dt.datetime, error: NotTaken) -> None:
        log.warning("a notice was not taken", notice=job.data["notice"], why=str(error))
        if isinstance(error, Refused) or job.tries >= self.settings.notice_tries:
            await self._end(job, worker, now, FAILED, fault=str(error))
            return
        pause = self.settings.notice_retry_seconds * 2 ** min(job.tries - 1, 12)
        due_at = now + dt.timedelta(seconds=min(pause, LONGEST_PAUSE_SECONDS))
        async with self.database.transaction() as session:
            notice = await session.get_one(Notice, job.data["notice"])
            notice.tries, notice.fault = job.tries, str(error)
            await jobs.postpone(session, job, worker, due_at, str(error))

    async def _end(
        self,
        job: Job,
        worker: str,
        now: dt.datetime,
        state: str,
        *,
        receipt: str | None = None,
        fault: str | None = None,
    ) -> None:
        """Note how it ended, on the notice and in the ticket's history: without the number."""
        async with self.database.transaction() as session:
            notice = await session.get_one(Notice, job.data["notice"])
            notice.state, notice.tries, notice.receipt = state, job.tries, receipt
            notice.fault, notice.sent_at = fault, now if state == SENT else None
            if "sealed" in notice.data:
                notice.data = {name: kept for name, kept in notice.data.items() if name != "sealed"}
            query = select(Ticket).where(Ticket.id == notice.ticket_id).with_for_update()
            ticket = (await session.scalars(query)).one()
            said = {"notice": notice.id, "channel": notice.channel, "occasion": notice.occasion}
            data = {**said, "result": state}
            if notice.channel != WEBHOOK:
                data |= {"unit": notice.data["unit"]} if notice.channel == UNIT else {}
                history.append(session, ticket, EventKind.TOLD, actor=MACHINE, at=now, data=data)
            await jobs.finish(session, job, worker, now)

    async def _number(self, session: AsyncSession, notice: Notice) -> str | None:
        """Return the mobile number to tell, or None where a person must ring or there is none."""
        match notice.channel:
            case to_units.UNIT:
                return await contacts.number_of(session, notice.data["unit"], self.seal)
            case to_units.DISCIPLINE:
                return self.settings.discipline_number
            case spreading.WEBHOOK:
                return None
        ticket = await session.get_one(Ticket, notice.ticket_id)
        call = await session.get(Call, ticket.call_id) if ticket.call_id else None
        sealed = (ticket.contact_sealed, call.caller_sealed if call else None)
        numbers = [str(self.seal.open(one)) for one in sealed if one]
        return next((one for one in numbers if _MOBILE.fullmatch(one)), None)
