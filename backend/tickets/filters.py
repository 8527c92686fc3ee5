"""Which tickets are wanted: what may be asked for in a list, and the conditions it comes to."""

from __future__ import annotations

import datetime as dt
import hashlib
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, and_, select

from backend.calls.entries import clean
from backend.deadlines import Tier
from backend.errors import Invalid
from backend.people.callers import subject_of
from backend.people.identity import Identity
from backend.people.models import ConfidentialCaller
from backend.people.rights import Right
from backend.privacy import Seal
from backend.tickets.models import OPEN, Assignment, Ticket
from backend.tickets.states import State

SHORTEST_TERM = 2
Text = Annotated[str, Field(min_length=1, max_length=40)]
Days = Annotated[AwareDatetime | None, Field(description="with its zone")]
UNATTENDED = (State.DRAFT, State.EMERGENCY)


class Order(StrEnum):
    """How a list is sorted."""

    MADE = "made"
    """The newest ticket first."""
    DUE = "due"
    """The earliest deadline first; tickets without one are not in this list."""


class Wanted(BaseModel):
    """What a list is narrowed to; several values of one name mean any of them."""

    model_config = ConfigDict(extra="forbid")

    state: Annotated[list[State], Field(max_length=20)] = []
    tier: Annotated[list[Tier], Field(max_length=4)] = []
    category: Annotated[list[Text], Field(max_length=50)] = []
    district: Annotated[list[Text], Field(max_length=50)] = []
    unit_id: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    """A unit in whose hands the ticket is, as lead or co-handler."""
    due_from: Days = None
    due_before: Days = None
    made_from: Days = None
    made_before: Days = None
    overdue: bool | None = None
    """The unit's time runs and is over."""
    emergency: bool | None = None
    """Danger was heard in the call."""
    without_agent: bool | None = None
    """Still as the machine drafted it: no person has set a field or moved it on."""
    caller: Annotated[str, Field(min_length=3, max_length=40)] | None = None
    """The telephone number that called, written in any way."""
    q: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    """Words, each of two characters or more, that stand in words, place or number."""
    sort: Order = Order.MADE

    def terms(self) -> list[str]:
        """Return the words that are searched for, in the form in which texts are kept."""
        whole = unicodedata.normalize("NFKC", clean(self.q or "")).lower()
        found = list(dict.fromkeys(whole.split()))[:10]
        if self.q is not None and (not found or min(map(len, found)) < SHORTEST_TERM):
            raise Invalid(
                "word_too_short",
                f"q: each word needs {SHORTEST_TERM} characters or more",
                field="q",
                remedy="write words of two characters or more, with spaces between them",
            )
        return found

    def digest(self) -> str:
        """Return a mark of what is asked for, by which a cursor knows its list."""
        asked = self.model_dump_json(include=set(Wanted.model_fields))
        return hashlib.sha256(asked.encode()).hexdigest()[:12]


def conditions(
    wanted: Wanted, asker: Identity, seal: Seal, now: dt.datetime
) -> Iterator[ColumnElement[bool]]:
    """Give the conditions on tickets, all but the words that are searched for."""
    for column, values in (
        (Ticket.state, wanted.state),
        (Ticket.tier, wanted.tier),
        (Ticket.category, wanted.category),
        (Ticket.district, wanted.district),
    ):
        if values:
            yield column.in_([clean(str(value)) for value in values])
    if wanted.unit_id is not None:
        held = select(Assignment.ticket_id).where(
            Assignment.ended_at.is_(None), Assignment.unit_id == wanted.unit_id
        )
        yield Ticket.id.in_(held)
    if wanted.due_from:
        yield Ticket.due_at >= wanted.due_from
    if wanted.due_before:
        yield Ticket.due_at < wanted.due_before
    if wanted.made_from:
        yield Ticket.created_at >= wanted.made_from
    if wanted.made_before:
        yield Ticket.created_at < wanted.made_before
    if wanted.overdue is not None:
        late = and_(Ticket.state.in_(OPEN), Ticket.due_at < now)
        yield late if wanted.overdue else late.is_not(True)
    if wanted.emergency is not None:
        yield Ticket.emergency.is_(wanted.emergency)
    if wanted.without_agent is not None:
        alone = and_(Ticket.state.in_(UNATTENDED), Ticket.authors == {})
        yield alone if wanted.without_agent else ~alone
    if wanted.caller is not None:
        yield _called_from(wanted.caller, asker, seal)


def _called_from(number: str, asker: Identity, seal: Seal) -> ColumnElement[bool]:
    """Find tickets by their caller; a confidential one is found by those who may know it alone."""
    if not asker.sight.everything:
        raise Invalid(
            "not_for_units",
            "caller: a unit cannot look for callers by their number",
            field="caller",
            remedy="look for the ticket's number, place or words",
        )
    found = Ticket.caller_digest == seal.digest_of_number(number)
    if asker.may(Right.LOOK_AT_CONFIDENTIAL):
        return found
    kept_back = select(ConfidentialCaller.subject)
    return and_(found, (subject_of("") + Ticket.number).not_in(kept_back))
