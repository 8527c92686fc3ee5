"""The page behind a one-use link: three questions, nothing chosen beforehand, one answer."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import Response
from pydantic import ValidationError

from backend.calls.entries import clean
from backend.citizen import limits
from backend.citizen.endpoints import WHY, address_of, city_of, too_often
from backend.citizen.pages import ANSWERS, page
from backend.database import Writing
from backend.forms import links, service
from backend.forms.links import Stand
from backend.forms.schemas import AnswersIn
from backend.people.access import desk_of, open_to_all
from backend.surveys.answers import Contact, Satisfaction, Solution
from backend.tickets.models import Ticket

router = APIRouter(
    prefix="/s", tags=["citizens"], dependencies=[Depends(open_to_all(WHY))], responses=ANSWERS
)
Token = Annotated[str, Path(max_length=100)]
Chosen = Annotated[str, Form(max_length=20)]
LONGEST_REASON = 500
QUESTIONS = (
    (
        "contact",
        "承办单位联系过您吗？",
        ((Contact.CONTACTED, "联系过"), (Contact.NOT_CONTACTED, "没有联系")),
    ),
    (
        "solution",
        "问题解决了吗？",
        (
            (Solution.SOLVED, "已解决"),
            (Solution.PARTLY, "部分解决"),
            (Solution.NOT_SOLVED, "没有解决"),
        ),
    ),
    (
        "satisfaction",
        "您对办理情况满意吗？",
        (
            (Satisfaction.SATISFIED, "满意"),
            (Satisfaction.BASICALLY, "基本满意"),
            (Satisfaction.NOT_SATISFIED, "不满意"),
        ),
    ),
)
GONE = {
    Stand.USED: (HTTPStatus.GONE, "您已经评价过了，感谢您的参与。"),
    Stand.EXPIRED: (HTTPStatus.GONE, "链接已经失效。如需反映情况，请拨打12345。"),
    Stand.UNKNOWN: (HTTPStatus.NOT_FOUND, "链接不正确，请核对短信中的地址，或者拨打12345。"),
}


@router.get("/{token}")
async def ask(request: Request, session: Writing, token: Token) -> Response:
    """Show the questions; opening the link does not use it up."""
    refusal, tail = await _looked_up(request, session, token)
    return refusal or _questions(request, tail, {}, None)


@router.post("/{token}")
async def answer(
    request: Request,
    session: Writing,
    token: Token,
    contact: Chosen = "",
    solution: Chosen = "",
    satisfaction: Chosen = "",
    reason: Annotated[str, Form(max_length=4 * LONGEST_REASON)] = "",
    reopen: Annotated[str, Form(max_length=5)] = "",
) -> Response:
    """Record the answer once, and thank."""
    refusal, tail = await _looked_up(request, session, token)
    if refusal:
        return refusal
    chosen = {"contact": contact, "solution": solution, "satisfaction": satisfaction}
    words = str(clean(reason)).strip()
    try:
        given = AnswersIn.model_validate(chosen).given
    except ValidationError:
        return _questions(request, tail, {**chosen, "reason": words}, "请回答全部三个问题。")
    if len(words) > LONGEST_REASON:
        fault = f"原因请不要超过{LONGEST_REASON}字。"
        return _questions(request, tail, {**chosen, "reason": words}, fault)
    stand = await service.answer_by_link(
        session,
        token,
        given,
        reason=words,
        reopen=reopen == "yes",
        seal=request.app.state.seal,
        now=desk_of(request).now(),
    )
    if stand is not Stand.OPEN:
        return _gone(request, stand)
    thanks = "您的评价已经记录，感谢您的参与。"
    return page("notice", city_of(request), title="谢谢您", words=thanks)


async def _looked_up(request: Request, session: Writing, token: str) -> tuple[Response | None, str]:
    """Return a refusal, or the end of the ticket's number, by which the citizen knows it."""
    now = desk_of(request).now()
    held = await limits.hold(session, address_of(request), now)
    if limits.locked(held):
        return too_often(request), ""
    found = await links.find(session, token, now)
    if found.stand is Stand.UNKNOWN:
        limits.count_wrong(held, now)
    if found.stand is not Stand.OPEN or found.link is None:
        return _gone(request, found.stand), ""
    ticket = await session.get_one(Ticket, found.link.ticket_id)
    return None, ticket.number[-4:]


def _questions(request: Request, tail: str, chosen: dict[str, str], fault: str | None) -> Response:
    status = HTTPStatus.BAD_REQUEST if fault else HTTPStatus.OK
    return page(
        "survey",
        city_of(request),
        status,
        tail=tail,
        questions=QUESTIONS,
        chosen=chosen,
        fault=fault,
        longest=LONGEST_REASON,
    )


def _gone(request: Request, stand: Stand) -> Response:
    status, words = GONE[stand]
    return page("notice", city_of(request), status, title="回访评价", words=words)
