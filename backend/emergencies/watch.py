"""Watches every call for danger: in the transaction of a journal entry it keeps the notice,
sets what agents must do, and raises the alarms.
"""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy.ext.asyncio import AsyncSession

from backend.alarms.service import Level, raise_alarm
from backend.calls.entries import Emergency, Outcome
from backend.calls.fold import Picture
from backend.calls.handover import Handover, failed_attempts, reached
from backend.calls.models import Call
from backend.emergencies import notices, tasks
from backend.emergencies.signs import Sign, noticed
from backend.emergencies.wording import (
    of_attempt,
    of_end,
    of_hand,
    of_second_service,
    of_start,
    of_unheard,
)
from backend.lines.due import ask_for
from backend.privacy import Seal
from backend.tickets.models import Ticket
from ivr_flows.emergency import Decision

_LEVELS = {
    Handover.NOT_REACHED: Level.CRITICAL,
    Handover.CALLER_LEFT: Level.CRITICAL,
    Handover.WITH_AGENT: Level.URGENT,
}

RECENT = dt.timedelta(hours=1)
"""A caller whose danger is read from a recording later than this is a person's to call."""


async def watch(
    session: AsyncSession,
    call: Call,
    picture: Picture,
    ticket: Ticket | None,
    seal: Seal,
    now: dt.datetime,
) -> None:
    """Follow a call that changed. The call must be locked; repeating it changes nothing."""
    sign = noticed(picture)
    if sign is None:
        return
    await notices.keep(session, call, ticket, sign, seal, now)
    if not picture.emergencies:
        if _went_unheard(picture, sign):
            text = of_unheard(sign, ticket)
            await _alarm(session, call, ticket, "unheard", Level.CRITICAL, text, "unheard", now)
            if now - (picture.ended_at or picture.opened_at or now) <= RECENT:
                await ask_for(session, call.id, sign.service, now)
        return
    for one in picture.emergencies:
        await _tell_of(session, call, ticket, one, now)
    if sign.handover in _LEVELS:
        text, level = of_end(sign, ticket), _LEVELS[sign.handover]
        await _alarm(session, call, ticket, sign.handover, level, text, "end", now)
    if ticket is not None:
        for service in await tasks.follow(session, ticket, picture, now):
            text = of_second_service(service, ticket)
            kind = "second_service"
            await _alarm(session, call, ticket, kind, Level.URGENT, text, f"also:{service}", now)


async def raised_by_hand(
    session: AsyncSession, ticket: Ticket, service: str, now: dt.datetime
) -> None:
    """Tell the duty list that a person has made a ticket an emergency."""
    text = of_hand(service, ticket)
    await raise_alarm(
        session,
        "emergency.raised",
        Level.CRITICAL,
        text,
        ticket.call_id,
        ticket.id,
        key=f"ticket:{ticket.id}:{ticket.version}:raised",
        at=now,
    )


async def _tell_of(
    session: AsyncSession, call: Call, ticket: Ticket | None, one: Emergency, now: dt.datetime
) -> None:
    when = one.decided_at.isoformat() if one.decided_at else "-"
    text = of_start(one, ticket)
    await _alarm(session, call, ticket, "raised", Level.CRITICAL, text, f"{when}:raised", now)
    for number, attempt in failed_attempts(one):
        text = of_attempt(one.service, number, attempt, helped=reached(one))
        key = f"{when}:attempt:{number}"
        await _alarm(session, call, ticket, "route_failed", Level.URGENT, text, key, now)


def _went_unheard(picture: Picture, sign: Sign) -> bool:
    """Danger stands in the words, but nobody acted on it: they came late, or were not understood.

    A caller who was asked and said no, and one who talked with an agent, were heard.
    """
    if picture.outcome is None or picture.outcome is Outcome.TRANSFERRED_AGENT:
        return False
    return sign.decision is Decision.CERTAIN and not sign.sources


async def _alarm(
    session: AsyncSession,
    call: Call,
    ticket: Ticket | None,
    kind: str,
    level: Level,
    text: str,
    key: str,
    now: dt.datetime,
) -> uuid.UUID:
    alarm = await raise_alarm(
        session,
        f"emergency.{kind}",
        level,
        text,
        call.id,
        ticket.id if ticket else None,
        key=f"call:{call.id}:{key}",
        at=now,
    )
    return alarm.id
