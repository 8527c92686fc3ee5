"""What a citizen wrote on the web page, and what an agent filled in after calling (Art. 25)."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.errors import Conflict
from backend.forms.links import Stand, find
from backend.forms.schemas import CallbackIn
from backend.people.identity import Identity
from backend.privacy import Seal
from backend.statistics.taking_in import take_in
from backend.surveys import answering, planning, settling
from backend.surveys.answering import CITIZEN
from backend.surveys.answers import Answers
from backend.surveys.codes import MEANINGS, After, SurveyResult, TryResult, conclude
from backend.surveys.models import Channel, Survey, SurveyTry
from backend.tickets import history
from backend.tickets.models import Ticket
from backend.tickets.states import EventKind


async def answer_by_link(
    session: AsyncSession,
    token: str,
    answers: Answers,
    *,
    reason: str,
    reopen: bool,
    seal: Seal,
    now: dt.datetime,
) -> Stand:
    """Record the answer of whoever holds the link; it opens nothing afterwards."""
    found = await find(session, token, now)
    if found.stand is not Stand.OPEN or found.survey is None or found.link is None:
        return found.stand
    found.link.used_at = now
    await answering.answer(
        session,
        found.survey.id,
        answers,
        channel=Channel.LINK,
        actor=CITIZEN,
        seal=seal,
        now=now,
        reason=reason,
        reopen=reopen,
    )
    await take_in(session, [found.link.ticket_id], now)
    return Stand.OPEN


async def fill_in(
    session: AsyncSession,
    ticket: Ticket,
    sent: CallbackIn,
    asker: Identity,
    seal: Seal,
    now: dt.datetime,
) -> Survey:
    """Record what an agent's call to the citizen came to; only clear answers are answers."""
    survey = await answering.latest_of(session, ticket.id)
    if survey is None:
        raise Conflict(
            "no_survey",
            f"no callback is owed for ticket {ticket.number} yet",
            field="number",
            remedy="a survey is opened when the reply of the unit has been accepted",
        )
    if sent.answers:
        await answering.answer(
            session,
            survey.id,
            sent.answers.given,
            channel=Channel.AGENT,
            actor=asker.actor,
            seal=seal,
            now=now,
            reason=sent.reason,
            reopen=sent.reopen,
        )
    else:
        await _without_answers(session, survey.id, sent.result, asker, now)
    await take_in(session, [ticket.id], now)
    return survey


async def _without_answers(
    session: AsyncSession, survey_id: int, result: TryResult, asker: Identity, now: dt.datetime
) -> None:
    """Record a try that brought no answer; a survey that has ended may end otherwise by it."""
    survey, ticket = await settling.held(session, survey_id)
    if survey.result == SurveyResult.VALID:
        raise Conflict(
            "already_answered",
            "this survey has been answered",
            field="result",
            remedy="the answer that was given stays",
        )
    await _add_try(session, survey, result, asker, now)
    if survey.number_digest and MEANINGS[result].counts:
        number = await planning.number_of(session, survey.number_digest)
        number.called_at = now
        if result is TryResult.OPTED_OUT and number.stopped_at is None:
            number.stopped_at, number.stopped_by = now, CITIZEN
    if survey.ended_at is None:
        # The dialler looks at it again at once, and sees by this try whether it goes on.
        survey.due_at = now
        return
    tries = await planning.tries_of(session, survey)
    survey.result = conclude([TryResult(one.result) for one in tries if one.result]).value
    if MEANINGS[result].after is After.NOTHING:
        survey.follow_up = None
    survey.channel = Channel.AGENT.value
    told = {"survey": survey.id, "result": survey.result, "channel": Channel.AGENT.value}
    history.append(session, ticket, EventKind.SURVEYED, actor=asker.actor, at=now, data=told)


async def _add_try(
    session: AsyncSession, survey: Survey, result: TryResult, asker: Identity, now: dt.datetime
) -> None:
    query = select(func.max(SurveyTry.seq)).where(SurveyTry.survey_id == survey.id)
    fresh = SurveyTry(id=uuid.uuid4(), survey_id=survey.id, channel=Channel.AGENT.value)
    fresh.seq, fresh.actor = (await session.scalar(query) or 0) + 1, asker.actor
    fresh.number_digest, fresh.said = survey.number_digest, {}
    fresh.began_at = fresh.ended_at = now
    fresh.result = result.value
    session.add(fresh)
    await session.flush()
