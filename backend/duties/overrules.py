"""Overruled proposals: what was proposed, what a person chose, and rows to learn from (Art. 17)."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.duties import catalogue
from backend.duties.matching import Duty, Matter
from backend.duties.models import Overrule
from backend.people.callers import hush
from backend.tickets import history
from backend.tickets.models import Ticket
from backend.tickets.states import Author, EventKind
from backend.units.models import Unit

HEADINGS = (
    "text",
    "category_proposed",
    "category",
    "district",
    "unit_proposed",
    "unit",
    "entry",
    "catalogue",
    "at",
)
PAGE = 1000


def matter_of(ticket: Ticket) -> Matter:
    """Return what the catalogue looks at in a ticket."""
    return Matter(ticket.category, ticket.district, ticket.place, ticket.words)


async def note(
    session: AsyncSession, ticket: Ticket, unit: Unit, *, actor: str, at: dt.datetime
) -> bool:
    """Keep a choice of unit that is not the proposed one, or a category set right; tell which."""
    version, found = await catalogue.proposal_for(session, matter_of(ticket))
    machines = await _machines_category(session, ticket)
    proposed = found.entry
    same = proposed is not None and is_unit(proposed, unit)
    if same and machines == ticket.category:
        return False
    row = Overrule(ticket_id=ticket.id, at=at, actor=actor, words=hush(ticket.words))
    row.proposed = {
        "catalogue": version,
        "entry": proposed.code if proposed else None,
        "unit": proposed.unit if proposed else None,
        "runner_up": found.runner_up.code if found.runner_up else None,
        "category": machines,
    }
    row.chosen = {"unit_id": unit.id, "unit": unit.name, "category": ticket.category}
    row.chosen["district"] = ticket.district
    session.add(row)
    return not same


def is_unit(duty: Duty, unit: Unit) -> bool:
    """Tell whether an entry means this unit."""
    return duty.unit == unit.name if duty.unit_id is None else duty.unit_id == unit.id


async def training_rows(session: AsyncSession) -> AsyncIterator[tuple[Any, ...]]:
    """Give every overrule as a row under `HEADINGS`, oldest first."""
    last = 0
    while True:
        query = select(Overrule).where(Overrule.id > last).order_by(Overrule.id).limit(PAGE)
        rows = (await session.scalars(query)).all()
        for row in rows:
            was, now = row.proposed, row.chosen
            left = (row.words, was["category"], now["category"], now["district"])
            right = (was["unit"], now["unit"], was["entry"], was["catalogue"])
            yield (*left, *right, row.at.isoformat())
        if len(rows) < PAGE:
            return
        last = rows[-1].id


async def _machines_category(session: AsyncSession, ticket: Ticket) -> str:
    """Return the category before a person set it right."""
    if ticket.authors.get("category") != Author.PERSON:
        return ticket.category
    for event in await history.events_of(session, ticket):
        changed = event.data.get("changed", {}).get("category")
        if event.kind == EventKind.CORRECTED and changed:
            return str(changed[0])
    return ticket.category
