"""Ratings that a unit disputes 评价复核 (Art. 36): both sides kept, a person decides, with reason.

No answer is ever put in the place of the citizen's: a rating counts or it does not, and how many
do not count stands in every report.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import insert_into
from backend.errors import Conflict, Forbidden, NotFound
from backend.people import audit
from backend.people.audit import Act
from backend.people.callers import subject_of
from backend.people.identity import Identity
from backend.people.sight import Sight
from backend.statistics import asking
from backend.statistics.counting import report_of
from backend.statistics.counts import Counts, Dimension
from backend.statistics.models import FOREVER, Assessed, Dispute
from backend.statistics.months import Month
from backend.statistics.rates import Figures, figures
from backend.statistics.rules import history_of
from backend.statistics.taking_in import take_in
from backend.surveys import answering
from backend.surveys.codes import SurveyResult
from backend.tickets.models import Assignment, Ticket
from backend.tickets.states import State
from backend.units.models import Unit

WITHIN = dt.timedelta(days=15)
"""How long after the answer a unit may dispute it."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a decision did to the unit's figures of the month."""

    month: str
    before: tuple[Counts, Figures]
    after: tuple[Counts, Figures]


async def dispute(
    session: AsyncSession, ticket: Ticket, grounds: str, asker: Identity, now: dt.datetime
) -> Dispute:
    """Dispute the rating of a closed ticket that the asker's unit led, once."""
    unit = await _own_unit(session, ticket, asker)
    survey = await answering.latest_of(session, ticket.id)
    if ticket.state != State.CLOSED or survey is None or survey.result != SurveyResult.VALID:
        raise _refused("no_rating", "this ticket is not closed with a rating", "nothing counts yet")
    if survey.answered_at is None or survey.answered_at + WITHIN <= now:
        raise _refused(
            "too_late", f"the rating is older than {WITHIN.days} days", "it stays as it is"
        )
    row = insert_into(session, Dispute).values(
        ticket_id=ticket.id,
        survey_id=survey.id,
        unit_id=unit,
        outcome=survey.answers,
        grounds=grounds,
        raised_by=asker.actor,
        raised_at=now,
    )
    fresh = row.on_conflict_do_nothing(index_elements=["survey_id"]).returning(Dispute.id)
    made = await session.scalar(fresh)
    if made is None:
        raise _refused("disputed_before", "this rating was disputed before", "one review is held")
    await _record(session, Act.RATING_DISPUTED, ticket, asker, now, grounds)
    return await session.get_one(Dispute, made)


async def hear(
    session: AsyncSession, of: int, words: str, asker: Identity, now: dt.datetime
) -> Dispute:
    """Keep what the citizen says to it, or how they were tried to be reached."""
    found = await _open(session, of)
    found.citizen_side, found.heard_by, found.heard_at = words, asker.actor, now
    ticket = await session.get_one(Ticket, found.ticket_id)
    await _record(session, Act.RATING_HEARD, ticket, asker, now, None)
    return found


async def decide(
    session: AsyncSession, of: int, decision: str, reason: str, asker: Identity, now: dt.datetime
) -> tuple[Dispute, Effect]:
    """Decide whether a rating counts; Conflict before the citizen's side is known."""
    counted_at = await asking.bring_up_to_date(session, now)
    found = await _open(session, of)
    if found.citizen_side is None:
        raise _refused(
            "citizen_not_heard",
            "the citizen's side is not known",
            "call the citizen and record what is said, or that nobody could be reached",
        )
    month, before = await _figures(session, found, counted_at)
    found.decision, found.reason = decision, reason
    found.decided_by, found.decided_at = asker.actor, now
    await take_in(session, [found.ticket_id], now)
    _, after = await _figures(session, found, await asking.bring_up_to_date(session, now))
    ticket = await session.get_one(Ticket, found.ticket_id)
    await _record(session, Act.RATING_REVIEWED, ticket, asker, now, reason, decision=decision)
    return found, Effect(str(month), before, after)


async def listed(
    session: AsyncSession, sight: Sight, *, undecided: bool, limit: int
) -> Sequence[tuple[Dispute, str, str]]:
    """Return disputes with the ticket's number and the unit's name, the oldest first."""
    query = (
        select(Dispute, Ticket.number, Unit.name)
        .join(Ticket, Ticket.id == Dispute.ticket_id)
        .join(Unit, Unit.id == Dispute.unit_id)
        .where(sight.condition(Dispute.unit_id))
        .order_by(Dispute.id)
        .limit(limit)
    )
    if undecided:
        query = query.where(Dispute.decision.is_(None))
    return [(one, number, name) for one, number, name in (await session.execute(query)).all()]


async def _figures(
    session: AsyncSession, found: Dispute, counted_at: dt.datetime
) -> tuple[Month, tuple[Counts, Figures]]:
    """Return the disputed ticket's month, and the unit's figures in it."""
    query = select(Assessed.month).where(
        Assessed.ticket_id == found.ticket_id, Assessed.known_until == FOREVER
    )
    number = await session.scalar(query)
    if number is None:
        raise _refused("not_counted", "the ticket is not closed any more", "nothing is to decide")
    month, history = Month(*divmod(number, 100)), await history_of(session)
    path = await session.scalar(select(Unit.path).where(Unit.id == found.unit_id))
    own = Sight(path=path)
    report = await report_of(session, month, Dimension.MONTH, history, counted_at, own)
    return month, (report.counts, figures(report.counts, report.settings))


async def _open(session: AsyncSession, of: int) -> Dispute:
    query = select(Dispute).where(Dispute.id == of).with_for_update()
    found = await session.scalar(query, execution_options={"populate_existing": True})
    if found is None:
        raise NotFound(
            "no_such_dispute",
            f"there is no dispute {of}",
            field="dispute_id",
            remedy="GET /api/rating-disputes lists them",
        )
    if found.decision is not None:
        raise _refused("decided", "this dispute was decided", "a decision stays as it is")
    return found


async def _own_unit(session: AsyncSession, ticket: Ticket, asker: Identity) -> int:
    query = (
        select(Assignment.unit_id)
        .where(Assignment.ticket_id == ticket.id, Assignment.lead)
        .order_by(Assignment.id.desc())
        .limit(1)
    )
    lead = await session.scalar(query)
    own = select(Unit.id).where(Unit.id == lead, asker.sight.condition(Unit.id))
    found = await session.scalar(own) if lead else None
    if found is None:
        raise Forbidden(
            "not_lead",
            f"{asker.actor} does not act for the unit that led this ticket",
            remedy="the unit that is rated disputes its rating",
        )
    return found


async def _record(
    session: AsyncSession,
    act: Act,
    ticket: Ticket,
    asker: Identity,
    now: dt.datetime,
    reason: str | None,
    **data: str,
) -> None:
    short = reason[:500] if reason else None
    subject = subject_of(ticket.number)
    await audit.record(
        session, act, actor=asker.actor, subject=subject, at=now, reason=short, **data
    )


def _refused(error: str, message: str, remedy: str) -> Conflict:
    return Conflict(error, message, field="number", remedy=remedy)
