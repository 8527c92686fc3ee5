"""Looks whether tickets, their histories and their numbers are as they were written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.archive import witness
from backend.archive.faults import Fault
from backend.archive.shelf import Shelf
from backend.audit.chain import first_fault
from backend.deadlines import thaw
from backend.people.audit import Act, AuditEntry
from backend.tickets.fingerprint import fingerprint
from backend.tickets.history import links_of
from backend.tickets.models import Ticket, TicketEvent, TicketSequence
from backend.tickets.moving import replay

AT_ONCE = 500
_DAY_LENGTH = 6


async def tickets(session: AsyncSession, shelf: Shelf) -> AsyncIterator[Fault | int]:
    """Compare each ticket with its history, and each history with its chain."""
    after, events = 0, 0
    while True:
        query = select(Ticket).where(Ticket.id > after).order_by(Ticket.id).limit(AT_ONCE)
        rows = (await session.scalars(query)).all()
        if not rows:
            break
        told: dict[int, list[TicketEvent]] = defaultdict(list)
        stretch = TicketEvent.ticket_id.between(rows[0].id, rows[-1].id)
        order = (TicketEvent.ticket_id, TicketEvent.seq)
        for event in await session.scalars(select(TicketEvent).where(stretch).order_by(*order)):
            told[event.ticket_id].append(event)
            events += 1
        for ticket in rows:
            what = _fault(ticket, told[ticket.id])
            if what:
                yield Fault("ticket", ticket.number, what)
        yield len(rows)
        after = rows[-1].id
        session.expunge_all()
    counted = await session.scalar(select(func.count()).select_from(TicketEvent))
    if counted != events:
        yield Fault("history", "ticket_events", f"{(counted or 0) - events} events of no ticket")


def _fault(ticket: Ticket, events: list[TicketEvent]) -> str | None:
    broken = first_fault(links_of(events), ticket.events_count, ticket.events_head)
    if broken:
        return f"its history: {broken}"
    try:
        state, deadline = replay(events)
    except (ValueError, KeyError) as error:
        return f"its history: {error}"
    if state != ticket.state:
        return f"state: it says {ticket.state}, its history {state}"
    if deadline != ticket.deadline:
        return "deadline: it is not the one its history tells"
    if ticket.deadline and ticket.due_at != thaw(ticket.deadline).due_at:
        return "due_at: it is not the one of its deadline"
    marks = [one.data["sealed"] for one in events if "sealed" in one.data]
    if marks and marks[-1] != fingerprint(ticket):
        return "words or fields: they are not those its history tells"
    return None


async def numbers(session: AsyncSession, shelf: Shelf) -> AsyncIterator[Fault | int]:
    """Look for tickets that are gone: numbers of a day follow one another without a gap."""
    day = func.substr(Ticket.number, 1, _DAY_LENGTH)
    counted = select(day, func.count()).group_by(day)
    there = {name: int(count) for name, count in await session.execute(counted)}
    given = {row.day: row.last for row in await session.scalars(select(TicketSequence))}
    for name in sorted(there.keys() | given.keys()):
        yield there.get(name, 0)
        if there.get(name, 0) == given.get(name, 0):
            continue
        known = set(
            await session.scalars(select(Ticket.number).where(Ticket.number.startswith(name)))
        )
        due = {f"{name}{one:04d}" for one in range(1, given.get(name, 0) + 1)}
        for number in sorted(due - known):
            yield Fault("ticket", number, "it is missing")
        for number in sorted(known - due):
            yield Fault("ticket", number, "its number was never given")


async def witnesses(session: AsyncSession, shelf: Shelf) -> AsyncIterator[Fault | int]:
    """Compare the histories with what the record noted of them."""
    query = (
        select(AuditEntry)
        .where(AuditEntry.act == Act.HISTORY_WITNESSED, AuditEntry.subject == witness.SUBJECT)
        .order_by(AuditEntry.seq)
    )
    for entry in (await session.scalars(query)).all():
        then = entry.data
        now = await witness.look(session, int(then["after"]), int(then["upto"]))
        if (now.events, now.digest) != (then["events"], then["digest"]):
            yield Fault(
                "history",
                f"ticket_events {now.after + 1}-{now.upto}",
                f"not what the record saw in entry {entry.seq}:"
                f" {now.events} events of {then['events']}",
            )
        yield 1
