"""Make the ticket of a call, keep it up to date while it is a draft, and find tickets."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.chain import START
from backend.calls.fold import Picture
from backend.calls.handover import ARTICLE, handover_of
from backend.calls.models import Call
from backend.database import tell
from backend.duties.drafting import by_catalogue
from backend.errors import Conflict, Invalid
from backend.intake.fields import Fields
from backend.privacy import Seal, mask_in
from backend.tickets import history
from backend.tickets.drafting import draft
from backend.tickets.fingerprint import fingerprint
from backend.tickets.models import Ticket
from backend.tickets.moves import Move
from backend.tickets.moving import move, refuse_stale
from backend.tickets.numbers import new_code, next_number_and_id
from backend.tickets.states import Author, EventKind, State

MACHINE = "machine"
DANGER = ("services", "attempts", "answered")
FIXED = ("tier", "unit")
"""What a deadline and a lead rest on: a correction does not change it after dispatch."""
FIELDS = (
    "kind",
    "acceptable",
    "reason",
    "category",
    "district",
    "neighbour",
    "place",
    "time",
    "date",
    "contact",
    "tier",
    "unit",
)


async def of_call(session: AsyncSession, call_id: uuid.UUID) -> Ticket | None:
    """Return the ticket of a call, or None."""
    return await session.scalar(select(Ticket).where(Ticket.call_id == call_id))


async def by_number(session: AsyncSession, number: str, *, locked: bool = False) -> Ticket | None:
    """Return a ticket by its number, held until the commit if `locked`."""
    query = select(Ticket).where(Ticket.number == number)
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    return await session.scalar(query)


async def follow(
    session: AsyncSession,
    call: Call,
    picture: Picture,
    seal: Seal,
    now: dt.datetime,
    *,
    wanted: bool = False,
) -> Ticket | None:
    """Make the ticket of a call if it is due one, or bring its draft up to date.

    Due is a call with an emergency, a closed call with words, and any call when `wanted`.
    The call must be locked: that is what keeps it to exactly one ticket.
    """
    ticket = await of_call(session, call.id)
    due = wanted or picture.emergencies or (picture.outcome and picture.said)
    if ticket is None and not due:
        return None
    if ticket is None:
        ticket = await _make(session, call, picture, seal, now)
    else:
        await _update(session, ticket, call, picture, seal, now)
    _raise(session, ticket, picture, now)
    return ticket


async def _make(
    session: AsyncSession, call: Call, picture: Picture, seal: Seal, now: dt.datetime
) -> Ticket:
    text, caller = picture.said, picture.opened.caller if picture.opened else None
    fields = await by_catalogue(session, await draft(text, caller, picture.opened_at or now), text)
    ticket = await _begin(session, text, fields, seal, now)
    ticket.call_id, ticket.caller_digest = call.id, call.caller_digest
    await _enter(session, ticket, MACHINE, {"call": str(call.id)}, now)
    return ticket


async def make(
    session: AsyncSession,
    words: str,
    caller: str | None,
    given: Mapping[str, Any],
    seal: Seal,
    *,
    actor: str,
    now: dt.datetime,
) -> Ticket:
    """Make a ticket without a call: the given fields are a person's, the rest is drafted."""
    fields = await by_catalogue(session, await draft(words, caller, now), words)
    ticket = await _begin(session, words, fields, seal, now)
    ticket.caller_digest = seal.digest_of_number(caller) if caller else None
    _set_by_hand(ticket, given, seal)
    await _enter(session, ticket, actor, {"given": sorted(given)}, now)
    return ticket


async def _begin(
    session: AsyncSession, text: str, fields: Fields, seal: Seal, now: dt.datetime
) -> Ticket:
    code = new_code()
    number, known = await next_number_and_id(session, now)
    ticket = Ticket(
        id=known,
        number=number,
        code_digest=seal.digest_of_code(number, code),
        code_sealed=seal.close(code),
        state=State.DRAFT.value,
        created_at=now,
        updated_at=now,
        version=1,
        words=mask_in(text),
        words_sealed=seal.close(text),
        authors={},
        events_count=0,
        events_head=START,
    )
    _fill(ticket, fields, seal)
    return ticket


async def _enter(
    session: AsyncSession, ticket: Ticket, actor: str, data: dict[str, Any], now: dt.datetime
) -> None:
    session.add(ticket)
    if ticket.id is None:
        await session.flush()
    told = {**data, "fields": _public(ticket), "words": len(ticket.words)}
    told["sealed"] = fingerprint(ticket)
    event = history.link(ticket, EventKind.DRAFTED, actor=actor, at=now, data=told)
    await session.flush()
    session.add(event)
    call_id = str(ticket.call_id) if ticket.call_id else None
    tell(session, "ticket.drafted", number=ticket.number, call_id=call_id, state=ticket.state)


async def _update(
    session: AsyncSession,
    ticket: Ticket,
    call: Call,
    picture: Picture,
    seal: Seal,
    now: dt.datetime,
) -> None:
    """Read the words again if there are new ones, or the caller is known late; not once frozen."""
    known_late = ticket.caller_digest is None and call.caller_digest is not None
    if known_late:
        ticket.caller_digest = call.caller_digest
    text = picture.said
    if ticket.state not in (State.DRAFT, State.EMERGENCY):
        return
    if seal.open(ticket.words_sealed) == text and not known_late:
        return
    before = _public(ticket)
    fields = await draft(
        text, picture.opened.caller if picture.opened else None, picture.opened_at or now
    )
    fields = await by_catalogue(session, fields, text)
    ticket.words, ticket.words_sealed = mask_in(text), seal.close(text)
    _fill(ticket, fields, seal)
    _touch(ticket, now)
    data = {
        "changed": _difference(before, _public(ticket)),
        "words": len(text),
        "sealed": fingerprint(ticket),
    }
    history.append(session, ticket, EventKind.REDRAFTED, actor=MACHINE, at=now, data=data)
    tell(session, "ticket.redrafted", number=ticket.number, call_id=str(call.id))


def _raise(session: AsyncSession, ticket: Ticket, picture: Picture, now: dt.datetime) -> None:
    """Make the ticket of a dangerous call an emergency, and note each try to reach the service."""
    if not picture.emergencies:
        return
    tried = sum(len(one.attempts) for one in picture.emergencies)
    services = [one.service for one in picture.emergencies if one.service]
    answered = any(one.answered_at for one in picture.emergencies)
    data = {"services": services, "attempts": tried, "answered": answered}
    data["handover"] = handover_of(picture).value
    before = ticket.notes.get("emergency")
    if before == data:
        return
    # A person may have said that it was none: only danger heard since then raises it again.
    known = before and all(before.get(name) == data[name] for name in DANGER)
    ticket.notes = {**ticket.notes, "emergency": data}
    ticket.emergency = True
    if ticket.state == State.DRAFT and not known:
        move(session, ticket, Move.RAISE, actor=MACHINE, at=now, version=None, data=data)
        tell(session, "ticket.emergency", number=ticket.number, call_id=str(ticket.call_id))
    else:
        _touch(ticket, now)
        told = {**data, "article": ARTICLE}
        history.append(session, ticket, EventKind.ATTEMPTED, actor=MACHINE, at=now, data=told)


def correct(
    session: AsyncSession,
    ticket: Ticket,
    changes: Mapping[str, Any],
    seal: Seal,
    *,
    actor: str,
    version: int,
    now: dt.datetime,
) -> None:
    """Let a person set fields; from then on the machine leaves those alone.

    Raises Conflict when `version` is not the ticket's: somebody else was quicker.
    """
    refuse_stale(ticket, version)
    dispatched = ticket.deadline and ticket.state not in (State.DRAFT, State.RETURNED)
    if dispatched and (fixed := [name for name in FIXED if name in changes]):
        raise Conflict(
            "fixed_at_dispatch",
            f"{fixed[0]} was fixed when the ticket was dispatched",
            field=fixed[0],
            remedy="reassign the ticket, or grant an extension: both are recorded with a reason",
        )
    if unknown := set(changes) - set(FIELDS):
        raise Invalid(
            "unknown_field",
            f"a ticket has no field {sorted(unknown)[0]}",
            field=sorted(unknown)[0],
            remedy=f"fields are {', '.join(FIELDS)}",
        )
    before = _public(ticket)
    _set_by_hand(ticket, changes, seal)
    _touch(ticket, now)
    data: dict[str, Any] = {
        "changed": _difference(before, _public(ticket)),
        "fields": sorted(changes),
    }
    data["sealed"] = fingerprint(ticket)
    history.append(session, ticket, EventKind.CORRECTED, actor=actor, at=now, data=data)


def _fill(ticket: Ticket, fields: Fields, seal: Seal) -> None:
    """Write the machine's fields, but never over a person's."""
    by_person = {name for name, who in ticket.authors.items() if who == Author.PERSON}
    for name in FIELDS:
        if name not in by_person:
            _set(ticket, name, getattr(fields, name), seal)
    ticket.confidences = {
        name: 1.0 if name in by_person else round(value, 4)
        for name, value in fields.confidences.items()
    }
    ticket.unsure = [name for name in fields.unsure if name not in by_person]
    explained = fields.model_dump(mode="json", include={"alternatives", "mends", "why"})
    ticket.notes = {**(ticket.notes or {}), **explained}


def _set_by_hand(ticket: Ticket, changes: Mapping[str, Any], seal: Seal) -> None:
    for name, value in changes.items():
        _set(ticket, name, value, seal)
    ticket.authors = {**ticket.authors, **dict.fromkeys(changes, Author.PERSON.value)}
    ticket.unsure = [name for name in ticket.unsure if name not in changes]
    ticket.confidences = {**ticket.confidences, **dict.fromkeys(changes, 1.0)}


def _set(ticket: Ticket, name: str, value: Any, seal: Seal) -> None:
    if name == "contact":
        ticket.contact_sealed = seal.close(value) if value else None
    else:
        setattr(ticket, name, str(value) if name in ("kind", "tier") else value)


def _public(ticket: Ticket) -> dict[str, Any]:
    """The fields that may stand in a history: no contact, and no free text of the caller."""
    return {
        "kind": ticket.kind,
        "acceptable": ticket.acceptable,
        "category": ticket.category,
        "district": ticket.district,
        "tier": ticket.tier,
        "unit": ticket.unit,
    }


def _difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {name: [before[name], after[name]] for name in after if before[name] != after[name]}


def _touch(ticket: Ticket, now: dt.datetime) -> None:
    ticket.updated_at, ticket.version = now, ticket.version + 1
