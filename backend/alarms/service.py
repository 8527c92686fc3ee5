"""Raise an alarm, list alarms, and take one: always within the caller's transaction."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from enum import StrEnum

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from backend.alarms.models import Alarm, AlarmDelivery
from backend.database import insert_into, tell
from backend.errors import NotFound
from backend.jobs.service import JobKind, ask
from backend.people import audit
from backend.people.callers import hush


class Level(StrEnum):
    """How pressing an alarm is."""

    CRITICAL = "critical"
    """危急: a life may depend on it; rings on until somebody takes it."""
    URGENT = "urgent"
    """紧急: a part of the hotline has failed; rings on until somebody takes it."""
    NOTICE = "notice"
    """提示: told once."""


async def raise_alarm(
    session: AsyncSession,
    kind: str,
    level: Level,
    text: str,
    call_id: uuid.UUID | None = None,
    ticket_id: int | None = None,
    *,
    key: str | None = None,
    at: dt.datetime | None = None,
) -> Alarm:
    """Raise an alarm in this transaction: it is kept, shown with sound, and told to the duty list.

    `kind` is like `emergency.not_reached`; `text` is Chinese, telephone numbers in it are hidden.
    A second one with the same `key` is the first one: nobody is told twice.
    """
    now, key = at or dt.datetime.now(dt.UTC), key[:200] if key else None
    new_id = uuid.uuid4()
    row = insert_into(session, Alarm).values(
        id=new_id,
        key=key or str(new_id),
        kind=kind[:60],
        level=level.value,
        text=hush(text)[:1000],
        call_id=call_id,
        ticket_id=ticket_id,
        raised_at=now,
    )
    row = row.on_conflict_do_nothing(index_elements=["key"]).returning(Alarm.id)
    if (await session.execute(row)).first() is None:
        return (await session.scalars(select(Alarm).where(Alarm.key == key))).one()
    alarm = await session.get_one(Alarm, new_id)
    await ask(session, JobKind.ALARM, f"{alarm.id}:0", {"alarm_id": str(alarm.id), "turn": 0}, now)
    _tell(session, "alarm.raised", alarm, sound=level is not Level.NOTICE)
    return alarm


async def acknowledge(
    session: AsyncSession, alarm_id: uuid.UUID, *, actor: str, note: str | None, now: dt.datetime
) -> Alarm:
    """Take an alarm 确认警报: nobody else is rung for it; who took it first stays named."""
    alarm = await find(session, alarm_id, locked=True)
    if alarm.acknowledged_at is None:
        alarm.acknowledged_at, alarm.acknowledged_by, alarm.note = now, actor, note
        await audit.record(
            session,
            audit.Act.ALARM_ACKNOWLEDGED,
            actor=actor,
            subject=f"alarm:{alarm.id}",
            at=now,
            kind=alarm.kind,
        )
        _tell(session, "alarm.acknowledged", alarm, by=actor)
    return alarm


def unheard(session: AsyncSession, alarm: Alarm, now: dt.datetime) -> None:
    """Note that the duty list was tried in vain, and tell every console."""
    alarm.unheard_at = now
    _tell(session, "alarm.unheard", alarm, sound=True)


async def find(session: AsyncSession, alarm_id: uuid.UUID, *, locked: bool = False) -> Alarm:
    """Return an alarm, held until the commit if `locked`; raises NotFound."""
    query = select(Alarm).where(Alarm.id == alarm_id)
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = await session.scalar(query)
    if found is None:
        raise NotFound(
            "no_such_alarm",
            f"there is no alarm {alarm_id}",
            field="alarm_id",
            remedy="GET /api/alarms lists them",
        )
    return found


async def page(
    session: AsyncSession, before: Alarm | None, limit: int, *, waiting: bool
) -> Sequence[Alarm]:
    """Return up to `limit` alarms, newest first; with `waiting` only those nobody has taken."""
    query = select(Alarm).order_by(Alarm.raised_at.desc(), Alarm.id.desc()).limit(limit)
    if waiting:
        query = query.where(Alarm.acknowledged_at.is_(None))
    if before is not None:
        query = query.where(tuple_(Alarm.raised_at, Alarm.id) < (before.raised_at, before.id))
    return (await session.scalars(query)).all()


async def of_call(session: AsyncSession, call_id: uuid.UUID) -> Sequence[Alarm]:
    """Return the alarms that a call has raised, oldest first."""
    query = select(Alarm).where(Alarm.call_id == call_id).order_by(Alarm.raised_at, Alarm.id)
    return (await session.scalars(query)).all()


async def deliveries(
    session: AsyncSession, alarm_ids: Collection[uuid.UUID]
) -> Sequence[AlarmDelivery]:
    """Return who was told of these alarms, in the order of the turns."""
    query = select(AlarmDelivery).where(AlarmDelivery.alarm_id.in_(alarm_ids))
    return (await session.scalars(query.order_by(AlarmDelivery.turn))).all()


def _tell(session: AsyncSession, event: str, alarm: Alarm, **facts: object) -> None:
    tell(
        session,
        event,
        alarm_id=str(alarm.id),
        alarm_kind=alarm.kind,
        level=alarm.level,
        text=alarm.text,
        at=alarm.raised_at.isoformat(),
        call_id=str(alarm.call_id) if alarm.call_id else None,
        ticket_id=alarm.ticket_id,
        **facts,
    )
