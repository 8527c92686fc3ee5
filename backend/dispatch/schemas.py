"""What is sent to act on a ticket; `version` is the one the asker has read."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from backend.calls.entries import clean
from backend.deadlines import Tier
from backend.logs import mask_in
from backend.tickets.schemas import Number
from backend.units.schemas import Id, Version

LONGEST = 1000
_FIRST_YEAR, _LAST_YEAR = 2000, 2200


def _words(text: str) -> str:
    """Refuse nothing but spaces; numbers in words are masked, for histories are read by many."""
    text = mask_in(str(clean(text)).strip())
    if not text:
        raise ValueError("must say something")
    return text


_Day = TypeVar("_Day", dt.datetime, dt.date)


def _near(moment: _Day) -> _Day:
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError(f"must lie between {_FIRST_YEAR} and {_LAST_YEAR}")
    return moment


Words = Annotated[str, Field(min_length=1, max_length=LONGEST), AfterValidator(_words)]
Moment = Annotated[AwareDatetime, AfterValidator(_near)]
Day = Annotated[dt.date, AfterValidator(_near)]


class Clause(StrEnum):
    """The clauses of Art. 12 by which a request is refused."""

    OTHER_PROCEDURE = "12.1"
    """Litigation, arbitration, discipline, reconsideration, disclosure, letters and visits."""
    SECRET = "12.2"
    INDECENT = "12.3"


class Read(BaseModel):
    """Nothing but the version."""

    version: Version


class Noted(Read):
    """With a note, if there is something to note."""

    note: Words | None = None


class Reasoned(Read):
    """With the reason, which is recorded."""

    reason: Words


class Answer(Read):
    """The answer given at once."""

    answer: Words


class Refusal(Reasoned):
    """By which clause, why, and when the caller was told so."""

    clause: Clause
    told_at: Moment


class PassOn(Reasoned):
    """To which body 有关部门, and why."""

    body: Words


class Emergency(Reasoned):
    """To which emergency service."""

    service: Literal["110", "119", "120", "122"]


class CoHandler(BaseModel):
    """A unit that helps the lead, and how long it has."""

    unit_id: Id
    tier: Tier


class Dispatch(Read):
    """To which lead, on what basis, with which co-handlers; the draft's tier if none is given."""

    unit_id: Id
    basis: Words
    tier: Tier | None = None
    round_the_clock: bool | None = None
    co_handlers: Annotated[list[CoHandler], Field(max_length=20)] = []


class Reassign(Dispatch):
    """To which other lead, by whose decision and why."""

    reason: Words


class Join(CoHandler, Reasoned):
    """Which unit is to help, how long it has, and why."""


class Report(Read):
    """What a co-handler has done, or how far it is and why."""

    done: bool
    result: Words
    why_late: Words | None = None


class Reply(Read):
    """What was done, and when the caller was told of it."""

    result: Words
    caller_told_at: Moment


class AskReturn(Reasoned):
    """Why it is not this unit's matter, and by what rule."""

    basis: Words


class AskExtension(Reasoned):
    """How many working days, why, and what the caller was told of the work and the delay, when."""

    working_days: Annotated[int, Field(ge=1, le=60)]
    progress: Words
    caller_told_at: Moment
    legal_basis: Words | None = None


class Escalate(Reasoned):
    """Which unit above is asked for help."""

    unit_id: Id


class Guide(Read):
    """What the superior thinks 处理意见, and what it does 必要措施."""

    opinion: Words
    measures: Words


class LongList(Reasoned):
    """Scope, standard and procedure 范围、标准、程序, and the day of review."""

    scope: Words
    standard: Words
    procedure: Words
    review_on: Day


class Review(Read):
    """What the review found, and the next one's day."""

    finding: Words
    review_on: Day


class Close(Noted):
    """How the callback ended; `not_reached` only after all tries."""

    callback: Literal["satisfied", "basically_satisfied", "unsatisfied", "not_reached", "none"]


class Explain(Reasoned):
    """The outer reason, and what was explained to the caller."""

    explanation: Words


class Redo(Read):
    """What was left undone; another tier if the rest is more urgent or less."""

    lacking: Words
    tier: Tier | None = None


class Merge(Reasoned):
    """Into which ticket, and why they are one matter."""

    into: Number
