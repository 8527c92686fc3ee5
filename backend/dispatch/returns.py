"""Returns 退单 (Art. 20): asked with reason and basis, granted or refused with reason."""

from __future__ import annotations

import datetime as dt

from backend.deadlines import Counting, count_period, in_shanghai, keep_after_refused_return, thaw
from backend.deadlines.moments import end_of
from backend.dispatch.act import Act
from backend.dispatch.assignments import end_all, lead_of, own
from backend.dispatch.schemas import AskReturn, Reasoned
from backend.dispatch.signing import sign_by
from backend.tickets.moves import Move

DECIDE_WITHIN_WORKING_DAYS = 2


async def ask(act: Act, sent: AskReturn) -> None:
    """Ask to give a ticket back; the clock runs on until the hotline has decided."""
    await own(act)
    days = count_period(
        in_shanghai(act.at).date(), DECIDE_WITHIN_WORKING_DAYS, Counting.WORKING, act.calendar
    )
    decide_by = end_of(days.last_day, None).isoformat()
    asked = {"reason": sent.reason, "basis": sent.basis, "decide_by": decide_by}
    act.put("return", {**asked, "asked_at": _iso(act.at)})
    act.move(Move.ASK_RETURN, **asked)


async def accept(act: Act, sent: Reasoned) -> None:
    """Take a ticket back from its units; it is sent on at once, with a deadline of its own."""
    ended = await end_all(act)
    act.put("return", None)
    act.move(Move.ACCEPT_RETURN, reason=sent.reason, ended=ended)


async def refuse(act: Act, sent: Reasoned) -> None:
    """Leave a ticket with its unit, for a reason; it signs anew, the deadline stays what it was."""
    assert act.ticket.deadline
    deadline = thaw(act.ticket.deadline)
    change = keep_after_refused_return(deadline, sent.reason)
    lead = await lead_of(act.session, act.ticket)
    assert lead
    lead.signed_at, lead.sign_by = None, sign_by(act.at, deadline.inputs, act.calendar)
    act.put("return", None)
    act.move(Move.REFUSE_RETURN, reason=sent.reason, why=change.why)


def _iso(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat()
