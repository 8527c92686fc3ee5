"""How a closed ticket counts: its survey's answers, or the one reason why it is left out."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.statistics.models import Dispute
from backend.surveys.answers import ANSWERS_BY_CODE, Answers
from backend.surveys.codes import SurveyResult
from backend.surveys.models import Survey
from backend.tolerance.models import Tolerance

VOID = "void"
"""The decision that a disputed rating does not count."""


async def outcomes_of(session: AsyncSession, tickets: Collection[int]) -> dict[int, str]:
    """Return the outcome of each ticket: tolerance first, then a review, then the newest survey.

    A closed ticket whose survey has not been opened yet is pending.
    """
    query = select(Survey.id, Survey.ticket_id, Survey.result, Survey.answers)
    rows = await session.execute(query.where(Survey.ticket_id.in_(tickets)).order_by(Survey.id))
    newest = {row.ticket_id: row for row in rows}
    voided = await _voided(session, tickets)
    tolerated = await _tolerated(session, tickets)
    found = {}
    for ticket in tickets:
        survey = newest.get(ticket)
        if ticket in tolerated:
            found[ticket] = SurveyResult.TOLERATED.value
        elif survey is None:
            found[ticket] = SurveyResult.PENDING.value
        elif survey.id in voided:
            found[ticket] = SurveyResult.VOIDED.value
        else:
            found[ticket] = survey.answers or survey.result
    return found


def meaning(outcome: str) -> tuple[SurveyResult, Answers | None]:
    """Return the result and answers of an outcome as it is stored."""
    answers = ANSWERS_BY_CODE.get(outcome)
    return (SurveyResult.VALID, answers) if answers else (SurveyResult(outcome), None)


async def _voided(session: AsyncSession, tickets: Collection[int]) -> set[int]:
    query = select(Dispute.survey_id).where(Dispute.ticket_id.in_(tickets))
    return set(await session.scalars(query.where(Dispute.decision == VOID)))


async def _tolerated(session: AsyncSession, tickets: Collection[int]) -> set[int]:
    query = select(Tolerance.ticket_id).where(Tolerance.ticket_id.in_(tickets))
    return set(await session.scalars(query.where(Tolerance.taken_back_at.is_(None))))
