"""What follows from the end of a try: the survey's next moment or its end, and the ticket's way.

Art. 25: the result is recorded truthfully. Art. 26: a citizen who is not satisfied is owed more;
which of its two branches is proposed here, and a person decides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import tell
from backend.jobs import service as jobs
from backend.jobs.service import JobKind
from backend.privacy import Seal
from backend.surveys import planning
from backend.surveys.answers import Answers, Contact, Satisfaction, Solution
from backend.surveys.codes import MEANINGS, After, SurveyResult, TryResult
from backend.surveys.heard import Told, dissatisfied
from backend.surveys.models import Channel, Survey, SurveyTry
from backend.surveys.plan import NoTry
from backend.surveys.planning import Policy
from backend.surveys.reopening import reopen
from backend.tickets import history, moving
from backend.tickets.models import Ticket
from backend.tickets.moves import Move
from backend.tickets.states import EventKind, State

ACTOR = "survey"
CALLBACKS = {
    Satisfaction.SATISFIED: "satisfied",
    Satisfaction.BASICALLY: "basically_satisfied",
    Satisfaction.NOT_SATISFIED: "unsatisfied",
}


async def settle(
    session: AsyncSession, done: SurveyTry, told: Told, seal: Seal, policy: Policy, now: dt.datetime
) -> Survey:
    """Record what a try under way came to, and what follows from it."""
    survey, ticket = await held(session, done.survey_id)
    done.result, done.ended_at = told.result.value, now
    done.said, done.wished_for = dict(told.said), told.wished_for
    await _note_number(session, done, told, now)
    if told.answers:
        await answered(session, survey, ticket, told, seal, channel=Channel.CALL, now=now)
    elif survey.ended_at is None:
        await _go_on(session, survey, ticket, policy, now)
    return survey


async def held(session: AsyncSession, survey_id: int) -> tuple[Survey, Ticket]:
    """Return a survey and its ticket, locked until the commit."""
    locked: dict[str, Any] = {"with_for_update": True, "populate_existing": True}
    survey = await session.get_one(Survey, survey_id, **locked)
    return survey, await session.get_one(Ticket, survey.ticket_id, **locked)


async def answered(
    session: AsyncSession,
    survey: Survey,
    ticket: Ticket,
    told: Told,
    seal: Seal,
    *,
    channel: Channel,
    now: dt.datetime,
) -> None:
    """Record three clear answers; the first ones given are kept, whatever comes later."""
    answers = told.answers
    if answers is None or survey.result == SurveyResult.VALID:
        return
    survey.answers, survey.channel, survey.answered_at = answers.code, channel.value, now
    survey.reason_sound = told.reason_sound
    if told.reason:
        survey.reason_sealed = seal.close(told.reason)
    if dissatisfied(answers):
        survey.proposal, survey.proposal_why = proposal(answers)
        tell(session, "survey.dissatisfied", number=ticket.number, proposal=survey.proposal)
    survey.reopened = told.reopen
    await end(session, survey, ticket, SurveyResult.VALID, None, now=now)
    if told.reopen and await reopen(session, ticket, told.reason, now):
        survey.decision, survey.decided_by, survey.decided_at = "redo", "citizen", now


async def end(
    session: AsyncSession,
    survey: Survey,
    ticket: Ticket,
    result: SurveyResult,
    follow_up: After | None,
    *,
    now: dt.datetime,
) -> None:
    """End a survey: its result, the ticket's history, and the ticket closed unless more is owed."""
    survey.result, survey.ended_at, survey.due_at = result.value, now, None
    survey.follow_up = follow_up.value if follow_up else None
    survey.channel = survey.channel or Channel.CALL.value
    if follow_up is After.LINK:
        real = dt.datetime.now(dt.UTC)
        await jobs.ask(session, JobKind.SURVEY_LINK, str(survey.id), {"survey": survey.id}, real)
    told: dict[str, Any] = {"survey": survey.id, "result": result.value, "channel": survey.channel}
    told |= {"answers": survey.answers, "proposal": survey.proposal}
    history.append(session, ticket, EventKind.SURVEYED, actor=ACTOR, at=now, data=told)
    tell(session, "survey.ended", number=ticket.number, result=result.value)
    if ticket.state == State.AWAITING_CALLBACK and not survey.proposal:
        given = survey.given
        how = CALLBACKS[given.satisfaction] if given else _not_given(result)
        moving.move(
            session,
            ticket,
            Move.CLOSE,
            actor=ACTOR,
            at=now,
            version=None,
            data={"callback": how, "survey": survey.id},
        )


def proposal(answers: Answers) -> tuple[str, str]:
    """Propose the branch of Art. 26 for a citizen who is not satisfied, and say why."""
    if answers.solution is not Solution.SOLVED:
        return "redo", "诉求人表示问题未完全解决，存在应办未办情况的可能（第二十六条第一项）"
    if answers.contact is Contact.NOT_CONTACTED:
        return "redo", "诉求人表示承办单位未联系，请补充办理（第二十六条第一项）"
    return "explain", "诉求人表示已联系、已解决但不满意，请解释引导（第二十六条第二项）"


async def _go_on(
    session: AsyncSession, survey: Survey, ticket: Ticket, policy: Policy, now: dt.datetime
) -> None:
    digest = survey.number_digest
    number = await planning.number_of(session, digest) if digest else None
    tries: Sequence[SurveyTry] = await planning.tries_of(session, survey)
    due = planning.next_try(survey, tries, number, now, policy)
    if isinstance(due, NoTry):
        await end(session, survey, ticket, *planning.ending(tries, due), now=now)
    else:
        survey.due_at = due.at


async def _note_number(
    session: AsyncSession, done: SurveyTry, told: Told, now: dt.datetime
) -> None:
    """Let the number rest from the end of the call; a congested line has not rung it."""
    if done.number_digest is None:
        return
    number = await planning.number_of(session, done.number_digest)
    if MEANINGS[told.result].counts:
        number.called_at = done.left_at or now
    else:
        number.called_at = await _rang_last(session, done)
    if told.stop and number.stopped_at is None:
        number.stopped_at, number.stopped_by = now, "citizen"


async def _rang_last(session: AsyncSession, done: SurveyTry) -> dt.datetime | None:
    query = select(func.max(func.coalesce(SurveyTry.left_at, SurveyTry.began_at))).where(
        SurveyTry.number_digest == done.number_digest,
        SurveyTry.id != done.id,
        SurveyTry.result != TryResult.CONGESTED.value,
    )
    at = await session.scalar(query)
    return at if at is None or at.tzinfo else at.replace(tzinfo=dt.UTC)


def _not_given(result: SurveyResult) -> str:
    return "not_reached" if result is SurveyResult.NOT_REACHED else "none"
