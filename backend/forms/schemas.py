"""What an agent fills in after calling a citizen back, and what is shown of a callback."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, Field, model_validator

from backend.dispatch.schemas import LONGEST
from backend.surveys.answers import Answers, Contact, Satisfaction, Solution
from backend.surveys.codes import TryResult
from backend.tickets.schemas import Number


class AnswersIn(BaseModel):
    """The three answers, as the citizen gave them; there is no default."""

    contact: Contact
    solution: Solution
    satisfaction: Satisfaction

    @property
    def given(self) -> Answers:
        """The answers as one value."""
        return Answers(self.contact, self.solution, self.satisfaction)


class CallbackIn(BaseModel):
    """How an agent's call ended: `answered` with all three answers, or why there are none."""

    result: TryResult
    answers: AnswersIn | None = None
    reason: Annotated[str, Field(max_length=LONGEST)] = ""
    """Why the citizen is not satisfied, in their words."""
    reopen: bool = False

    @model_validator(mode="after")
    def _fits(self) -> CallbackIn:
        if (self.result is TryResult.ANSWERED) is not (self.answers is not None):
            raise ValueError("answers: give all three with result answered, and with no other")
        if self.answers is None and (self.reason or self.reopen):
            raise ValueError("reason and reopen belong to an answer")
        return self


class TryView(BaseModel):
    """One try at a survey, on any channel."""

    seq: int
    channel: str
    actor: str
    began_at: dt.datetime
    ended_at: dt.datetime | None
    result: str | None


class CallbackView(BaseModel):
    """The survey of a ticket that counts: one record, whatever the channel."""

    number: str
    result: str
    result_chinese: str
    answers: str | None
    channel: str | None
    follow_up: str | None
    answered_at: dt.datetime | None
    proposal: str | None
    tries: list[TryView]


class Owed(BaseModel):
    """A callback that a person owes, and why the machine could not settle it."""

    number: Number
    result: str
    result_chinese: str
    ended_at: dt.datetime
    follow_up: str


class OwedList(BaseModel):
    """Callbacks for people to make, the oldest first."""

    callbacks: list[Owed]
