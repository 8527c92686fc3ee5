"""From one event to its notices: its callers and those merged, units on duty, each webhook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import insert_into
from backend.deadlines import thaw
from backend.jobs.service import JobKind, ask
from backend.notices import contacts, to_units
from backend.notices.models import Notice, Webhook
from backend.notices.texts import sentence, texts
from backend.notices.to_units import DISCIPLINE, UNIT, moment
from backend.people.callers import confidential_among, subject_of
from backend.tickets.models import Assignment, Merged, Ticket, TicketEvent
from backend.tickets.states import EventKind
from backend.units import tree
from backend.units.models import Unit

SMS, WEBHOOK = "sms", "webhook"
WAITING, SENT, FAILED, NO_NUMBER, NO_GATEWAY = (
    "waiting",
    "sent",
    "failed",
    "no_number",
    "no_gateway",
)
ONLY_OWN = frozenset({"merge"})
"""Occasions that concern this caller and nobody merged into the ticket."""


async def spread(
    session: AsyncSession,
    ticket_id: int,
    seq: int,
    *,
    city: str,
    now: dt.datetime,
    discipline: bool = False,
) -> int:
    """Make the notices of an event, each with its job; made again, they are the same ones.

    `discipline` says that the office that oversees discipline can be reached.
    """
    query = select(TicketEvent).where(TicketEvent.ticket_id == ticket_id, TicketEvent.seq == seq)
    event = (await session.scalars(query)).one()
    ticket = await session.get_one(Ticket, ticket_id)
    occasion = event.data.get("move", event.kind)
    made = 0
    if occasion in texts():
        facts = await _facts(session, event, city)
        for one in await _callers(session, ticket, event, occasion):
            text = sentence(occasion, {**facts, "number": one.number})
            made += await keep(session, one, SMS, occasion, text, {}, f"{ticket.id}:{seq}", now)
    made += await _to_units(session, ticket, event, city, now, discipline=discipline)
    for hook in await _webhooks(session, ticket_id):
        body = await _body(session, ticket, event)
        key = f"{ticket.id}:{seq}:{hook.id}"
        made += await keep(session, ticket, WEBHOOK, occasion, "", body, key, now, hook.id)
    return made


async def keep(
    session: AsyncSession,
    ticket: Ticket,
    channel: str,
    occasion: str,
    text: str,
    data: dict[str, Any],
    key: str,
    now: dt.datetime,
    webhook_id: int | None = None,
    *,
    waits: bool = True,
) -> bool:
    """Keep one notice with its job; False if it was kept before.

    Without `waits` it is kept as one that nobody's number was there for.
    """
    row = insert_into(session, Notice).values(
        key=f"{channel}:{ticket.number}:{key}"[:200],
        channel=channel,
        ticket_id=ticket.id,
        webhook_id=webhook_id,
        occasion=occasion,
        text=text,
        data=data,
        state=WAITING if waits else NO_NUMBER,
        made_at=now,
        tries=0,
    )
    row = row.on_conflict_do_nothing(index_elements=["key"]).returning(Notice.id)
    made = await session.scalar(row)
    if made is None:
        return False
    if waits:
        await ask(session, JobKind.NOTIFY, str(made), {"notice": made}, now)
    return True


async def _to_units(
    session: AsyncSession,
    ticket: Ticket,
    event: TicketEvent,
    city: str,
    now: dt.datetime,
    *,
    discipline: bool,
) -> int:
    """Tell the units; one whose number nobody gave has a notice that says so."""
    words = await to_units.words(session, ticket, event, city)
    numbers = await contacts.reachable(session, [one.unit_id for one in words if one.unit_id])
    made = 0
    for one in words:
        if one.unit_id is None and not discipline:
            continue
        channel = UNIT if one.unit_id else DISCIPLINE
        reached = one.unit_id is None or one.unit_id in numbers
        said = {"unit": one.unit_id}
        parts = (channel, one.occasion, one.text, said, one.key, now)
        made += await keep(session, ticket, *parts, waits=reached)
    return made


async def _callers(
    session: AsyncSession, ticket: Ticket, event: TicketEvent, occasion: str
) -> Sequence[Ticket]:
    """Return the ticket and, of those merged into it by then, each (Art. 25)."""
    if occasion in ONLY_OWN:
        return [ticket]
    query = (
        select(Ticket)
        .join(Merged, Merged.ticket_id == Ticket.id)
        .where(Merged.parent_id == ticket.id, Merged.at <= event.at)
        .order_by(Ticket.id)
    )
    return [ticket, *(await session.scalars(query)).all()]


async def _facts(session: AsyncSession, event: TicketEvent, city: str) -> dict[str, str]:
    told = event.data
    names: tuple[str, ...] = ("reason", "body", "review_on")
    facts = {name: str(told[name]) for name in names if name in told}
    unit = await session.get(Unit, told["lead"]) if told.get("lead") else None
    changed = told.get("deadline")
    if changed:
        facts["due"] = moment(thaw(changed["new"]).due_at)
    return {**facts, "city": city, "unit": unit.name if unit else "承办单位"}


async def _webhooks(session: AsyncSession, ticket_id: int) -> list[Webhook]:
    """Return the webhooks that hear of a ticket: of everything, or of its units'."""
    hooks = (await session.scalars(select(Webhook).where(Webhook.active))).all()
    if not any(one.unit_id for one in hooks):
        return list(hooks)
    query = select(Unit.path).join(Assignment, Assignment.unit_id == Unit.id)
    paths = (await session.scalars(query.where(Assignment.ticket_id == ticket_id))).all()
    above = {unit_id for path in paths for unit_id in tree.ids_in(path)}
    return [one for one in hooks if one.unit_id is None or one.unit_id in above]


async def _body(session: AsyncSession, ticket: Ticket, event: TicketEvent) -> dict[str, Any]:
    """Say what happened, without the caller: no number, no name, no words."""
    subject = subject_of(ticket.number)
    told = event.data
    return {
        "ticket": ticket.number,
        "event": event.seq,
        "kind": EventKind(event.kind).value,
        "move": told.get("move"),
        "state": told.get("to", ticket.state),
        "article": told.get("article"),
        "at": event.at.astimezone(dt.UTC).isoformat(),
        "category": ticket.category,
        "district": ticket.district,
        "tier": ticket.tier,
        "due_at": ticket.due_at.astimezone(dt.UTC).isoformat() if ticket.due_at else None,
        "confidential": bool(await confidential_among(session, [subject])),
    }
