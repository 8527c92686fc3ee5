"""Answers that come on another way than the machine's call: the web link, an agent's form."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.errors import Conflict
from backend.privacy import Seal
from backend.surveys import settling
from backend.surveys.answers import Answers
from backend.surveys.codes import SurveyResult, TryResult
from backend.surveys.heard import Told
from backend.surveys.models import Channel, Survey, SurveyTry

CITIZEN = "citizen"


async def latest_of(session: AsyncSession, ticket_id: int) -> Survey | None:
    """Return the survey of a ticket that counts, or None when it is owed none yet."""
    query = select(Survey).where(Survey.ticket_id == ticket_id).order_by(Survey.id.desc())
    return await session.scalar(query.limit(1))


async def answer(
    session: AsyncSession,
    survey_id: int,
    answers: Answers,
    *,
    channel: Channel,
    actor: str,
    seal: Seal,
    now: dt.datetime,
    reason: str = "",
    reopen: bool = False,
) -> Survey:
    """Record the three answers of a survey as a try of its own, and all that follows from them.

    Raises Conflict when it was answered before, or its ticket is being dealt with again.
    """
    survey, ticket = await settling.held(session, survey_id)
    if survey.result == SurveyResult.VALID:
        raise _over("already_answered", "this survey has been answered")
    if survey.ended_at is not None and survey.result == SurveyResult.PENDING:
        raise _over("overtaken", "the ticket is being dealt with again")
    said = {
        "contact": {"answer": answers.contact.value, "by": channel.value},
        "solution": {"answer": answers.solution.value, "by": channel.value},
        "satisfaction": {"answer": answers.satisfaction.value, "by": channel.value},
    }
    told = Told(TryResult.ANSWERED, said, answers, reason=reason, reopen=reopen)
    last = await session.scalar(
        select(func.max(SurveyTry.seq)).where(SurveyTry.survey_id == survey.id)
    )
    session.add(
        SurveyTry(
            id=uuid.uuid4(),
            survey_id=survey.id,
            seq=(last or 0) + 1,
            channel=channel.value,
            actor=actor,
            began_at=now,
            ended_at=now,
            result=TryResult.ANSWERED.value,
            said=said,
        )
    )
    await settling.answered(session, survey, ticket, told, seal, channel=channel, now=now)
    return survey


def _over(error: str, message: str) -> Conflict:
    return Conflict(
        error,
        message,
        field="survey",
        remedy="nothing is left to do: the survey that counts is the ticket's latest one",
    )
