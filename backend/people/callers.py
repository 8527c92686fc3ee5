"""How callers are shown 诉求人信息 (Art. 13, 35): masked, and not at all if they ask for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import insert_into
from backend.people import audit
from backend.people.audit import Act
from backend.people.identity import Identity
from backend.people.models import ConfidentialCaller
from backend.people.rights import Right
from backend.privacy import mask, mask_in

NUMBERS = frozenset({"caller", "contact", "caller_masked", "number_called_from"})
NAMES = frozenset({"caller_name", "contact_name"})
PERSONAL = NUMBERS | NAMES
"""Field names under which lists, exports, events and logs carry a caller."""
hush = mask_in
"""Hides every telephone number in words."""
CONFIDENTIAL = "保密"
"""Stands where a confidential caller's data would."""


def shown(facts: Mapping[str, Any], *, confidential: bool) -> dict[str, Any]:
    """Return facts fit for a list, an export, an event or a log, nested ones included.

    Numbers are masked, also inside sentences; of a confidential caller nothing personal stays.
    """
    return {name: _shown(name, value, confidential) for name, value in facts.items()}


def number_shown(number: str | None, *, confidential: bool) -> str | None:
    """Return a number as lists and units see it."""
    return CONFIDENTIAL if number and confidential else mask(number)


def subject_of(ticket_number: str) -> str:
    """Return how the record names a ticket."""
    return f"ticket:{ticket_number}"


def sees_plain(asker: Identity) -> bool:
    """Tell whether numbers go to the asker unmasked: to the hotline's own programs alone."""
    return asker.may(Right.CARRY_NUMBERS)


async def keep_confidential(
    session: AsyncSession, subject: str, *, actor: str, now: dt.datetime
) -> None:
    """Note that the caller of a ticket or call asked for it; asking again changes nothing."""
    await audit.hold(session)
    fresh = {"subject": subject, "asked_at": now, "actor": actor}
    row = insert_into(session, ConfidentialCaller).values(fresh).on_conflict_do_nothing()
    done = await session.execute(row.returning(ConfidentialCaller.subject))
    if done.scalar_one_or_none() is not None:
        await audit.record(session, Act.KEPT_CONFIDENTIAL, actor=actor, subject=subject, at=now)


async def confidential_among(session: AsyncSession, subjects: Collection[str]) -> frozenset[str]:
    """Return those subjects whose caller asked for confidentiality; one query for a page."""
    column = ConfidentialCaller.subject
    return frozenset(await session.scalars(select(column).where(column.in_(subjects))))


def _shown(name: str, value: Any, confidential: bool) -> Any:
    match value:
        case None:
            return None
        case Mapping():
            return {key: _shown(key, inner, confidential) for key, inner in value.items()}
        case str() if name in PERSONAL and confidential:
            return CONFIDENTIAL
        case str() if name in NUMBERS and "*" not in value:
            return mask(value)
        case str() if name in NAMES:
            return f"{value[:1]}*"
        case str():
            return hush(value)
        case list() | tuple():
            return [_shown(name, inner, confidential) for inner in value]
        case _:
            return CONFIDENTIAL if name in PERSONAL and confidential else value
