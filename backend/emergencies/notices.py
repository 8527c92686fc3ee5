"""The log of noticed emergencies 紧急识别记录, and the supervisor's review of each."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from backend.calls import service as calls
from backend.calls.handover import Handover
from backend.calls.models import Call
from backend.database import tell
from backend.emergencies.models import EmergencyNotice
from backend.emergencies.signs import Sign, noticed
from backend.errors import NotFound
from backend.people import audit
from backend.privacy import Seal
from backend.tickets import history
from backend.tickets import service as tickets
from backend.tickets.models import Ticket
from backend.tickets.states import EventKind
from ivr_flows.emergency import Decision


class Judged(StrEnum):
    """What a person says of it 复核结论."""

    TRUE = "true"
    """属实."""
    FALSE = "false"
    """误报."""
    MISSED = "missed"
    """漏报: the hotline did not act, and should have."""
    WRONG_SERVICE = "wrong_service"
    """转错部门."""


async def keep(
    session: AsyncSession,
    call: Call,
    ticket: Ticket | None,
    sign: Sign,
    seal: Seal,
    now: dt.datetime,
) -> EmergencyNotice:
    """Note what told of danger; once a person has judged it, its words stay as they were judged."""
    row = await session.get(EmergencyNotice, call.id)
    if row is None:
        row = EmergencyNotice(call_id=call.id, noticed_at=now, critical=False)
        _fill(row, sign, seal)
        row.ticket_id = ticket.id if ticket else None
        session.add(row)
        tell(session, "emergency.noticed", call_id=str(call.id), decision=row.decision)
        return row
    row.ticket_id, row.handover = ticket.id if ticket else None, sign.handover.value
    if row.verdict is None:
        _fill(row, sign, seal)
    return row


async def judge(
    session: AsyncSession,
    call_id: uuid.UUID,
    judged: Judged,
    service: str | None,
    *,
    critical: bool,
    note: str | None,
    actor: str,
    seal: Seal,
    now: dt.datetime,
) -> EmergencyNotice:
    """Record a review 复核; a later one takes the place of an earlier, the audit keeps both.

    A call in which nothing was noticed can be judged too, as missed. Raises NotFound.
    """
    call = await calls.find(session, call_id)
    if call is None:
        raise NotFound(
            "no_such_call",
            f"nothing is known of call {call_id}",
            field="call_id",
            remedy="GET /api/emergencies lists the calls in which danger was noticed",
        )
    await calls.lock(session, [call_id], now)
    ticket = await tickets.of_call(session, call_id)
    row = await session.get(EmergencyNotice, call_id)
    if row is None:
        picture = await calls.picture_of(session, call_id, seal)
        sign = noticed(picture) or _nothing(picture.said)
        row = await keep(session, call, ticket, sign, seal, now)
    row.verdict, row.right_service = judged.value, service
    row.critical, row.note = critical, note
    row.reviewed_by, row.reviewed_at = actor, now
    data: dict[str, Any] = {"verdict": judged.value, "service": service, "critical": critical}
    subject = f"call:{call_id}"
    act = audit.Act.EMERGENCY_REVIEWED
    await audit.record(session, act, actor=actor, subject=subject, at=now, **data)
    if ticket is not None:
        locked = await tickets.by_number(session, ticket.number, locked=True)
        assert locked is not None
        history.append(
            session, locked, EventKind.EMERGENCY_REVIEWED, actor=actor, at=now, data=data
        )
    tell(session, "emergency.reviewed", call_id=str(call_id), verdict=judged.value)
    return row


async def find(session: AsyncSession, call_id: uuid.UUID) -> EmergencyNotice | None:
    """Return the notice of a call, or None."""
    return await session.get(EmergencyNotice, call_id)


async def page(
    session: AsyncSession,
    before: EmergencyNotice | None,
    limit: int,
    *,
    reviewed: bool | None = None,
) -> Sequence[EmergencyNotice]:
    """Return up to `limit` notices, newest first; with `reviewed` only such or the others."""
    table = EmergencyNotice
    query = select(table).order_by(table.noticed_at.desc(), table.call_id.desc()).limit(limit)
    if reviewed is not None:
        done = table.verdict.is_not(None)
        query = query.where(done if reviewed else ~done)
    if before is not None:
        place = tuple_(table.noticed_at, table.call_id)
        query = query.where(place < (before.noticed_at, before.call_id))
    return (await session.scalars(query)).all()


def _fill(row: EmergencyNotice, sign: Sign, seal: Seal) -> None:
    row.sources, row.decision = list(sign.sources), sign.decision.value
    row.service, row.also, row.handover = sign.service, list(sign.also), sign.handover.value
    told = {"text": sign.text, "cue": sign.cue, "weakened_by": sign.weakened_by}
    if row.told_sealed is None or seal.open(row.told_sealed) != told:
        row.told_sealed = seal.close(told)


def _nothing(text: str) -> Sign:
    return Sign(Decision.NONE, None, (), None, None, (), text, Handover.NONE)
