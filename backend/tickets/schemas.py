"""What a ticket looks like from outside."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any

from pydantic import BaseModel, Field

from backend.calls.entries import clean
from backend.deadlines import is_overdue
from backend.people.callers import number_shown
from backend.privacy import Seal
from backend.tickets.models import OPEN, Ticket, TicketEvent
from backend.tickets.read_back import Understood, read_back
from backend.tickets.states import State

EMERGENCY_KIND = "紧急"

Number = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{10,11}$",
        description="A ticket number: YYMMDD and four or five digits",
        examples=["2611230042"],
    ),
]


class FieldsView(BaseModel):
    """The fields of a ticket, with a confidence 0..1 for each and the names it is unsure of."""

    kind: str
    acceptable: bool
    reason: str | None
    category: str
    district: str | None
    neighbour: bool
    place: str | None
    time: str | None
    date: dt.date | None
    contact: str | None
    tier: str
    unit: str | None
    confidences: dict[str, float]
    unsure: list[str]
    alternatives: list[dict[str, Any]] = []
    mends: list[dict[str, Any]] = []
    why: dict[str, str] = {}


class EventView(BaseModel):
    """One event of a ticket's history with its place in the chain of hashes."""

    seq: int
    at: dt.datetime
    kind: str
    actor: str
    data: dict[str, Any]
    hash: str


class TicketRow(BaseModel):
    """A ticket in a list; the contact is masked."""

    number: str
    kind: str
    state: str
    call_id: uuid.UUID | None
    created_at: dt.datetime
    updated_at: dt.datetime
    version: int
    words: str
    due_at: dt.datetime | None
    overdue: bool
    is_emergency: bool
    confidential: bool
    fields: FieldsView


class TicketView(TicketRow):
    """A whole ticket; `authors` names the fields that a person has set."""

    read_back: str
    authors: dict[str, str]
    emergency: dict[str, Any] | None
    events: list[EventView]


class TicketPage(BaseModel):
    """Some tickets in the order asked for; `next_cursor` asks for the ones after them."""

    items: list[TicketRow]
    next_cursor: str | None


class FieldsIn(BaseModel):
    """Fields of a ticket as a person or another system gives them."""

    kind: Annotated[str, Field(max_length=10)] | None = None
    acceptable: bool | None = None
    reason: Annotated[str, Field(max_length=1000)] | None = None
    category: Annotated[str, Field(max_length=40)] | None = None
    district: Annotated[str, Field(max_length=40)] | None = None
    place: Annotated[str, Field(max_length=1000)] | None = None
    time: Annotated[str, Field(max_length=200)] | None = None
    contact: Annotated[str, Field(max_length=40)] | None = None
    tier: Annotated[str, Field(pattern=r"^(2h|24h|3d|5d)$")] | None = None
    unit: Annotated[str, Field(max_length=200)] | None = None

    def changes(self) -> dict[str, Any]:
        """Return the fields that were given."""
        given = self.model_dump(exclude_unset=True, include=set(FieldsIn.model_fields))
        return {name: clean(value) for name, value in given.items()}


class Correction(FieldsIn):
    """What a person sets on a ticket they have read at `version`; what is left out stays."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]


class TicketIn(FieldsIn):
    """A request that came otherwise than by a call of the hotline, or by one outside it."""

    words: Annotated[str, Field(min_length=1, max_length=20_000)]
    """What the caller said; the fields that are not given are drafted from it."""
    caller: Annotated[str, Field(pattern=r"^[0-9+() -]{3,40}$")] | None = None

    def changes(self) -> dict[str, Any]:
        """Return the fields that were given; null leaves one to be drafted."""
        return {name: value for name, value in super().changes().items() if value is not None}


class TicketMade(BaseModel):
    """A new ticket with the code by which its caller asks for progress."""

    number: str
    code: str
    read_back: str
    state: str
    version: int
    fields: FieldsView
    created_at: dt.datetime


def fields_view(
    ticket: Ticket, seal: Seal, *, numbers: bool, confidential: bool = False
) -> FieldsView:
    """Show a ticket's fields; the contact only with the right to see `numbers`."""
    contact = seal.open(ticket.contact_sealed) if ticket.contact_sealed else None
    return FieldsView(
        kind=ticket.kind,
        acceptable=ticket.acceptable,
        reason=ticket.reason,
        category=ticket.category,
        district=ticket.district,
        neighbour=ticket.neighbour,
        place=ticket.place,
        time=ticket.time,
        date=ticket.date,
        contact=contact if numbers else number_shown(contact, confidential=confidential),
        tier=ticket.tier,
        unit=ticket.unit,
        confidences=ticket.confidences,
        unsure=ticket.unsure,
        **{
            name: ticket.notes[name]
            for name in ("alternatives", "mends", "why")
            if name in ticket.notes
        },
    )


def sentence_of(ticket: Ticket) -> str:
    """Return the read-back of a ticket."""
    understood = Understood(
        kind=ticket.kind,
        category=ticket.category,
        district=ticket.district,
        place=ticket.place,
        acceptable=ticket.acceptable,
        unsure=frozenset(ticket.unsure),
    )
    return read_back(understood, emergency=ticket.state == State.EMERGENCY)


def row_view(
    ticket: Ticket, seal: Seal, *, confidential: bool, now: dt.datetime | None = None
) -> TicketRow:
    """Show a ticket in a list."""
    return TicketRow(
        **_common(ticket, confidential, now),
        fields=fields_view(ticket, seal, numbers=False, confidential=confidential),
    )


def ticket_view(
    ticket: Ticket, events: list[TicketEvent], seal: Seal, *, numbers: bool, confidential: bool
) -> TicketView:
    """Show a whole ticket."""
    return TicketView(
        **_common(ticket, confidential),
        fields=fields_view(ticket, seal, numbers=numbers, confidential=confidential),
        read_back=sentence_of(ticket),
        authors=ticket.authors,
        emergency=ticket.notes.get("emergency"),
        events=[
            EventView(
                seq=event.seq,
                at=event.at,
                kind=event.kind,
                actor=event.actor,
                data=event.data,
                hash=event.hash,
            )
            for event in events
        ],
    )


def is_late(ticket: Ticket, now: dt.datetime | None = None) -> bool:
    """Tell whether a unit's time runs and is over."""
    if ticket.due_at is None or ticket.state not in OPEN:
        return False
    return is_overdue(ticket.due_at, now or dt.datetime.now(dt.UTC))


def _common(ticket: Ticket, confidential: bool, now: dt.datetime | None = None) -> dict[str, Any]:
    return {
        "number": ticket.number,
        "kind": EMERGENCY_KIND if ticket.state == State.EMERGENCY else ticket.kind,
        "state": ticket.state,
        "call_id": ticket.call_id,
        "created_at": ticket.created_at,
        "updated_at": ticket.updated_at,
        "version": ticket.version,
        "words": ticket.words,
        "due_at": ticket.due_at,
        "overdue": is_late(ticket, now),
        "is_emergency": ticket.emergency,
        "confidential": confidential,
    }
