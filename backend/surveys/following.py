"""Ends tries: by how the line ended, by what was said, and where both are lost, by saying so."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.calls import service as calls
from backend.calls.entries import Closed, Entry, Kind, Opened, Outcome
from backend.calls.fold import SURVEY, Picture
from backend.jobs.service import JobKind, ask_again
from backend.privacy import Seal
from backend.surveys import heard, settling
from backend.surveys.causes import result_of
from backend.surveys.channels import RINGING, UP, Ending
from backend.surveys.codes import SurveyResult, TryResult
from backend.surveys.heard import REASON, Told
from backend.surveys.models import Channel, Survey, SurveyTry
from backend.surveys.planning import Policy

FILES_REST = dt.timedelta(seconds=5)
"""How long the files of a call may still grow after its end."""
LATE_REASONS_WITHIN = dt.timedelta(days=2)


async def under_way(session: AsyncSession) -> Sequence[SurveyTry]:
    """Return the tries that have not ended, oldest first."""
    query = select(SurveyTry).where(SurveyTry.ended_at.is_(None)).order_by(SurveyTry.began_at)
    return (await session.scalars(query)).all()


async def find(session: AsyncSession, call: uuid.UUID) -> SurveyTry | None:
    """Return a try, locked until the commit, or None."""
    query = select(SurveyTry).where(SurveyTry.id == call).with_for_update()
    return await session.scalar(query.execution_options(populate_existing=True))


async def left(
    session: AsyncSession, ending: Ending, seal: Seal, policy: Policy, now: dt.datetime
) -> TryResult | None:
    """Note that a line has ended; one that was never answered ends its try with it."""
    done = await find(session, ending.call)
    if done is None or done.ended_at is not None:
        return None
    done.left_at, done.cause = done.left_at or now, ending.cause
    if ending.state == UP:
        return None
    result = result_of(ending.cause, rang=ending.state == RINGING)
    await settling.settle(session, done, Told(result), seal, policy, now)
    return result


async def over(
    session: AsyncSession,
    call: uuid.UUID,
    seal: Seal,
    policy: Policy,
    now: dt.datetime,
    *,
    give_up: bool,
) -> TryResult | None:
    """End a try whose line has ended, once its call's story is complete, or with `give_up` now.

    What the story does not tell is not made up: a call nobody closed was lost.
    """
    done = await find(session, call)
    if done is None or done.ended_at is not None:
        return None
    picture = await calls.picture_of(session, call, seal)
    if picture.outcome is None and not give_up:
        return None
    if picture.opened is not None:
        await _close(session, call, picture, seal, now)
    done.left_at = done.left_at or now
    told = heard.read(picture, now)
    await settling.settle(session, done, told, seal, policy, now)
    return told.result


async def hear_late(session: AsyncSession, seal: Seal, now: dt.datetime) -> int:
    """Take in reasons whose words became known after the call; return how many."""
    query = select(Survey).where(
        Survey.reason_sound.is_not(None),
        Survey.reason_sealed.is_(None),
        Survey.result == SurveyResult.VALID.value,
        Survey.answered_at > now - LATE_REASONS_WITHIN,
    )
    found = 0
    for survey in (await session.scalars(query.limit(50).with_for_update())).all():
        picture = await _answering_call(session, survey, seal)
        why = [one for one in picture.utterances if one.step == REASON and not one.pending]
        if text := "".join(one.text for one in why):
            survey.reason_sealed = seal.close(text)
            found += 1
    return found


async def is_survey(session: AsyncSession, call: uuid.UUID) -> bool:
    """Tell whether a call was placed for a survey."""
    return await session.get(SurveyTry, call) is not None


async def _answering_call(session: AsyncSession, survey: Survey, seal: Seal) -> Picture:
    query = select(SurveyTry.id).where(
        SurveyTry.survey_id == survey.id,
        SurveyTry.channel == Channel.CALL.value,
        SurveyTry.result == TryResult.ANSWERED.value,
    )
    return await calls.picture_of(session, (await session.scalars(query)).one(), seal)


async def _close(
    session: AsyncSession, call: uuid.UUID, picture: Picture, seal: Seal, now: dt.datetime
) -> None:
    """Close the book of a call whose script was lost, and have its recording taken in."""
    real = dt.datetime.now(dt.UTC)
    data = {"call_id": str(call)}
    await ask_again(session, JobKind.TAKE_IN, str(call), data, real + FILES_REST)
    if picture.outcome is not None:
        return
    entries = [_entry(call, Kind.CLOSED, real, Closed(outcome=Outcome.RECOVERED, ended_at=real))]
    if picture.opened is None:
        entries.append(_entry(call, Kind.OPENED, real, Opened(flow=SURVEY)))
    await calls.lock(session, [call], real)
    await calls.append(session, entries, seal, real)
    await calls.refresh(session, call, seal)


def _entry(call: uuid.UUID, kind: Kind, at: dt.datetime, data: Opened | Closed) -> Entry:
    return Entry(uuid.uuid5(call, kind.value), call, kind, at, data)
