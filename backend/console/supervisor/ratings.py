"""Disputed ratings as a page (Art. 36): both sides, and the decision with its reason."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response

from backend.console.doors import console_router
from backend.console.forms import form
from backend.console.pages import back_to, page
from backend.console.unit.history import ANSWERS
from backend.database import Reading, Writing
from backend.dispatch.web import TicketNumber
from backend.people.access import require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.reports import disputes as api
from backend.reports.disputes import DecisionIn, DisputeId, GroundsIn, HeardIn, Verdict
from backend.surveys.answers import ANSWERS_BY_CODE

router = console_router()
HERE, MOST = "/console/ratings", 200
VERDICTS = {Verdict.KEEP: "维持评价", Verdict.VOID: "不计入考核"}
Reader = Annotated[Identity, Depends(require(Right.SEE_STATISTICS))]
Rated = Annotated[Identity, Depends(require(Right.DISPUTE_RATING))]
Caller = Annotated[Identity, Depends(require(Right.CALL_BACK))]
Reviewer = Annotated[Identity, Depends(require(Right.REVIEW_RATING))]


@router.get("/ratings")
async def disputed(
    request: Request, reader: Reader, session: Reading, every: bool = False
) -> HTMLResponse:
    """Show the ratings that units dispute; a unit sees its own, without the citizen's words."""
    found = await api.listed(reader, session, undecided=not every, limit=MOST)
    return page(
        request,
        "supervisor/ratings.html",
        disputes=found.disputes,
        every=every,
        rating=_rating,
        verdicts=VERDICTS,
    )


@router.post("/unit/tickets/{number}/rating-dispute")
async def dispute(
    request: Request,
    asker: Rated,
    sent: Annotated[GroundsIn, Depends(form(GroundsIn))],
    session: Writing,
    number: TicketNumber,
) -> Response:
    """Dispute the rating of a ticket that the asker's unit led."""
    await api.dispute(request, asker, session, number, sent)
    return back_to(request, f"/console/unit/tickets/{number}", "已申请复核评价。")


@router.post("/ratings/{dispute_id}/citizen")
async def hear(
    request: Request,
    asker: Caller,
    sent: Annotated[HeardIn, Depends(form(HeardIn))],
    session: Writing,
    dispute_id: DisputeId,
) -> Response:
    """Record the citizen's side."""
    await api.hear(request, asker, session, dispute_id, sent)
    return back_to(request, HERE, "诉求人的说法已记录。")


@router.post("/ratings/{dispute_id}/decide")
async def decide(
    request: Request,
    asker: Reviewer,
    sent: Annotated[DecisionIn, Depends(form(DecisionIn))],
    session: Writing,
    dispute_id: DisputeId,
) -> Response:
    """Decide whether the rating counts, and tell what that did to the unit's month."""
    done = await api.decide(request, asker, session, dispute_id, sent)
    before, after = done.before["valid"], done.after["valid"]
    said = f"已决定：{VERDICTS[sent.decision]}。{done.dispute.unit}{done.month}有效评价"
    return back_to(request, HERE, f"{said}由{before}件变为{after}件。")


def _rating(outcome: str) -> str:
    """Say the three answers of a rating."""
    given = ANSWERS_BY_CODE.get(outcome)
    if given is None:
        return outcome
    return "，".join(ANSWERS[one] for one in (given.contact, given.solution, given.satisfaction))
