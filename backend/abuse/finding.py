"""Callers who come very often are noted by the machine, for a person to judge (Art. 40(4))."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select

from backend.abuse import service
from backend.abuse.service import Kind
from backend.abuse.settings import settings
from backend.database import Database
from backend.deadlines import SHANGHAI
from backend.tickets.models import Ticket
from backend.tickets.states import State

MACHINE = "machine"


async def count(database: Database, now: dt.datetime) -> int:
    """Note each caller with more tickets than usual; emergencies are never counted."""
    limits = settings()
    since = now - dt.timedelta(hours=limits.hours)
    day = since.astimezone(SHANGHAI).strftime("%y%m%d")
    query = (
        select(func.max(Ticket.id), func.count())
        .where(
            Ticket.number >= day,
            Ticket.created_at >= since,
            Ticket.caller_digest.is_not(None),
            Ticket.state != State.EMERGENCY.value,
        )
        .group_by(Ticket.caller_digest)
        .having(func.count() >= limits.tickets)
    )
    async with database.transaction(writes=False) as session:
        found = [(last, often) for last, often in await session.execute(query)]
    made = 0
    for last, often in found:
        async with database.transaction() as session:
            ticket = await session.get_one(Ticket, last)
            today = now.astimezone(SHANGHAI).date()
            what = f"{limits.hours}小时内来电形成工单{often}件，请核实有无正当理由"
            key = f"often:{ticket.caller_digest}:{today}"
            noted = await service.note(
                session, ticket, Kind.OCCUPIED, what, actor=MACHINE, at=now, key=key
            )
            made += noted is not None
    return made
