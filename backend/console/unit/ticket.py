"""One ticket as its page shows it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.archive import attachments
from backend.archive.models import SealedFile
from backend.console.unit import acts, history
from backend.console.unit.acts import ActForm
from backend.console.unit.history import Line
from backend.console.unit.inbox import Clock, clock
from backend.dispatch.views import AssignmentView, HandlingView, handling
from backend.people.callers import confidential_among, subject_of
from backend.people.identity import Identity
from backend.privacy import Seal
from backend.surveys.answering import latest_of
from backend.surveys.models import Survey
from backend.tickets import history as events
from backend.tickets.models import Assignment, Ticket, TicketEvent
from backend.tickets.moves import RUNNING
from backend.tickets.schemas import FieldsView, fields_view
from backend.units import queries
from backend.units.models import Unit

_RUNNING = frozenset(one.value for one in RUNNING)


@dataclass(frozen=True, slots=True)
class Whole:
    """A ticket with all that its page needs; `clock` only while time runs."""

    ticket: Ticket
    fields: FieldsView
    confidential: bool
    stand: HandlingView
    clock: Clock | None
    mine: AssignmentView | None
    lines: list[Line]
    lacking: str | None
    acts: list[ActForm]
    survey: Survey | None
    files: Sequence[SealedFile]
    units: Sequence[Unit]
    above: Sequence[Unit]


async def whole(
    session: AsyncSession, asker: Identity, ticket: Ticket, seal: Seal, now: dt.datetime
) -> Whole:
    """Gather what the page of a ticket shows to this asker."""
    told = await events.events_of(session, ticket)
    hidden = bool(await confidential_among(session, [subject_of(ticket.number)]))
    stand = await handling(session, ticket, now)
    own = await _own(session, asker, ticket)
    lead = next((one for one in own if one.lead), None)
    helper = next((one for one in own if not one.lead and one.replied_at is None), None)
    open_acts = acts.open_to(asker, ticket, lead, helper)
    asked = {field.kind for act in open_acts for field in act.fields}
    return Whole(
        ticket=ticket,
        fields=fields_view(ticket, seal, numbers=False, confidential=hidden),
        confidential=hidden,
        stand=stand,
        clock=_clock(ticket, helper, now),
        mine=_view(stand, lead or helper),
        lines=await history.lines(session, told),
        lacking=_lacking(told) if ticket.redos else None,
        acts=open_acts,
        survey=await latest_of(session, ticket.id),
        files=await attachments.of_ticket(session, ticket),
        units=await _active(session) if acts.Kind.UNIT in asked else [],
        above=await _above(session, lead) if acts.Kind.ABOVE in asked and lead else [],
    )


async def _own(session: AsyncSession, asker: Identity, ticket: Ticket) -> Sequence[Assignment]:
    query = select(Assignment).where(
        Assignment.ticket_id == ticket.id,
        Assignment.ended_at.is_(None),
        asker.sight.condition(Assignment.unit_id),
    )
    return (await session.scalars(query.order_by(Assignment.id))).all()


async def _active(session: AsyncSession) -> Sequence[Unit]:
    return await queries.page(session, active=True, limit=500)


async def _above(session: AsyncSession, lead: Assignment) -> Sequence[Unit]:
    unit = await session.get_one(Unit, lead.unit_id)
    way = await queries.way_up(session, unit)
    return [one for one in reversed(way) if one.id != unit.id]


def _clock(ticket: Ticket, helper: Assignment | None, now: dt.datetime) -> Clock | None:
    """Tell the time left: a co-handler's own, else the lead's."""
    if ticket.deadline is None or ticket.state not in _RUNNING:
        return None
    frozen = json.loads(helper.deadline if helper else ticket.deadline)
    return clock(dt.datetime.fromisoformat(frozen["due_at"]), now, frozen["inputs"]["tier"])


def _view(stand: HandlingView, mine: Assignment | None) -> AssignmentView | None:
    if mine is None:
        return None
    return next((one for one in stand.assignments if one.unit_id == mine.unit_id), None)


def _lacking(told: Sequence[TicketEvent]) -> str | None:
    """Return what the hotline last said was left undone (Art. 26)."""
    said = [one.data["lacking"] for one in told if one.data.get("lacking")]
    return str(said[-1]) if said else None
