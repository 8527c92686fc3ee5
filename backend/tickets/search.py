"""Finds tickets: a page of a list, in a stable order, by conditions and by words.

Words are found as they stand. Where many tickets hold them the newest ones do, so those are read
first; where few do, the index names them (see `migrations/ticket_texts.py`).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    and_,
    column,
    func,
    literal,
    or_,
    select,
    table,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from backend.people.identity import Identity
from backend.people.sight import Sight
from backend.privacy import Seal
from backend.tickets.filters import Order, Wanted, conditions
from backend.tickets.models import Assignment, Ticket
from backend.tickets.seen import held_by, seen_by
from backend.units import cursors

READ_FIRST = 20_000
"""How many of the newest tickets are read through before the index is asked."""
READ_FIRST_OF_UNIT = 4_000
"""The same for a unit, whose tickets lie apart."""
_SHAPES = {Order.MADE: r"made:\d{1,15}:", Order.DUE: r"due:\d{1,17}:\d{1,15}:"}
_TRIGRAM = 3
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_NUMBER = re.compile(r"[0-9]{6,11}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Found:
    """Some tickets, and the cursor of the next ones if there are more."""

    tickets: Sequence[Ticket]
    next_cursor: str | None


async def find(
    session: AsyncSession,
    wanted: Wanted,
    asker: Identity,
    seal: Seal,
    now: dt.datetime,
    *,
    cursor: str | None,
    limit: int,
) -> Found:
    """Return a page of the tickets that are wanted and seen by the asker.

    A ticket that comes or goes while pages are turned moves none of the others to a page
    already read; a cursor of another list is refused.
    """
    place = cursors.unwrap("t", cursor, _SHAPES[wanted.sort] + wanted.digest())
    after = place.split(":")[1:-1] if place else []
    terms = wanted.terms()
    query = select(Ticket).where(*conditions(wanted, asker, seal, now))
    query = _after(query, wanted.sort, [int(one) for one in after]).limit(limit + 1)
    await _plan_for_these_values(session)
    found = await _search(session, query, terms, wanted, after, limit, asker.sight)
    more = len(found) > limit
    return Found(found[:limit], _cursor(wanted, found[limit - 1]) if more else None)


async def _search(
    session: AsyncSession,
    query: Select[Ticket],
    terms: list[str],
    wanted: Wanted,
    after: list[str],
    limit: int,
    sight: Sight,
) -> Sequence[Ticket]:
    numbers = [term for term in terms if _NUMBER.fullmatch(term)]
    words = [term for term in terms if term not in numbers]
    for term in numbers:
        query = query.where(or_(_numbered(term), Ticket.id.in_(_holding(session, [term]))))
    if not words:
        return (await session.scalars(query.where(seen_by(sight)))).all()
    if wanted.sort is Order.MADE:
        first = await _first(session, sight, int(after[0]) if after else None)
        recent = query.where(Ticket.id >= first, seen_by(sight, first))
        found = (await session.scalars(recent.where(_holds(session, words, first)))).all()
        if len(found) > limit or first <= 0:
            return found
    query = query.where(seen_by(sight))
    hits = _holding(session, words)
    if wanted.sort is Order.MADE and _is_postgresql(session):
        few = hits.cte("hits").prefix_with("MATERIALIZED")
        hits = select(few.c.ticket_id)
    return (await session.scalars(query.where(Ticket.id.in_(hits)))).all()


async def _first(session: AsyncSession, sight: Sight, before: int | None) -> int:
    """Return the id from which on tickets are read through; 0 or less if that is all of them."""
    if sight.everything:
        newest = before or await session.scalar(select(func.max(Ticket.id))) or 0
        return newest - READ_FIRST
    query = select(Assignment.ticket_id).where(held_by(sight))
    if before:
        query = query.where(Assignment.ticket_id < before)
    last = query.order_by(Assignment.ticket_id.desc()).offset(READ_FIRST_OF_UNIT).limit(1)
    return await session.scalar(last) or 0


def _after(query: Select[Ticket], order: Order, after: list[int]) -> Select[Ticket]:
    if order is Order.MADE:
        query = query.order_by(Ticket.id.desc())
        return query.where(Ticket.id < after[0]) if after else query
    query = query.where(Ticket.due_at.is_not(None)).order_by(Ticket.due_at, Ticket.id)
    if not after:
        return query
    due_at = _EPOCH + dt.timedelta(microseconds=after[0])
    last = tuple_(literal(due_at, Ticket.due_at.type), literal(after[1], BigInteger))
    return query.where(tuple_(Ticket.due_at, Ticket.id) > last)


def _cursor(wanted: Wanted, last: Ticket) -> str:
    place = f"made:{last.id}"
    if wanted.sort is Order.DUE:
        assert last.due_at
        place = f"due:{(last.due_at - _EPOCH) // dt.timedelta(microseconds=1)}:{last.id}"
    return cursors.wrap("t", f"{place}:{wanted.digest()}")


def _holding(session: AsyncSession, terms: list[str]) -> Select[int]:
    """Return the query of the ids of tickets whose text holds every term, by the index."""
    if not _is_postgresql(session):
        texts = table("ticket_texts", column("rowid", BigInteger), column("text", Text))
        row = texts.c.rowid.label("ticket_id")
        return select(row).where(*(_like(texts.c.text, term) for term in terms))
    texts = table("ticket_texts", column("ticket_id", BigInteger), column("text", Text))
    pairs = [one for term in terms for one in map("".join, pairwise(term))]
    wanted = literal(list(dict.fromkeys(pairs)), ARRAY(Text))
    indexed = func.text_pairs(texts.c.text, type_=ARRAY(Text)).op("@>")(wanted)
    return select(texts.c.ticket_id).where(indexed, *(_like(texts.c.text, one) for one in terms))


def _holds(session: AsyncSession, terms: list[str], first: int) -> ColumnElement[bool]:
    """Return the condition that the ticket's own text holds every term, read without an index.

    That the ids begin with `first` is said of the texts too, or all of them are read.
    """
    key = "ticket_id" if _is_postgresql(session) else "rowid"
    texts = table("ticket_texts", column(key, BigInteger), column("text", Text))
    held = and_(texts.c[key] >= first, *(_like(texts.c.text, term) for term in terms))
    return select(texts.c[key]).where(texts.c[key] == Ticket.id, held).exists()


def _like(text: ColumnElement[str], term: str) -> ColumnElement[bool]:
    if len(term) < _TRIGRAM:
        text = text.concat("")  # SQLite would ask its index, which knows no shorter word.
    escaped = re.sub(r"([\\%_])", r"\\\1", term)
    if escaped == term:
        return text.like(f"%{term}%")
    return text.like(f"%{escaped}%", escape="\\")


def _numbered(digits: str) -> ColumnElement[bool]:
    """Return the condition that a ticket's number begins so: a range of its index."""
    above = str(int(digits) + 1).zfill(len(digits))
    return and_(Ticket.number >= digits, Ticket.number < above)


async def _plan_for_these_values(session: AsyncSession) -> None:
    """Have PostgreSQL plan for the values asked for, and not compile what runs for a moment."""
    if _is_postgresql(session):
        planned = func.set_config("plan_cache_mode", "force_custom_plan", True)
        await session.execute(select(planned, func.set_config("jit", "off", True)))


def _is_postgresql(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "postgresql"
