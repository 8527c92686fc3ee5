"""The routes of Art. 16 over HTTP, with dispatch and its undoing."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from backend.database import Writing
from backend.dispatch import merging, routes, schemas, sending
from backend.dispatch.views import HandlingView
from backend.dispatch.web import TicketNumber, begin, done
from backend.dispatch.web import router as make_router
from backend.people.access import require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.tickets.moves import Move

router = make_router()
Answerer = Annotated[Identity, Depends(require(Right.ANSWER_AT_ONCE))]
Dispatcher = Annotated[Identity, Depends(require(Right.DISPATCH))]
Refuser = Annotated[Identity, Depends(require(Right.REFUSE))]
Passer = Annotated[Identity, Depends(require(Right.PASS_ON))]
Rescuer = Annotated[Identity, Depends(require(Right.HAND_TO_EMERGENCY))]
Settler = Annotated[Identity, Depends(require(Right.SETTLE_DISPUTES))]
Corrector = Annotated[Identity, Depends(require(Right.CORRECT))]
Redoer = Annotated[Identity, Depends(require(Right.REDO))]


@router.post("/answer")
async def answer(
    request: Request,
    asker: Answerer,
    session: Writing,
    number: TicketNumber,
    sent: schemas.Answer,
) -> HandlingView:
    """Answer at once 即时答复 (Art. 16(1))."""
    act = await begin(request, session, asker, number, sent.version, Move.ANSWER)
    await routes.answer(act, sent)
    return await done(act)


@router.post("/dispatch")
async def dispatch(
    request: Request,
    asker: Dispatcher,
    session: Writing,
    number: TicketNumber,
    sent: schemas.Dispatch,
) -> HandlingView:
    """Dispatch to a lead and its co-handlers; the deadline is computed and frozen (Art. 16-18)."""
    act = await begin(request, session, asker, number, sent.version, Move.DISPATCH)
    await sending.dispatch(act, sent)
    return await done(act)


@router.post("/refuse")
async def refuse(
    request: Request,
    asker: Refuser,
    session: Writing,
    number: TicketNumber,
    sent: schemas.Refusal,
) -> HandlingView:
    """Refuse by a clause of Art. 12, after the caller was told why (Art. 16(3))."""
    act = await begin(request, session, asker, number, sent.version, Move.REFUSE)
    await routes.refuse(act, sent)
    return await done(act)


@router.post("/pass-on")
async def pass_on(
    request: Request,
    asker: Passer,
    session: Writing,
    number: TicketNumber,
    sent: schemas.PassOn,
) -> HandlingView:
    """Pass to another body 转交 (Art. 16(4))."""
    act = await begin(request, session, asker, number, sent.version, Move.PASS_ON)
    await routes.pass_on(act, sent)
    return await done(act)


@router.post("/emergency")
async def emergency(
    request: Request,
    asker: Rescuer,
    session: Writing,
    number: TicketNumber,
    sent: schemas.Emergency,
) -> HandlingView:
    """Hand to an emergency service (Art. 16(5))."""
    act = await begin(request, session, asker, number, sent.version, Move.RAISE)
    await routes.hand_to_emergency(act, sent)
    return await done(act)


@router.post("/calm")
async def calm(
    request: Request,
    asker: Rescuer,
    session: Writing,
    number: TicketNumber,
    sent: schemas.Reasoned,
) -> HandlingView:
    """Say that it was no emergency: the ticket is a draft again."""
    act = await begin(request, session, asker, number, sent.version, Move.CALM)
    await routes.calm(act, sent)
    return await done(act)


@router.post("/reassign")
async def reassign(
    request: Request,
    asker: Settler,
    session: Writing,
    number: TicketNumber,
    sent: schemas.Reassign,
) -> HandlingView:
    """Give to another lead by a recorded decision (Art. 17, 21)."""
    act = await begin(request, session, asker, number, sent.version, Move.REASSIGN)
    await sending.reassign(act, sent)
    return await done(act)


@router.post("/withdraw")
async def withdraw(
    request: Request,
    asker: Corrector,
    session: Writing,
    number: TicketNumber,
    sent: schemas.Reasoned,
) -> HandlingView:
    """Withdraw for the caller 撤回."""
    act = await begin(request, session, asker, number, sent.version, Move.WITHDRAW)
    await routes.withdraw(act, sent)
    return await done(act)


@router.post("/reopen")
async def reopen(
    request: Request,
    asker: Redoer,
    session: Writing,
    number: TicketNumber,
    sent: schemas.Reasoned,
) -> HandlingView:
    """Take up again what no unit has handled."""
    act = await begin(request, session, asker, number, sent.version, Move.REOPEN)
    await routes.reopen(act, sent)
    return await done(act)


@router.post("/split")
async def split(
    request: Request,
    asker: Corrector,
    session: Writing,
    number: TicketNumber,
    sent: schemas.Reasoned,
) -> HandlingView:
    """Undo a merge."""
    act = await begin(request, session, asker, number, sent.version, Move.SPLIT)
    await merging.split(act, sent)
    return await done(act)


@router.post("/merge")
async def merge(
    request: Request,
    asker: Corrector,
    session: Writing,
    number: TicketNumber,
    sent: schemas.Merge,
) -> HandlingView:
    """Merge a duplicate into another ticket 并单; its caller stays its own and is told too."""
    await merging.hold_both(session, number, sent.into)
    act = await begin(request, session, asker, number, sent.version, Move.MERGE)
    await merging.merge(act, sent.into, sent.reason)
    return await done(act)
