"""The plan of a survey from what the database holds: when is it called next, or why not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import insert_into
from backend.deadlines import Calendar, WorkingCalendar
from backend.surveys import plan
from backend.surveys.codes import MEANINGS, After, SurveyResult, TryResult
from backend.surveys.models import Channel, Survey, SurveyNumber, SurveyTry
from backend.surveys.plan import Due, NoTry, Rules


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of calling, and the calendar that says on which days."""

    rules: Rules
    on_rest_days: bool = False
    calendar: Calendar = field(default_factory=WorkingCalendar)

    def permitted(self, day: dt.date) -> bool:
        """Whether citizens may be called on this day."""
        return self.on_rest_days or self.calendar.is_working(day)


async def number_of(session: AsyncSession, digest: str) -> SurveyNumber:
    """Return what is known of a number, locked until the commit."""
    row = insert_into(session, SurveyNumber).values(digest=digest).on_conflict_do_nothing()
    await session.execute(row)
    query = select(SurveyNumber).where(SurveyNumber.digest == digest).with_for_update()
    options = {"populate_existing": True}
    return (await session.execute(query, execution_options=options)).scalar_one()


async def tries_of(session: AsyncSession, survey: Survey) -> Sequence[SurveyTry]:
    """Return every try at a survey, oldest first."""
    query = select(SurveyTry).where(SurveyTry.survey_id == survey.id).order_by(SurveyTry.seq)
    return (await session.scalars(query)).all()


def next_try(
    survey: Survey,
    tries: Sequence[SurveyTry],
    number: SurveyNumber | None,
    now: dt.datetime,
    policy: Policy,
) -> Due | NoTry:
    """Say when the machine calls next, or why it does not."""
    called = tuple(
        plan.Try(one.began_at, TryResult(one.result), one.wished_for)
        for one in tries
        if one.result and one.channel == Channel.CALL
    )
    known = plan.Survey(
        opened_at=survey.opened_at,
        tries=called,
        number_called_at=number.called_at if number else None,
        has_number=number is not None,
        stop_listed=bool(number and number.stopped_at),
    )
    return plan.next_try(known, now, policy.permitted, policy.rules)


def ending(tries: Sequence[SurveyTry], why: NoTry) -> tuple[SurveyResult, After | None]:
    """Return what a survey without a next try ends in, and which other way is still open."""
    results = [TryResult(one.result) for one in tries if one.result]
    found = plan.ending(results, why)
    if found in (SurveyResult.VALID, SurveyResult.OPTED_OUT, SurveyResult.REFUSED):
        return found, None
    if found is SurveyResult.NO_NUMBER:
        return found, None
    after = MEANINGS[results[-1]].after if results else After.AGAIN
    return found, after if after in (After.PERSON, After.LINK) else After.LINK
