"""Adding to a ticket's history: one function, so that every event is a link of the chain."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.chain import Link, first_fault, hash_of
from backend.tickets.models import Ticket, TicketEvent
from backend.tickets.states import EventKind


def append(
    session: AsyncSession,
    ticket: Ticket,
    kind: EventKind,
    *,
    actor: str,
    at: dt.datetime,
    data: dict[str, Any],
) -> TicketEvent:
    """Add an event to a ticket whose row is locked; `data` holds no number and no name."""
    event = link(ticket, kind, actor=actor, at=at, data=data)
    session.add(event)
    return event


def link(
    ticket: Ticket, kind: EventKind, *, actor: str, at: dt.datetime, data: dict[str, Any]
) -> TicketEvent:
    """Make the next link of a ticket's chain; the ticket then ends in it, so it must be added."""
    seq = ticket.events_count + 1
    event = TicketEvent(
        ticket_id=ticket.id,
        seq=seq,
        at=at,
        kind=kind.value,
        actor=actor,
        data=data,
        previous=ticket.events_head,
        hash="",
    )
    event.hash = hash_of(event.previous, seq, _facts(event))
    ticket.events_count, ticket.events_head = seq, event.hash
    return event


async def events_of(session: AsyncSession, ticket: Ticket) -> list[TicketEvent]:
    """Return a ticket's events, oldest first."""
    query = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.seq)
    return list(await session.scalars(query))


async def fault(session: AsyncSession, ticket: Ticket) -> str | None:
    """Say where a ticket's history was tampered with, or None."""
    links = links_of(await events_of(session, ticket))
    return first_fault(links, ticket.events_count, ticket.events_head)


def links_of(events: Iterable[TicketEvent]) -> Iterator[Link]:
    """Return events as the links of a chain."""
    return (Link(row.seq, _facts(row), row.previous, row.hash) for row in events)


def _facts(event: TicketEvent) -> dict[str, Any]:
    return {
        "ticket": event.ticket_id,
        "at": event.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "kind": event.kind,
        "actor": event.actor,
        "data": event.data,
    }
