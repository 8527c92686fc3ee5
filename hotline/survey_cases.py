"""Completed tickets for trying surveys out, made in the database by the moves of the table."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.chain import START
from backend.database import Database
from backend.privacy import Seal
from backend.tables import METADATA
from backend.tickets import history, moving
from backend.tickets.models import Assignment, Ticket
from backend.tickets.moves import Move
from backend.tickets.numbers import new_code, next_number
from backend.tickets.states import EventKind
from backend.units.levels import Level
from backend.units.schemas import UnitIn
from backend.units.service import add
from hotline.instance import PREFIX
from hotline.programs import Env

ACTOR = "rehearsal"
assert METADATA.tables, "a ticket refers to the tables of other models"


@dataclass(frozen=True, slots=True)
class Case:
    """One ticket: whom to call back, about what, and since when it is complete."""

    number: str
    category: str
    closed_at: dt.datetime
    unit: str = ""
    """Who handled it; empty: the hotline answered at once."""


async def complete(env: Env, cases: Sequence[Case]) -> list[str]:
    """Make a completed ticket of each case; returns their numbers."""
    seal = Seal(env[f"{PREFIX}DATA_KEY"])
    database = Database(env[f"{PREFIX}DATABASE_URL"])
    try:
        async with database.transaction() as session:
            units = await _units(session, {case.unit for case in cases if case.unit})
            return [await _complete(session, seal, case, units) for case in cases]
    finally:
        await database.close()


async def _units(session: AsyncSession, names: set[str]) -> dict[str, int]:
    """Make these units, on a hotline that has none yet; return their ids."""
    if not names:
        return {}
    now = dt.datetime.now(dt.UTC)
    city = await add(session, UnitIn(name="市政府", level=Level.CITY), actor=ACTOR, now=now)
    made = {}
    for name in sorted(names):
        sent = UnitIn(name=name, level=Level.DEPARTMENT, parent_id=city.id)
        made[name] = (await add(session, sent, actor=ACTOR, now=now)).id
    return made


async def _complete(session: AsyncSession, seal: Seal, case: Case, units: Mapping[str, int]) -> str:
    number, code = await next_number(session, case.closed_at), new_code()
    words = f"{case.category}的问题，请处理"
    ticket = Ticket(
        number=number,
        code_digest=seal.digest_of_code(number, code),
        code_sealed=seal.close(code),
        caller_digest=seal.digest_of_number(case.number),
        state="draft",
        created_at=case.closed_at,
        updated_at=case.closed_at,
        version=1,
        words=words,
        words_sealed=seal.close(words),
        kind="求助",
        acceptable=True,
        category=case.category,
        district="莲池区",
        neighbour=False,
        contact_sealed=seal.close(case.number),
        tier="24h",
        confidences={},
        unsure=[],
        notes={},
        authors={},
        pending={},
        events_count=0,
        events_head=START,
    )
    session.add(ticket)
    await session.flush()
    at = case.closed_at
    if case.unit:
        given = Assignment(ticket_id=ticket.id, unit_id=units[case.unit], lead=True, deadline="{}")
        given.given_at = given.due_at = given.replied_at = given.ended_at = at
        session.add(given)
    history.append(session, ticket, EventKind.DRAFTED, actor=ACTOR, at=at, data={})
    moving.move(session, ticket, Move.ANSWER, actor=ACTOR, at=at, version=None)
    moving.move(session, ticket, Move.ACCEPT_REPLY, actor=ACTOR, at=at, version=None)
    done = {"callback": "none"}
    moving.move(session, ticket, Move.CLOSE, actor=ACTOR, at=at, version=None, data=done)
    return number
