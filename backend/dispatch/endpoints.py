"""Handling over HTTP: one line an act, with its right and what is sent for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request

from backend.database import Reading, Writing
from backend.dispatch import (
    extensions,
    handling,
    merging,
    outcomes,
    returns,
    routes,
    schemas,
    sending,
)
from backend.dispatch.act import Act, seen
from backend.dispatch.views import HandlingView
from backend.dispatch.views import handling as show
from backend.dispatch.web import TicketNumber, begin, done
from backend.dispatch.web import router as make_router
from backend.people.access import desk_of, require
from backend.people.identity import Identity
from backend.people.rights import Right as R
from backend.tickets.moves import Move as M

router = make_router()
Reader = Annotated[Identity, Depends(require(R.SEE_TICKETS))]
Does = Callable[[Act, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Door:
    """One act on a ticket: its address, the move it makes, its right, what is sent, what it does.

    The page of the API shows the first line of what it does.
    """

    path: str
    move: M
    right: R
    sent: type[schemas.Read]
    does: Does


DOORS: tuple[Door, ...] = (
    # The five routes of Art. 16, and the ways back from them
    Door("answer", M.ANSWER, R.ANSWER_AT_ONCE, schemas.Answer, routes.answer),
    Door("dispatch", M.DISPATCH, R.DISPATCH, schemas.Dispatch, sending.dispatch),
    Door("refuse", M.REFUSE, R.REFUSE, schemas.Refusal, routes.refuse),
    Door("pass-on", M.PASS_ON, R.PASS_ON, schemas.PassOn, routes.pass_on),
    Door("emergency", M.RAISE, R.HAND_TO_EMERGENCY, schemas.Emergency, routes.hand_to_emergency),
    Door("calm", M.CALM, R.HAND_TO_EMERGENCY, schemas.Reasoned, routes.calm),
    Door("reassign", M.REASSIGN, R.SETTLE_DISPUTES, schemas.Reassign, sending.reassign),
    Door("withdraw", M.WITHDRAW, R.CORRECT, schemas.Reasoned, routes.withdraw),
    Door("reopen", M.REOPEN, R.REDO, schemas.Reasoned, routes.reopen),
    Door("merge", M.MERGE, R.CORRECT, schemas.Merge, merging.merge),
    Door("split", M.SPLIT, R.CORRECT, schemas.Reasoned, merging.split),
    # What units do (Art. 19-23)
    Door("sign", M.SIGN, R.SIGN, schemas.Read, handling.sign),
    Door("start", M.START, R.HANDLE, schemas.Read, handling.start),
    Door("return", M.ASK_RETURN, R.ASK_RETURN, schemas.AskReturn, returns.ask),
    Door("extension", M.ASK_EXTENSION, R.ASK_EXTENSION, schemas.AskExtension, extensions.ask),
    Door("co-handlers", M.JOIN, R.ASK_HELP, schemas.Join, sending.join_as_lead),
    Door("report", M.REPORT, R.REPLY, schemas.Report, handling.report),
    Door("reply", M.REPLY, R.REPLY, schemas.Reply, handling.reply),
    Door("escalate", M.ESCALATE, R.ESCALATE, schemas.Escalate, handling.escalate),
    Door("guide", M.GUIDE, R.ESCALATE, schemas.Guide, handling.guide),
    # What the hotline decides (Art. 19, 20, 25, 26)
    Door("return/accept", M.ACCEPT_RETURN, R.DECIDE_RETURN, schemas.Reasoned, returns.accept),
    Door("return/refuse", M.REFUSE_RETURN, R.DECIDE_RETURN, schemas.Reasoned, returns.refuse),
    Door(
        "extension/grant", M.GRANT_EXTENSION, R.DECIDE_EXTENSION, schemas.Reasoned, extensions.grant
    ),
    Door(
        "extension/refuse",
        M.REFUSE_EXTENSION,
        R.DECIDE_EXTENSION,
        schemas.Reasoned,
        extensions.refuse,
    ),
    Door("recompute", M.RECOMPUTE, R.KEEP_CALENDAR, schemas.Read, sending.recount),
    Door("long-list", M.LIST_LONG, R.LIST_LONG, schemas.LongList, outcomes.list_long),
    Door("long-list/review", M.REVIEW, R.LIST_LONG, schemas.Review, outcomes.review),
    Door("long-list/take-off", M.TAKE_OFF, R.LIST_LONG, schemas.Reasoned, outcomes.take_off),
    Door("accept-reply", M.ACCEPT_REPLY, R.CALL_BACK, schemas.Noted, outcomes.accept_reply),
    Door("close", M.CLOSE, R.CALL_BACK, schemas.Close, outcomes.close),
    Door("explain", M.EXPLAIN, R.REDO, schemas.Explain, outcomes.explain),
    Door("redo", M.REDO, R.REDO, schemas.Redo, sending.redo),
)
"""Every act on a ticket that can be done over HTTP."""


def _open(door: Door) -> None:
    allowed = require(door.right)

    async def act(
        request: Request,
        asker: Annotated[Identity, Depends(allowed)],
        session: Writing,
        number: TicketNumber,
        sent: Any,
    ) -> HandlingView:
        if isinstance(sent, schemas.Merge):
            await merging.hold_both(session, number, sent.into)
        begun = await begin(request, session, asker, number, sent.version, door.move)
        await door.does(begun, sent)
        return await done(begun)

    # The framework reads these: `door` and `allowed` are known here only.
    act.__annotations__ |= {"sent": door.sent, "asker": Annotated[Identity, Depends(allowed)]}
    act.__name__, act.__doc__ = door.path.replace("/", "_").replace("-", "_"), door.does.__doc__
    router.post(f"/{door.path}")(act)


for each in DOORS:
    _open(each)


@router.get("/handling")
async def stand(
    request: Request, asker: Reader, session: Reading, number: TicketNumber
) -> HandlingView:
    """Say where a ticket stands: its units, its deadline, what waits, what can be done next."""
    return await show(session, await seen(session, asker, number), desk_of(request).now())
