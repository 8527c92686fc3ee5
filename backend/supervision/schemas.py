"""What is sent and shown of supervision and reminders."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import BaseModel, Field

from backend.dispatch.schemas import Read, Reasoned, Words
from backend.supervision.clauses import HIGHEST, LEVELS, Clause
from backend.supervision.lateness import What
from backend.supervision.models import Supervision
from backend.tickets.schemas import Number
from backend.units.schemas import Id


class SupervisionIn(BaseModel):
    """Which tickets, by which case of Art. 24 and why; the unit is the lead's if none is named."""

    tickets: Annotated[list[Number], Field(min_length=1, max_length=50)]
    clause: Clause
    level: Annotated[int, Field(ge=1, le=HIGHEST)] = 1
    unit_id: Id | None = None
    reason: Words


class Answered(Read):
    """What the unit has done about it."""

    answer: Words


Raised = Reasoned
Released = Reasoned


class SupervisionView(BaseModel):
    """One matter under supervision 督办件 with its tickets."""

    id: int
    clause: str
    clause_chinese: str
    level: int
    level_chinese: str
    unit_id: int | None
    unit: str | None
    tickets: list[str]
    reason: str
    facts: dict[str, Any]
    state: str
    version: int
    opened_at: dt.datetime
    opened_by: str
    due_at: dt.datetime
    overdue: bool
    answered_at: dt.datetime | None
    answer: str | None
    released_at: dt.datetime | None
    release_reason: str | None


class SupervisionPage(BaseModel):
    """Some matters under supervision, newest first."""

    items: list[SupervisionView]
    next_cursor: str | None


class ReminderView(BaseModel):
    """One thing said to be late or nearly so."""

    id: int
    kind: str
    kind_chinese: str
    ticket: str
    unit_id: int | None
    at: dt.datetime
    due_at: dt.datetime


class ReminderPage(BaseModel):
    """Some reminders, newest first."""

    items: list[ReminderView]
    next_cursor: str | None


def supervision_view(
    row: Supervision, unit: str | None, numbers: list[str], now: dt.datetime
) -> SupervisionView:
    """Show a case; `overdue` tells that the unit has not answered in time."""
    return SupervisionView(
        id=row.id,
        clause=row.clause,
        clause_chinese=Clause(row.clause).chinese,
        level=row.level,
        level_chinese=LEVELS[row.level],
        unit_id=row.unit_id,
        unit=unit,
        tickets=numbers,
        reason=row.reason,
        facts=row.facts,
        state=row.state,
        version=row.version,
        opened_at=row.opened_at,
        opened_by=row.opened_by,
        due_at=row.due_at.astimezone(dt.UTC),
        overdue=row.state == "open" and now > row.due_at,
        answered_at=row.answered_at,
        answer=row.answer,
        released_at=row.released_at,
        release_reason=row.release_reason,
    )


def kind_chinese(kind: str) -> str:
    """Return the word for a reminder's kind."""
    return What(kind).chinese
