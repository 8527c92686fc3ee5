"""Dispatch 派单: a lead and co-handlers are given a ticket; its deadline is frozen (Art. 18)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from backend.deadlines import Deadline, Inputs, Tier, due, freeze, recompute, thaw
from backend.dispatch.act import Act
from backend.dispatch.assignments import assign, end_all, in_hand, lead_of, own
from backend.dispatch.schemas import CoHandler, Dispatch, Join, Read, Reassign, Redo
from backend.duties import overrules
from backend.duties.models import Dispute
from backend.errors import Conflict, Invalid
from backend.supervision.watching import watch
from backend.tickets.moves import Move
from backend.units import service as units
from backend.units.models import Unit

ROUND_THE_CLOCK = frozenset({"供水", "供电", "供气", "供热"})
"""Categories served 7×24 (Art. 19(1)); a dispatcher may say otherwise for one ticket."""


@dataclass(frozen=True, slots=True)
class Term:
    """How long a unit has: the tier, and whether every day is a day of work."""

    tier: Tier
    round_the_clock: bool

    def from_now(self, act: Act) -> Deadline:
        """Return the deadline; the clock starts with the act."""
        return due(Inputs(act.at, self.tier, self.round_the_clock), act.calendar)


async def dispatch(act: Act, sent: Dispatch, **said: Any) -> None:
    """Dispatch to a lead and its co-handlers; the deadline is computed and frozen (Art. 16-18)."""
    await _refuse_while_disputed(act)
    await _give(act, Move.DISPATCH, sent, basis=sent.basis, **said)


async def reassign(act: Act, sent: Reassign) -> None:
    """Take a ticket from its lead by decision, with reason and basis (Art. 17, 21)."""
    await _give(act, Move.REASSIGN, sent, basis=sent.basis, reason=sent.reason)


async def redo(act: Act, sent: Redo) -> None:
    """Have the same lead do what was left undone, with a term of its own (Art. 26(1))."""
    lead = await lead_of(act.session, act.ticket)
    if lead is None:
        raise Conflict(
            "no_lead",
            "no unit has handled this ticket",
            field="number",
            remedy="reopen it and dispatch it; a merged ticket's unit is that of its parent",
        )
    term = Term(sent.tier or Tier(act.ticket.tier), _around_the_clock(act, None))
    deadline = term.from_now(act)
    unit_id = lead.unit_id
    ended = await end_all(act)
    assign(act, unit_id, deadline, lead=True)
    act.ticket.redos += 1
    act.ticket.pending = {}
    act.move(Move.REDO, deadline=freeze(deadline), lead=unit_id, lacking=sent.lacking, ended=ended)
    await watch(act.session, act.ticket, at=act.at, calendar=act.calendar)


async def join_as_lead(act: Act, sent: Join) -> None:
    """Call in a co-handler with a due time of its own, not after the lead's (Art. 21)."""
    await own(act)
    unit = await active_unit(act, sent.unit_id, "unit_id")
    here = await in_hand(act)
    if any(one.unit_id == unit.id for one in here):
        raise _twice("unit_id", unit)
    assert act.ticket.deadline
    deadline = _co_deadline(act, sent, thaw(act.ticket.deadline), "tier")
    assign(act, unit.id, deadline, lead=False)
    act.move(Move.JOIN, unit=unit.id, due_at=deadline.due_at.isoformat(), reason=sent.reason)


async def recount(act: Act, sent: Read) -> None:
    """Let the calendar that is now known settle or move the deadlines, by an event (Art. 19)."""
    assert act.ticket.deadline
    change = recompute(thaw(act.ticket.deadline), act.calendar)
    if change is None:
        raise Conflict(
            "nothing_to_recompute",
            "the calendar gives the same deadline",
            field="deadline",
            remedy="nothing needs to be done",
        )
    moved = {}
    for one in await in_hand(act):
        theirs = change if one.lead else recompute(thaw(one.deadline), act.calendar)
        if theirs:
            one.deadline, one.due_at = freeze(theirs.new), theirs.new.due_at
            moved[str(one.unit_id)] = theirs.new.due_at.isoformat()
    act.move(Move.RECOMPUTE, deadline=freeze(change.new), why=change.why, assignments=moved)


async def active_unit(act: Act, unit_id: int, field: str) -> Unit:
    """Return a unit that can be given work, or raise naming the field."""
    unit = await units.find(act.session, unit_id, field)
    if not unit.active:
        raise Conflict(
            "inactive_unit",
            f"{field}: {unit.name} is not active",
            field=field,
            remedy="choose a unit that GET /api/units?active=true lists",
        )
    return unit


async def _give(act: Act, which: Move, sent: Dispatch, **said: Any) -> None:
    unit = await active_unit(act, sent.unit_id, "unit_id")
    ticket = act.ticket
    term = Term(sent.tier or Tier(ticket.tier), _around_the_clock(act, sent.round_the_clock))
    deadline = term.from_now(act)
    overruled = await overrules.note(act.session, ticket, unit, actor=act.asker.actor, at=act.at)
    ended = await end_all(act)
    assign(act, unit.id, deadline, lead=True)
    joined = await _join_all(act, unit, sent.co_handlers, deadline)
    tier_before, ticket.tier, ticket.unit = ticket.tier, term.tier.value, unit.name
    ticket.dispatched_at, ticket.pending = act.at, {}
    ticket.dispatches += 1
    act.move(
        which,
        deadline=freeze(deadline),
        lead=unit.id,
        co_handlers=joined,
        ended=ended,
        tier=[tier_before, ticket.tier],
        overruled=overruled,
        **said,
    )
    await watch(act.session, act.ticket, at=act.at, calendar=act.calendar)


async def _refuse_while_disputed(act: Act) -> None:
    open_one = Dispute.ticket_id == act.ticket.id, Dispute.state == "open"
    found = await act.session.scalar(select(Dispute.id).where(*open_one))
    if found is not None:
        raise Conflict(
            "disputed",
            f"whose matter it is, is being decided: dispute {found}",
            field="number",
            remedy=f"decide it: POST /api/disputes/{found}/decide, or drop it",
        )


async def _join_all(
    act: Act, lead: Unit, co_handlers: Sequence[CoHandler], deadline: Deadline
) -> list[dict[str, object]]:
    joined: list[dict[str, object]] = []
    here = {lead.id}
    for place, one in enumerate(co_handlers):
        unit = await active_unit(act, one.unit_id, f"co_handlers.{place}.unit_id")
        if unit.id in here:
            raise _twice(f"co_handlers.{place}.unit_id", unit)
        here.add(unit.id)
        theirs = _co_deadline(act, one, deadline, f"co_handlers.{place}.tier")
        assign(act, unit.id, theirs, lead=False)
        joined.append({"unit": unit.id, "due_at": theirs.due_at.isoformat()})
    return joined


def _co_deadline(act: Act, sent: CoHandler, leads: Deadline, field: str) -> Deadline:
    own = Term(sent.tier, leads.inputs.round_the_clock).from_now(act)
    if own.due_at > leads.due_at:
        raise Invalid(
            "later_than_the_lead",
            f"{field}: {own.due_at.isoformat()} is after the lead's {leads.due_at.isoformat()}",
            field=field,
            remedy="choose a shorter tier: a co-handler reports to the lead in time (Art. 21)",
        )
    return own


def _around_the_clock(act: Act, said: bool | None) -> bool:
    return act.ticket.category in ROUND_THE_CLOCK if said is None else said


def _twice(field: str, unit: Unit) -> Conflict:
    return Conflict(
        "exists_already",
        f"{field}: {unit.name} is with this ticket already",
        field=field,
        remedy="name each unit once",
    )
