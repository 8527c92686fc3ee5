"""A closed ticket with a bad rating, put into the database as the programs do."""

import datetime as dt

from sqlalchemy import select

from backend.statistics.models import Dispute
from backend.surveys.codes import SurveyResult
from backend.surveys.models import Channel, Survey
from backend.tickets import moving
from backend.tickets.moves import Move
from backend.tickets.service import by_number
from backend.tickets.states import State
from tests.backend.console_pages.district import District

BAD = "not_contacted/not_solved/not_satisfied"


async def badly_rated(district: District) -> str:
    """Return the number of a ticket that the bureau led and that was rated badly."""
    number = await district.signed()
    now = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    async with district.console.app.state.database.transaction() as session:
        ticket = await by_number(session, number, locked=True)
        assert ticket
        ticket.state = State.AWAITING_CALLBACK
        data = {"callback": "none"}
        moving.move(session, ticket, Move.CLOSE, actor="test", at=now, version=None, data=data)
        await session.flush()
        survey = Survey(
            ticket_id=ticket.id, closing=ticket.events_count, opened_at=now, reopened=False
        )
        survey.result, survey.answers = SurveyResult.VALID.value, BAD
        survey.channel, survey.ended_at, survey.answered_at = Channel.CALL.value, now, now
        session.add(survey)
    return number


async def dispute_of(district: District) -> Dispute | None:
    """Return the only dispute, if there is one."""
    async with district.console.app.state.database.transaction(writes=False) as session:
        found: Dispute | None = (await session.scalars(select(Dispute))).one_or_none()
    return found
