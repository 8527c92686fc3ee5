"""What is sent and shown of the duty catalogue and of disputed matters."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, Field

from backend.deadlines import Tier
from backend.dispatch.schemas import Read, Reasoned, Words
from backend.duties.matching import Duty
from backend.units.schemas import Id


class DutyView(BaseModel):
    """One entry: matter x place x unit x tier x legal basis."""

    code: str
    category: str
    words: list[str]
    district: str | None
    place: str | None
    unit: str
    unit_id: int | None
    tier: str | None
    basis: str


class VersionView(BaseModel):
    """One version of the catalogue."""

    version: str
    note: str
    entries: int
    made_at: dt.datetime | None
    actor: str


class DutyPage(BaseModel):
    """Some entries of a version; `next_cursor` asks for the ones after them."""

    version: str
    items: list[DutyView]
    next_cursor: str | None


class ProposalView(BaseModel):
    """What the catalogue proposes for a ticket; `clear` False: open a dispute, or decide by hand.

    `unit_id` stands in the entry once the unit is in the tree.
    """

    catalogue: str
    entry: DutyView | None
    runner_up: DutyView | None
    clear: bool
    why: str
    article: str = "第十七条"


class Disputed(Read):
    """What is unclear, and which units are asked for their opinion."""

    question: Words
    units: Annotated[list[Id], Field(min_length=1, max_length=20)]


class Opined(BaseModel):
    """Whether the unit takes the matter for its own, what it thinks, and by what rule."""

    takes: bool
    opinion: Words
    basis: Words


class Decided(Reasoned):
    """Which unit leads, on what basis and why; who was heard besides the units."""

    unit_id: Id
    basis: Words
    tier: Tier | None = None
    experts: Words | None = None


class Dropped(BaseModel):
    """Why no decision is needed any more."""

    reason: Words


class OpinionView(BaseModel):
    """A unit that was asked, and its opinion once given."""

    unit_id: int
    unit: str
    asked_at: dt.datetime
    given_at: dt.datetime | None
    takes: bool | None
    opinion: str | None
    basis: str | None


class DisputeView(BaseModel):
    """A disputed matter; the words have no number in them, the caller is not named."""

    id: int
    ticket: str
    state: str
    question: str
    category: str
    district: str | None
    place: str | None
    words: str
    opened_at: dt.datetime
    decide_by: dt.datetime
    decided_at: dt.datetime | None
    unit: str | None
    reason: str | None
    experts: str | None
    opinions: list[OpinionView]


class DisputePage(BaseModel):
    """Some disputed matters, newest first."""

    items: list[DisputeView]
    next_cursor: str | None


def duty_view(duty: Duty) -> DutyView:
    """Show an entry."""
    return DutyView(
        code=duty.code,
        category=duty.category,
        words=list(duty.words),
        district=duty.district,
        place=duty.place,
        unit=duty.unit,
        unit_id=duty.unit_id,
        tier=duty.tier,
        basis=duty.basis,
    )
