"""Who is called now: due surveys in their turn, each written down before its number is dialled.

The row of a number is locked while it is decided, and one number has one try under way: however
many diallers there are and whenever one of them dies, nobody is called twice.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.privacy import Seal
from backend.surveys import planning, settling
from backend.surveys.models import Channel, Survey, SurveyTry
from backend.surveys.plan import NoTry
from backend.surveys.planning import Policy
from backend.surveys.turns import Waiting, in_turn
from backend.tickets.models import Ticket
from backend.tickets.states import State

LOOKED_AT = 50
"""Due surveys of one unit that one look tries, the oldest first."""
NO_UNIT = 0
"""Stands for tickets that no unit handled: answered at once, or emergencies."""
SERVED_WITHIN = dt.timedelta(days=2)
STILL_OWED = frozenset({State.AWAITING_CALLBACK, State.CLOSED})


@dataclass(frozen=True, slots=True)
class Claimed:
    """A try that is written down and now to be dialled; `id` is the call's and the channel's."""

    id: uuid.UUID
    number: str


async def claim(
    session: AsyncSession,
    seal: Seal,
    policy: Policy,
    actor: str,
    now: dt.datetime,
    call: uuid.UUID,
) -> Claimed | None:
    """Write down the try that is to be dialled at once as `call`; None when nobody is due."""
    for unit in in_turn(await _waiting(session, now), await _served(session, now)):
        for survey in await _due(session, unit.id, now):
            number = await _take(session, survey, seal, policy, actor, now, call)
            if number:
                return Claimed(call, number)
    return None


def _is_due(now: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    under_way = exists().where(SurveyTry.survey_id == Survey.id, SurveyTry.ended_at.is_(None))
    return Survey.ended_at.is_(None), Survey.due_at <= now, ~under_way


async def _waiting(session: AsyncSession, now: dt.datetime) -> list[Waiting]:
    """Return the units for which somebody is due, each with its oldest; no unit is one too."""
    query = select(Survey.unit_id, func.min(Survey.opened_at)).where(*_is_due(now))
    rows = (await session.execute(query.group_by(Survey.unit_id))).all()
    return [Waiting(str(unit or NO_UNIT), str(unit or NO_UNIT), _aware(at)) for unit, at in rows]


async def _due(session: AsyncSession, unit: str, now: dt.datetime) -> Sequence[Survey]:
    """Return the oldest surveys of a unit that are due, locked until the commit."""
    own = Survey.unit_id.is_(None) if unit == str(NO_UNIT) else Survey.unit_id == int(unit)
    query = (
        select(Survey)
        .where(*_is_due(now), own)
        .order_by(Survey.opened_at, Survey.id)
        .limit(LOOKED_AT)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(query)).all()


async def _served(session: AsyncSession, now: dt.datetime) -> dict[str, dt.datetime]:
    query = (
        select(Survey.unit_id, func.max(SurveyTry.began_at))
        .join(Survey, Survey.id == SurveyTry.survey_id)
        .where(SurveyTry.began_at > now - SERVED_WITHIN)
        .group_by(Survey.unit_id)
    )
    rows = (await session.execute(query)).all()
    return {str(unit or NO_UNIT): _aware(at) for unit, at in rows}


async def _take(
    session: AsyncSession,
    survey: Survey,
    seal: Seal,
    policy: Policy,
    actor: str,
    now: dt.datetime,
    call: uuid.UUID,
) -> str | None:
    """Write down the next try at one survey if its moment is now; else say when, or end it."""
    ticket = await session.get_one(Ticket, survey.ticket_id, with_for_update=True)
    if State(ticket.state) not in STILL_OWED:
        survey.ended_at, survey.due_at = now, None
        return None
    digest = survey.number_digest
    number = await planning.number_of(session, digest) if digest else None
    tries = await planning.tries_of(session, survey)
    due = planning.next_try(survey, tries, number, now, policy)
    if isinstance(due, NoTry):
        await settling.end(session, survey, ticket, *planning.ending(tries, due), now=now)
        return None
    survey.due_at = due.at
    if due.at > now or number is None or survey.number_sealed is None:
        return None
    if await _under_way(session, number.digest):
        survey.due_at = now + policy.rules.back_off
        return None
    fresh = SurveyTry(
        id=call,
        survey_id=survey.id,
        seq=len(tries) + 1,
        channel=Channel.CALL.value,
        actor=actor,
        number_digest=number.digest,
        part=due.part.name,
        began_at=now,
        said={},
    )
    session.add(fresh)
    number.called_at = now
    await session.flush()
    return str(seal.open(survey.number_sealed))


async def _under_way(session: AsyncSession, digest: str) -> bool:
    query = select(SurveyTry.id).where(
        SurveyTry.number_digest == digest, SurveyTry.ended_at.is_(None)
    )
    return (await session.scalars(query.limit(1))).first() is not None


def _aware(at: dt.datetime) -> dt.datetime:
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)
