"""The second service: what an agent must still do for a caller in danger, and that it was done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.calls.fold import Picture
from backend.calls.handover import ARTICLE, reached
from backend.database import insert_into, tell
from backend.emergencies.models import EmergencyTask
from backend.errors import Conflict, NotFound
from backend.tickets import history
from backend.tickets.models import Ticket
from backend.tickets.states import EventKind

MACHINE = "machine"


class Result(StrEnum):
    """How the telling of a second service ended."""

    TOLD = "told"
    """已通知."""
    NOT_NEEDED = "not_needed"
    """不需要."""
    NOT_REACHED = "not_reached"
    """未能接通."""


async def follow(
    session: AsyncSession, ticket: Ticket, picture: Picture, now: dt.datetime
) -> list[str]:
    """Set a task for each further service that was called for; returns those newly set.

    A task is done by itself when the service has talked with the caller in this call.
    """
    wanted = {other for one in picture.emergencies for other in one.also}
    heard = {one.service for one in picture.emergencies if reached(one)}
    tried = {one.service for one in picture.emergencies}
    fresh = [one for one in sorted(wanted - tried) if await _set(session, ticket, one, now)]
    for task in await of_ticket(session, ticket.id):
        if task.done_at is None and task.service in heard:
            _finish(session, ticket, task, Result.TOLD, MACHINE, None, now)
    return fresh


async def finish(
    session: AsyncSession,
    task_id: int,
    result: Result,
    actor: str,
    note: str | None,
    now: dt.datetime,
) -> EmergencyTask:
    """Record that an agent has told the service, or why not; raises NotFound and Conflict."""
    task = await session.scalar(select(EmergencyTask).where(EmergencyTask.id == task_id))
    if task is None:
        raise NotFound(
            "no_such_task",
            f"there is no task {task_id}",
            field="task_id",
            remedy="GET /api/emergencies/tasks lists what is open",
        )
    ticket = await session.scalar(
        select(Ticket).where(Ticket.id == task.ticket_id).with_for_update()
    )
    assert ticket is not None
    await session.refresh(task)
    if task.done_at is not None:
        raise Conflict(
            "already_done",
            f"{task.done_by} has done this already",
            field="task_id",
            remedy="nothing is left to do; the ticket's history says how it ended",
        )
    _finish(session, ticket, task, result, actor, note, now)
    return task


async def of_ticket(session: AsyncSession, ticket_id: int) -> Sequence[EmergencyTask]:
    """Return the tasks of a ticket."""
    query = select(EmergencyTask).where(EmergencyTask.ticket_id == ticket_id)
    return (await session.scalars(query.order_by(EmergencyTask.id))).all()


async def waiting(session: AsyncSession, limit: int) -> Sequence[tuple[EmergencyTask, str]]:
    """Return what is open with its ticket's number, oldest first."""
    query = (
        select(EmergencyTask, Ticket.number)
        .join(Ticket, Ticket.id == EmergencyTask.ticket_id)
        .where(EmergencyTask.done_at.is_(None))
        .order_by(EmergencyTask.created_at, EmergencyTask.id)
        .limit(limit)
    )
    return [(task, number) for task, number in (await session.execute(query)).all()]


async def _set(session: AsyncSession, ticket: Ticket, service: str, now: dt.datetime) -> bool:
    row = insert_into(session, EmergencyTask).values(
        ticket_id=ticket.id, service=service, created_at=now
    )
    row = row.on_conflict_do_nothing(index_elements=["ticket_id", "service"])
    if (await session.execute(row.returning(EmergencyTask.id))).first() is None:
        return False
    data = {"service": service, "article": ARTICLE}
    history.append(session, ticket, EventKind.TASK_SET, actor=MACHINE, at=now, data=data)
    tell(session, "emergency.task", number=ticket.number, service=service, sound=True)
    return True


def _finish(
    session: AsyncSession,
    ticket: Ticket,
    task: EmergencyTask,
    result: Result,
    actor: str,
    note: str | None,
    now: dt.datetime,
) -> None:
    task.done_at, task.done_by, task.result, task.note = now, actor, result.value, note
    data = {"service": task.service, "result": result.value, "article": ARTICLE}
    history.append(session, ticket, EventKind.TASK_DONE, actor=actor, at=now, data=data)
    tell(session, "emergency.task_done", number=ticket.number, service=task.service)
