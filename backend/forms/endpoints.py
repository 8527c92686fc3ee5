"""The agent's callback form over HTTP (Art. 25): which calls are owed, and what each came to."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import Reading, Writing
from backend.dispatch.act import seen
from backend.dispatch.web import TicketNumber
from backend.errors import NotFound, document
from backend.forms import schemas, service
from backend.people.access import desk_of, require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.surveys import answering, planning
from backend.surveys.codes import After, SurveyResult
from backend.surveys.models import Survey
from backend.tickets.models import Ticket

router = APIRouter(prefix="/api", tags=["callbacks"])
Caller = Annotated[Identity, Depends(require(Right.CALL_BACK))]
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/callbacks", responses=document(403))
async def owed(asker: Caller, session: Reading, limit: Limit = 50) -> schemas.OwedList:
    """List the callbacks that the machine could not settle, the oldest first."""
    query = (
        select(Survey, Ticket.number)
        .join(Ticket, Ticket.id == Survey.ticket_id)
        .where(Survey.follow_up == After.PERSON, Survey.ended_at.is_not(None))
        .where(Survey.result.not_in((SurveyResult.VALID.value, SurveyResult.PENDING.value)))
        .order_by(Survey.id)
        .limit(limit)
    )
    rows = (await session.execute(query)).all()
    return schemas.OwedList(
        callbacks=[
            schemas.Owed(
                number=number,
                result=survey.result,
                result_chinese=SurveyResult(survey.result).chinese,
                ended_at=survey.ended_at,
                follow_up=survey.follow_up,
            )
            for survey, number in rows
        ]
    )


@router.get("/tickets/{number}/callback", responses=document(403, 404))
async def stand(asker: Caller, session: Reading, number: TicketNumber) -> schemas.CallbackView:
    """Show the survey of a ticket that counts, with its tries on every channel."""
    return await _view(session, await seen(session, asker, number))


@router.post("/tickets/{number}/callback", responses=document(403, 404, 409))
async def fill_in(
    request: Request,
    asker: Caller,
    session: Writing,
    number: TicketNumber,
    sent: schemas.CallbackIn,
) -> schemas.CallbackView:
    """Record what an agent's call to the citizen came to."""
    ticket = await seen(session, asker, number)
    now = desk_of(request).now()
    await service.fill_in(session, ticket, sent, asker, request.app.state.seal, now)
    await session.flush()
    return await _view(session, ticket)


async def _view(session: AsyncSession, ticket: Ticket) -> schemas.CallbackView:
    survey = await answering.latest_of(session, ticket.id)
    if survey is None:
        raise NotFound(
            "no_survey",
            f"no callback is owed for ticket {ticket.number} yet",
            field="number",
            remedy="a survey is opened when the reply of the unit has been accepted",
        )
    tries = await planning.tries_of(session, survey)
    names = schemas.TryView.model_fields
    return schemas.CallbackView(
        number=ticket.number,
        result=survey.result,
        result_chinese=SurveyResult(survey.result).chinese,
        answers=survey.answers,
        channel=survey.channel,
        follow_up=survey.follow_up,
        answered_at=survey.answered_at,
        proposal=survey.proposal,
        tries=[schemas.TryView(**{name: getattr(one, name) for name in names}) for one in tries],
    )
