"""What is asked about callbacks over HTTP: one, many, how the dialling stands; and decisions."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.dispatch import outcomes, sending
from backend.dispatch.act import Act
from backend.dispatch.schemas import Explain, Redo
from backend.errors import Conflict, Invalid, NotFound
from backend.people.callers import confidential_among, hush, subject_of
from backend.people.identity import Identity
from backend.privacy import Seal
from backend.surveys import settling
from backend.surveys.codes import SurveyResult
from backend.surveys.models import ONLY, Survey, SurveyHead, SurveyTry
from backend.surveys.opening import head_of
from backend.surveys.schemas import (
    Branch,
    Decision,
    Standing,
    Subject,
    SurveyView,
    TryView,
    Waiting,
)
from backend.tickets.models import Ticket
from backend.tickets.states import State

_WAITING: dict[Waiting, tuple[ColumnElement[bool], ...]] = {
    Waiting.DECISION: (Survey.proposal.is_not(None), Survey.decision.is_(None)),
    Waiting.PERSON: (Survey.follow_up == "person", Survey.result != SurveyResult.VALID.value),
    Waiting.LINK: (Survey.follow_up == "link", Survey.result != SurveyResult.VALID.value),
    Waiting.CALL: (Survey.ended_at.is_(None),),
}


async def subject(session: AsyncSession, call: uuid.UUID) -> Subject:
    """Return what a call of the dialler is about; raises NotFound."""
    query = (
        select(Ticket)
        .join(Survey, Survey.ticket_id == Ticket.id)
        .join(SurveyTry, SurveyTry.survey_id == Survey.id)
        .where(SurveyTry.id == call)
    )
    ticket = await session.scalar(query)
    if ticket is None:
        raise _missing("call", f"call {call} was placed for no survey")
    hidden = await confidential_among(session, [subject_of(ticket.number)])
    return Subject(subject=ticket.category, confidential=bool(hidden))


async def find(session: AsyncSession, survey_id: int) -> Survey:
    """Return a survey; raises NotFound."""
    found = await session.get(Survey, survey_id)
    if found is None:
        raise _missing("survey_id", f"there is no survey {survey_id}")
    return found


async def page(
    session: AsyncSession, waiting: Waiting | None, ticket: str | None, after: int, limit: int
) -> Sequence[Survey]:
    """Return up to `limit` surveys after one, oldest first."""
    query = select(Survey).where(Survey.id > after, *(_WAITING[waiting] if waiting else ()))
    if ticket is not None:
        query = query.join(Ticket, Ticket.id == Survey.ticket_id).where(Ticket.number == ticket)
    return (await session.scalars(query.order_by(Survey.id).limit(limit))).all()


async def views(session: AsyncSession, surveys: Sequence[Survey], seal: Seal) -> list[SurveyView]:
    """Show surveys with their tries; telephone numbers in a citizen's reason are hidden."""
    ids, tickets = [one.id for one in surveys], {one.ticket_id for one in surveys}
    query = select(SurveyTry).where(SurveyTry.survey_id.in_(ids)).order_by(SurveyTry.seq)
    tries: dict[int, list[SurveyTry]] = defaultdict(list)
    for one in await session.scalars(query):
        tries[one.survey_id].append(one)
    rows = await session.execute(select(Ticket.id, Ticket.number).where(Ticket.id.in_(tickets)))
    numbers = {row.id: row.number for row in rows}
    return [_view(one, numbers[one.ticket_id], tries[one.id], seal) for one in surveys]


async def decide(
    session: AsyncSession, asker: Identity, survey_id: int, sent: Decision, act: Act
) -> Survey:
    """Give a citizen who is not satisfied one of the branches of Art. 26; `act` holds the ticket.

    Raises Conflict when nothing waits for a decision, Invalid without an explanation.
    """
    survey, ticket = await settling.held(session, survey_id)
    if survey.proposal is None or survey.decision is not None:
        raise Conflict(
            "nothing_to_decide",
            "no decision is waited for",
            field="survey_id",
            remedy="GET /api/surveys?waiting=decision lists those that wait",
        )
    match sent.branch:
        case Branch.REDO:
            await sending.redo(act, Redo(version=act.version, lacking=sent.reason))
        case Branch.EXPLAIN:
            if sent.explanation is None:
                raise Invalid(
                    "no_explanation",
                    "explanation: nothing says what was explained to the caller",
                    field="explanation",
                    remedy="explain it to the caller first, then write what was said",
                )
            if ticket.state == State.AWAITING_CALLBACK:
                told = Explain(
                    version=act.version, reason=sent.reason, explanation=sent.explanation
                )
                await outcomes.explain(act, told)
    survey.decision, survey.decided_by, survey.decided_at = sent.branch.value, asker.actor, act.at
    return survey


async def pause(session: AsyncSession, actor: str, now: dt.datetime, *, paused: bool) -> None:
    """Let nobody be dialled from now on, or dial again; calls under way go on."""
    head = await head_of(session)
    if paused and head.paused_at is None:
        head.paused_at, head.paused_by = now, actor
    elif not paused:
        head.paused_at = head.paused_by = None


async def standing(session: AsyncSession, now: dt.datetime) -> Standing:
    """Return how the dialling stands."""
    head = await session.get_one(SurveyHead, ONLY)
    waiting = Survey.ended_at.is_(None)
    day = SurveyTry.began_at > now - dt.timedelta(days=1)
    ended = select(SurveyTry.result, func.count()).where(day, SurveyTry.result.is_not(None))
    rows = (await session.execute(ended.group_by(SurveyTry.result))).all()
    return Standing(
        paused=head.paused_at is not None,
        paused_at=head.paused_at,
        paused_by=head.paused_by,
        open=await _count(session, Survey, waiting),
        due=await _count(session, Survey, waiting, Survey.due_at <= now),
        under_way=await _count(session, SurveyTry, SurveyTry.ended_at.is_(None)),
        results={str(result): int(count) for result, count in sorted(rows)},
    )


async def _count(session: AsyncSession, table: Any, *where: ColumnElement[bool]) -> int:
    return await session.scalar(select(func.count()).select_from(table).where(*where)) or 0


def _view(survey: Survey, ticket: str, tries: Sequence[SurveyTry], seal: Seal) -> SurveyView:
    answers = survey.given
    own = ("answers", "ticket_id", "closing", "number_sealed", "number_digest", "reason_sealed")
    facts = {
        column.key: getattr(survey, column.key)
        for column in Survey.__table__.columns
        if column.key not in own
    }
    return SurveyView(
        **facts,
        ticket=ticket,
        chinese=SurveyResult(survey.result).chinese,
        contact=answers.contact if answers else None,
        solution=answers.solution if answers else None,
        satisfaction=answers.satisfaction if answers else None,
        reason=hush(str(seal.open(survey.reason_sealed))) if survey.reason_sealed else None,
        tries=[TryView.model_validate(one, from_attributes=True) for one in tries],
    )


def _missing(field: str, message: str) -> NotFound:
    return NotFound(
        "no_such_survey", message, field=field, remedy="GET /api/surveys lists the surveys"
    )
