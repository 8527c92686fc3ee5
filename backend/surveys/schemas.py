"""What callbacks look like from outside."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, Field

from backend.dispatch.schemas import Words
from backend.surveys.answers import Contact, Satisfaction, Solution
from backend.surveys.codes import SurveyResult, TryResult
from backend.surveys.models import Channel


class Subject(BaseModel):
    """What a call is about; of a confidential caller it is told only to themselves."""

    subject: str
    confidential: bool


class Waiting(StrEnum):
    """What a survey can wait for."""

    DECISION = "decision"
    """A citizen is not satisfied: redo or explain (Art. 26)."""
    PERSON = "person"
    LINK = "link"
    CALL = "call"


class TryView(BaseModel):
    """One try at a survey."""

    id: uuid.UUID
    channel: Channel
    actor: str
    part: str | None
    began_at: dt.datetime
    ended_at: dt.datetime | None
    result: TryResult | None
    cause: int | None
    wished_for: dt.datetime | None
    said: dict[str, Any]


class SurveyView(BaseModel):
    """A survey and its tries; it holds no number and no name."""

    id: int
    ticket: str
    unit_id: int | None
    opened_at: dt.datetime
    due_at: dt.datetime | None
    ended_at: dt.datetime | None
    result: SurveyResult
    chinese: str
    contact: Contact | None
    solution: Solution | None
    satisfaction: Satisfaction | None
    channel: Channel | None
    answered_at: dt.datetime | None
    follow_up: str | None
    reason: str | None
    reason_sound: str | None
    reopened: bool
    proposal: str | None
    proposal_why: str | None
    decision: str | None
    decided_by: str | None
    decided_at: dt.datetime | None
    tries: list[TryView]


class SurveyPage(BaseModel):
    """Some surveys, oldest first; `next_after` asks for the ones after them."""

    items: list[SurveyView]
    next_after: int | None


class Branch(StrEnum):
    """The two branches of Art. 26."""

    REDO = "redo"
    EXPLAIN = "explain"


class Decision(BaseModel):
    """Which branch a citizen who is not satisfied is given, and why."""

    branch: Branch
    reason: Words
    """With `redo` what was left undone, with `explain` the outer reason."""
    explanation: Words | None = None
    """What was explained to the caller: with `explain`."""


class Standing(BaseModel):
    """How the dialling stands."""

    paused: bool
    paused_at: dt.datetime | None
    paused_by: str | None
    open: int
    due: int
    under_way: int
    results: dict[str, int]
    """How the tries of the last 24 hours ended."""


class StopIn(BaseModel):
    """A number whose owner wants no callbacks."""

    number: Annotated[str, Field(pattern=r"^\+?[0-9 -]{5,24}$")]


class Stopped(BaseModel):
    """Whether a number is on the stop list 免打扰."""

    number: str
    stopped: bool
