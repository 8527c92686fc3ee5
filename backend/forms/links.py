"""One-use web links 短信评价链接 (Art. 25): made, found, used up. Only a digest is kept of them."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import Database
from backend.forms.models import SurveyLink
from backend.forms.settings import FormSettings
from backend.jobs import service as jobs
from backend.jobs.models import Job
from backend.notices.spreading import SMS, keep
from backend.notices.texts import sentence
from backend.privacy import Seal
from backend.surveys.codes import After, SurveyResult
from backend.surveys.models import Survey
from backend.tickets.models import Ticket

TOKEN_BYTES = 18
"""144 bits by chance."""
PLACE = "{link}"
OCCASION = "survey_link"


class Stand(StrEnum):
    """How a link stands when somebody opens it."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Found:
    """A link that was opened: how it stands, and where it is open, what it is for."""

    stand: Stand
    link: SurveyLink | None = None
    survey: Survey | None = None


async def issue(
    session: AsyncSession, survey: Survey, now: dt.datetime, settings: FormSettings
) -> str:
    """Make a link for a survey and return the token, which is kept nowhere in the open."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    made = SurveyLink(survey_id=survey.id, ticket_id=survey.ticket_id, token_digest=digest(token))
    made.made_at = now
    made.expires_at = now + dt.timedelta(hours=settings.survey_link_hours)
    session.add(made)
    await session.flush()
    return token


async def find(session: AsyncSession, token: str, now: dt.datetime) -> Found:
    """Return what a token opens, held until the commit so that it is used once."""
    query = select(SurveyLink).where(SurveyLink.token_digest == digest(token))
    link = await session.scalar(query.with_for_update())
    if link is None:
        return Found(Stand.UNKNOWN)
    survey = await session.get_one(Survey, link.survey_id)
    newer = select(Survey.id).where(Survey.ticket_id == link.ticket_id, Survey.id > survey.id)
    overtaken = survey.ended_at is not None and survey.result == SurveyResult.PENDING
    if link.used_at or survey.result == SurveyResult.VALID:
        return Found(Stand.USED, link)
    if link.expires_at <= now or overtaken or await session.scalar(newer.limit(1)):
        return Found(Stand.EXPIRED, link)
    return Found(Stand.OPEN, link, survey)


async def offer(
    session: AsyncSession, survey_id: int, seal: Seal, now: dt.datetime, settings: FormSettings
) -> bool:
    """Send the citizen of a survey a link by SMS, once; False where none is owed or possible."""
    survey = await session.get_one(Survey, survey_id, with_for_update=True)
    made = select(SurveyLink.id).where(SurveyLink.survey_id == survey_id)
    owed = survey.follow_up == After.LINK and survey.result != SurveyResult.VALID
    if not owed or not settings.public_url or await session.scalar(made.limit(1)):
        return False
    ticket = await session.get_one(Ticket, survey.ticket_id)
    link = f"{settings.public_url}/s/{await issue(session, survey, now, settings)}"
    hours = f"{settings.survey_link_hours:g}"
    facts = {"city": settings.city, "number": ticket.number, "hours": hours, "link": PLACE}
    text = sentence(OCCASION, facts)
    # The link opens the citizen's own answer, so units and agents who read notices do not see it.
    data = {"sealed": seal.close(link).decode()}
    return await keep(session, ticket, SMS, OCCASION, text, data, f"survey:{survey.id}", now)


class Offers:
    """Does a worker's jobs of sending links."""

    def __init__(self, settings: FormSettings, database: Database, seal: Seal) -> None:
        self.settings, self.database, self.seal = settings, database, seal

    async def take_turn(self, job: Job, worker: str) -> None:
        """Send the link that is asked for; asked again, it is sent once."""
        now = dt.datetime.now(dt.UTC)
        async with self.database.transaction() as session:
            await offer(session, job.data["survey"], self.seal, now, self.settings)
            await jobs.finish(session, job, worker, now)


def digest(token: str) -> str:
    """Return under what a token is kept; it is random, so a plain hash tells nothing of it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
