"""The rules of assessment as a page: every version, and a new one for months to come."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field, ValidationError

from backend.console.doors import console_router
from backend.console.forms import form
from backend.console.pages import back_to, page
from backend.database import Reading, Writing
from backend.people.access import desk_of, require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.statistics import rules
from backend.statistics.months import Month
from backend.statistics.periods import month_of
from backend.statistics.rules import VersionIn
from backend.statistics.settings import RateSettings

router = console_router()
HERE = "/console/settings"
Keeper = Annotated[Identity, Depends(require(Right.KEEP_RATES))]
Number = Annotated[str, Field(max_length=30)]


class NewRules(BaseModel):
    """What a person changes of the rules; everything else stays as in the newest version."""

    version: Annotated[str, Field(min_length=1, max_length=40)]
    from_month: Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
    contact_weight: Number
    solution_weight: Number
    satisfaction_weight: Number
    partly_solved: Number
    basically_satisfied: Number
    smallest_valid: Annotated[int, Field(ge=1, le=100_000)]
    reason: Annotated[str, Field(min_length=4, max_length=500)]


@router.get("/settings")
async def versions(request: Request, keeper: Keeper, session: Reading) -> HTMLResponse:
    """Show every version, the newest first, and the form for the next."""
    history = await rules.history_of(session)
    now: Month = month_of(desk_of(request).now(), history)
    listed = list(reversed(history.versions))
    return page(
        request,
        "administration/rates.html",
        versions=listed,
        newest=listed[0],
        next_month=str(now.plus(1)),
        decimal=decimal,
    )


@router.post("/settings")
async def add(
    request: Request,
    keeper: Keeper,
    sent: Annotated[NewRules, Depends(form(NewRules))],
    session: Writing,
) -> Response:
    """Add a version for months that have not begun; the past stays as it was."""
    newest = (await rules.history_of(session)).versions[-1]
    wanted = newest.canonical() | sent.model_dump(exclude={"reason"})
    try:
        settings = RateSettings.model_validate(wanted)
    except ValidationError as error:
        faults = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
        raise RequestValidationError(faults) from None
    made = VersionIn(settings=settings, reason=sent.reason)
    await rules.add_version(session, made, keeper, desk_of(request).now())
    return back_to(request, HERE, f"考核规则{sent.version}自{sent.from_month}起执行。")


def decimal(share: Fraction) -> str:
    """Write a share as a decimal where it is one, else as the fraction it is."""
    text = f"{float(share):.6f}".rstrip("0").rstrip(".")
    return text if Fraction(text) == share else str(share)
