"""The routes of Art. 16 other than dispatch, and the ways back from them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete

from backend.dispatch.act import Act
from backend.dispatch.assignments import end_all, lead_of
from backend.dispatch.merging import callers_follow, refuse_while_merged
from backend.dispatch.schemas import Answer, Emergency, PassOn, Reasoned, Refusal
from backend.emergencies.watch import raised_by_hand
from backend.errors import Conflict, Invalid
from backend.tickets.models import Merged
from backend.tickets.moves import Move
from backend.tickets.states import Author, State


async def answer(act: Act, sent: Answer) -> None:
    """Answer at once 即时答复 (Art. 16(1))."""
    act.move(Move.ANSWER, answer=sent.answer)


async def refuse(act: Act, sent: Refusal) -> None:
    """Refuse 不予受理 by a clause of Art. 12; the caller has been told and why (Art. 16(3))."""
    if sent.told_at > act.at:
        raise Invalid(
            "not_told_yet",
            "told_at: lies in the future",
            field="told_at",
            remedy="tell the caller the reason first (Art. 16(3)), then refuse",
        )
    ticket = act.ticket
    ticket.acceptable, ticket.reason = False, sent.reason
    by_hand = dict.fromkeys(("acceptable", "reason"), Author.PERSON.value)
    ticket.authors = {**ticket.authors, **by_hand}
    told = sent.told_at.isoformat()
    act.move(Move.REFUSE, clause=sent.clause.value, reason=sent.reason, told_at=told)
    await callers_follow(act)


async def pass_on(act: Act, sent: PassOn) -> None:
    """Pass to another body 转交 what is no matter of government service (Art. 16(4))."""
    act.move(Move.PASS_ON, body=sent.body, reason=sent.reason)
    await callers_follow(act)


async def hand_to_emergency(act: Act, sent: Emergency) -> None:
    """Hand to an emergency service 紧急热线 (Art. 16(5))."""
    data: dict[str, Any] = {"services": [sent.service], "attempts": 0, "answered": False}
    act.ticket.notes = {"emergency": data, **act.ticket.notes}
    act.ticket.emergency = True
    act.move(Move.RAISE, **data, reason=sent.reason)
    await raised_by_hand(act.session, act.ticket, sent.service, act.at)


async def calm(act: Act, sent: Reasoned) -> None:
    """Say that it was no emergency; the ticket is a draft again."""
    act.move(Move.CALM, reason=sent.reason)


async def withdraw(act: Act, sent: Reasoned) -> None:
    """Withdraw 撤回 for the caller; a parent is not withdrawn over the other callers' heads."""
    await refuse_while_merged(act)
    act.move(Move.WITHDRAW, reason=sent.reason)
    await _unmerge(act)


async def reopen(act: Act, sent: Reasoned) -> None:
    """Take a ticket up again that no unit has handled, or that was merged into another."""
    lead = await lead_of(act.session, act.ticket)
    if lead and act.ticket.state != State.WITHDRAWN:
        raise Conflict(
            "has_a_lead",
            "a unit has handled this ticket",
            field="move",
            remedy="use redo: the same unit does what was left undone (Art. 26)",
        )
    await refuse_while_merged(act)
    act.move(Move.REOPEN, reason=sent.reason, ended=await end_all(act))
    await _unmerge(act)


async def _unmerge(act: Act) -> None:
    await act.session.execute(delete(Merged).where(Merged.ticket_id == act.ticket.id))
