"""What noticed emergencies, their packet and their tasks look like from outside."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Literal

from pydantic import BaseModel, Field, model_validator

from backend.alarms.schemas import AlarmView
from backend.calls.handover import ARTICLE, Handover
from backend.emergencies.models import EmergencyNotice, EmergencyTask
from backend.emergencies.notices import Judged
from backend.emergencies.tasks import Result
from backend.people.callers import hush
from backend.privacy import Seal
from backend.reception.schemas import AttemptView

Service = Literal["110", "119", "120", "122"]


class NoticeView(BaseModel):
    """A call in which danger was noticed, and its review; numbers in the words are hidden."""

    call_id: uuid.UUID
    ticket: str | None
    noticed_at: dt.datetime
    sources: list[str]
    decision: Literal["certain", "doubtful", "none"]
    service: str | None
    also: list[str]
    handover: Handover
    text: str
    cue: str | None
    weakened_by: str | None
    verdict: Judged | None
    right_service: str | None
    critical: bool
    note: str | None
    reviewed_by: str | None
    reviewed_at: dt.datetime | None


class NoticePage(BaseModel):
    """Some notices, newest first; `next_before` asks for the ones after them."""

    items: list[NoticeView]
    next_before: uuid.UUID | None


class Review(BaseModel):
    """What the supervisor says; `right_service` is the one that should have been rung."""

    verdict: Judged
    right_service: Service | None = None
    critical: bool = False
    """Life is in danger at this moment: fire, no breathing, a knife, somebody trapped."""
    note: Annotated[str, Field(max_length=1000)] | None = None

    @model_validator(mode="after")
    def _names_a_service(self) -> Review:
        needed = self.verdict in (Judged.MISSED, Judged.WRONG_SERVICE)
        if needed and self.right_service is None:
            raise ValueError("right_service: name the service that should have been rung")
        if self.verdict is Judged.FALSE and (self.right_service or self.critical):
            raise ValueError("a false alarm has no right_service and is not critical")
        return self


class RungView(BaseModel):
    """One decision to ring a service, and everything that was tried."""

    service: str | None
    also: list[str]
    source: str | None
    cue: str | None
    weakened_by: str | None
    decided_at: dt.datetime | None
    answered_at: dt.datetime | None
    attempts: list[AttemptView]


class TurnView(BaseModel):
    """One call back 回拨 to a caller who left while a service rang."""

    turn: int
    service: str | None
    dialled_at: dt.datetime | None
    ended_at: dt.datetime | None
    result: str | None
    reached: bool


class TaskView(BaseModel):
    """A second service that an agent must tell."""

    id: int
    ticket: str
    service: str
    created_at: dt.datetime
    done_at: dt.datetime | None
    done_by: str | None
    result: Result | None
    note: str | None


class TaskList(BaseModel):
    """What is open, oldest first."""

    items: list[TaskView]


class Done(BaseModel):
    """How the telling of a second service ended."""

    result: Result
    note: Annotated[str, Field(max_length=1000)] | None = None


class Packet(BaseModel):
    """Everything of an emergency on one page: who, where, what was said, who was reached when."""

    call_id: uuid.UUID
    ticket: str | None
    article: str = ARTICLE
    handover: Handover
    handover_chinese: str
    caller: str | None
    district: str | None
    place: str | None
    words: str
    sounds: list[str]
    rung: list[RungView]
    called_back: list[TurnView]
    reached_service: str | None
    reached_at: dt.datetime | None
    tasks: list[TaskView]
    alarms: list[AlarmView]
    review: NoticeView | None


def notice_view(row: EmergencyNotice, ticket: str | None, seal: Seal) -> NoticeView:
    """Show a notice with its words, without the numbers in them."""
    told = {name: hush(said) if said else said for name, said in seal.open(row.told_sealed).items()}
    names = set(NoticeView.model_fields) - {*told, "ticket"}
    facts = {name: getattr(row, name) for name in names}
    return NoticeView.model_validate({**facts, **told, "ticket": ticket})


def task_view(row: EmergencyTask, ticket: str) -> TaskView:
    """Show a task."""
    names = set(TaskView.model_fields) - {"ticket"}
    return TaskView.model_validate({**{n: getattr(row, n) for n in names}, "ticket": ticket})
