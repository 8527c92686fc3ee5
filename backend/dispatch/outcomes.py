"""The end of a ticket: callback, close, explain; and the long list 挂账 (Art. 19, 25, 26)."""

from __future__ import annotations

import datetime as dt

from backend.deadlines import in_shanghai
from backend.dispatch.act import Act
from backend.dispatch.merging import callers_follow
from backend.dispatch.schemas import Close, Explain, LongList, Noted, Reasoned, Review
from backend.errors import Invalid
from backend.tickets.moves import Move
from backend.tickets.states import State


async def accept_reply(act: Act, sent: Noted) -> None:
    """Take a reply as complete: its caller, and every merged one, is to be called back."""
    act.move(Move.ACCEPT_REPLY, note=sent.note)
    await callers_follow(act)


async def close(act: Act, sent: Close) -> None:
    """Close 办结, with how the callback ended (Art. 25)."""
    emergency = act.ticket.state == State.EMERGENCY
    act.move(Move.CLOSE, callback=sent.callback, note=sent.note)
    if emergency:
        await callers_follow(act)


async def explain(act: Act, sent: Explain) -> None:
    """Close a ticket whose caller is not satisfied for outer reasons, and was told (Art. 26(2))."""
    act.move(Move.EXPLAIN, reason=sent.reason, explanation=sent.explanation)


async def list_long(act: Act, sent: LongList) -> None:
    """Put on the long list; scope, standard, procedure and a day of review are named."""
    _refuse_past(act, sent.review_on)
    entry = sent.model_dump(mode="json", exclude={"version"})
    act.ticket.pending = {
        **{key: kept for key, kept in act.ticket.pending.items() if key != "escalation"},
        "long_list": entry,
    }
    act.move(Move.LIST_LONG, **entry)


async def review(act: Act, sent: Review) -> None:
    """Look at a ticket of the long list again, and set the next day of review."""
    _refuse_past(act, sent.review_on)
    day = sent.review_on.isoformat()
    act.put("long_list", {**act.ticket.pending["long_list"], "review_on": day})
    act.move(Move.REVIEW, finding=sent.finding, review_on=day)


async def take_off(act: Act, sent: Reasoned) -> None:
    """Take off the long list: it can be handled now."""
    act.put("long_list", None)
    act.move(Move.TAKE_OFF, reason=sent.reason)


def _refuse_past(act: Act, review_on: dt.date) -> None:
    if review_on <= in_shanghai(act.at).date():
        raise Invalid(
            "no_later_day",
            "review_on: is not after today",
            field="review_on",
            remedy="name the day on which the matter is looked at again",
        )
