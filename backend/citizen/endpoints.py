"""Citizens' pages over HTTP; nobody signs in, so nothing is shown without a proof."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import Response
from pydantic import ValidationError

from backend.citizen import limits
from backend.citizen.pages import ANSWERS, page, style
from backend.citizen.telling import told_of
from backend.database import Reading, Writing
from backend.people.access import desk_of, open_to_all
from backend.privacy import Seal
from backend.reports.open_data import RATES, counted, line
from backend.reports.sheet import KEYS, TOTAL
from backend.statistics import publishing
from backend.statistics.counts import Dimension
from backend.surveys.codes import SurveyResult
from backend.tickets.progress import ProgressQuestion, progress

WHY = "citizens have no accounts: number and code, or a one-use link, prove what is theirs"
router = APIRouter(
    prefix="/citizen",
    tags=["citizens"],
    dependencies=[Depends(open_to_all(WHY))],
    responses=ANSWERS,
)
LONGEST_KEYED = 40
Keyed = Annotated[str, Form(max_length=LONGEST_KEYED)]
_NOT_DIGITS = re.compile(r"\D")


@router.get("")
async def home(request: Request) -> Response:
    """Show what can be done here."""
    return page("home", city_of(request))


@router.get("/style.css", responses={200: {"content": {"text/css": {}}}})
async def look() -> Response:
    """Return the style of the pages."""
    return style()


@router.get("/progress")
async def ask(request: Request) -> Response:
    """Show the form that asks for number and code."""
    return page("progress", city_of(request), number="", fault=None)


@router.post("/progress")
async def tell(
    request: Request, session: Writing, number: Keyed = "", code: Keyed = ""
) -> Response:
    """Tell how a ticket stands to whoever knows its number and its code."""
    city, now = city_of(request), desk_of(request).now()
    digits = _NOT_DIGITS.sub("", number)
    try:
        asked = ProgressQuestion(number=digits, code=_NOT_DIGITS.sub("", code))
    except ValidationError:
        fault = "请填写工单号和四位查询码，均为数字。"
        return page("progress", city, HTTPStatus.BAD_REQUEST, number=digits, fault=fault)
    held = await limits.hold(session, address_of(request), now)
    if limits.locked(held):
        return too_often(request)
    seal: Seal = request.app.state.seal
    found = await progress(session, asked, seal, now)
    if not found.verified:
        if not found.locked:
            limits.count_wrong(held, now)
        status = HTTPStatus.TOO_MANY_REQUESTS if found.locked else HTTPStatus.NOT_FOUND
        return page("progress", city, status, number=digits, fault=found.status_text)
    told = await told_of(session, str(found.number))
    return page("told", city, sentence=found.status_text, told=told)


@router.get("/figures")
async def figures(
    request: Request,
    session: Reading,
    month: Annotated[str, Query(max_length=7)] = "",
    by: Annotated[str, Query(max_length=10)] = Dimension.DISTRICT.value,
) -> Response:
    """Show the public figures of a month or year, the newest if none is named."""
    city, known = city_of(request), await publishing.spans(session)
    chosen = month if month in known else next(iter(known), None)
    ways = {one.value: KEYS[one] for one in publishing.PUBLISHED}
    way = by if by in ways else Dimension.DISTRICT.value
    facts: dict[str, Any] = {"months": known, "month": chosen, "ways": ways, "way": way}
    if chosen is None:
        return page("figures", city, **facts, lines=[], heads=(), endings=[], closed="", smallest=0)
    kept = (await publishing.figures(session, chosen, Dimension(way))).figures
    rows = [*kept["rows"], {**kept["total"], "key": TOTAL}]
    endings = [
        (SurveyResult(name).chinese, counted(count))
        for name, count in kept["endings"].items()
        if count != 0
    ]
    return page(
        "figures",
        city,
        **facts,
        heads=(ways[way], "有效回访数V", *RATES),
        lines=[line(row) for row in rows],
        endings=endings,
        closed=counted(kept["closed"]),
        smallest=kept["smallest_public"],
    )


def city_of(request: Request) -> str:
    """Return the name of the city."""
    city: str = request.app.state.settings.city
    return city


def address_of(request: Request) -> str:
    """Return from where somebody asks."""
    return request.client.host if request.client else "unknown"


def too_often(request: Request) -> Response:
    """Refuse an address that has guessed too often."""
    status = HTTPStatus.TOO_MANY_REQUESTS
    answer = page(
        "notice",
        city_of(request),
        status,
        title="请稍后再试",
        words="尝试次数过多，请一小时后再试，或者拨打12345由人工查询。",
    )
    answer.headers["Retry-After"] = "3600"
    return answer
