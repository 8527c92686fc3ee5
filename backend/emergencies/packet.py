"""The packet of an emergency, put together from its call, ticket, alarms and tasks."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncSession

from backend.alarms import service as alarms
from backend.alarms.schemas import alarm_view
from backend.calls import service as calls
from backend.calls.entries import Emergency
from backend.calls.fold import Picture
from backend.calls.handover import handover_of, reached
from backend.emergencies import notices, tasks
from backend.emergencies.models import EmergencyTask
from backend.emergencies.schemas import Packet, RungView, TurnView, notice_view, task_view
from backend.errors import NotFound
from backend.people.callers import confidential_among, hush, number_shown, subject_of
from backend.privacy import Seal
from backend.reception.schemas import AttemptView
from backend.tickets import service as tickets
from backend.tickets.models import Ticket


async def packet_of(
    session: AsyncSession, call_id: uuid.UUID, seal: Seal, *, numbers: bool
) -> Packet:
    """Return the packet of a call; numbers only with the right to them. Raises NotFound."""
    picture = await calls.picture_of(session, call_id, seal)
    row = await notices.find(session, call_id)
    if row is None and not picture.emergencies:
        raise NotFound(
            "no_emergency",
            f"no danger was noticed in call {call_id}",
            field="call_id",
            remedy="GET /api/emergencies lists the calls in which it was",
        )
    ticket = await tickets.of_call(session, call_id)
    number = ticket.number if ticket else None
    hidden = bool(number and await confidential_among(session, [subject_of(number)]))
    said: Callable[[str], str] = str if numbers else hush
    caller = picture.opened.caller if picture.opened else None
    raised = await alarms.of_call(session, call_id)
    told = await alarms.deliveries(session, [one.id for one in raised])
    handover = handover_of(picture)
    met = _met(picture)
    return Packet(
        call_id=call_id,
        ticket=number,
        handover=handover,
        handover_chinese=handover.chinese,
        caller=caller if numbers else number_shown(caller, confidential=hidden),
        district=ticket.district if ticket else None,
        place=ticket.place if ticket else None,
        words=said(picture.said),
        sounds=_sounds(picture),
        rung=[_rung(one, said) for one in picture.emergencies],
        called_back=[
            TurnView.model_validate(one, from_attributes=True) for one in picture.called_back
        ],
        reached_service=met[0],
        reached_at=met[1],
        tasks=[task_view(one, number or "") for one in await _tasks(session, ticket)],
        alarms=[alarm_view(one, told) for one in raised],
        review=notice_view(row, number, seal) if row else None,
    )


def _met(picture: Picture) -> tuple[str | None, dt.datetime | None]:
    """Return which service first talked with the caller, and when: in the call, or called back."""
    for one in picture.emergencies:
        if reached(one):
            return one.service, one.answered_at
    for turn in picture.called_back:
        if turn.reached:
            return turn.service, turn.ended_at
    return None, None


async def _tasks(session: AsyncSession, ticket: Ticket | None) -> list[EmergencyTask]:
    return list(await tasks.of_ticket(session, ticket.id)) if ticket else []


def _sounds(picture: Picture) -> list[str]:
    heard = [one.sound for one in picture.utterances if one.sound]
    return list(dict.fromkeys([*heard, *(one.file for one in picture.recordings)]))


def _rung(one: Emergency, said: Callable[[str], str]) -> RungView:
    return RungView(
        service=one.service,
        also=list(one.also),
        source=one.source,
        cue=said(one.cue) if one.cue else None,
        weakened_by=one.weakened_by,
        decided_at=one.decided_at,
        answered_at=one.answered_at,
        attempts=[
            AttemptView(
                number=each.number,
                dialled_at=each.dialled_at,
                ended_at=each.ended_at,
                result=each.result,
            )
            for each in one.attempts
        ],
    )
