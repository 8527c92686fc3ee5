"""What the hotline decides on a ticket with a unit, over HTTP (Art. 19, 20, 25, 26)."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from backend.database import Reading, Writing
from backend.dispatch import extensions, outcomes, returns, schemas, sending
from backend.dispatch.act import seen
from backend.dispatch.views import HandlingView, handling
from backend.dispatch.web import TicketNumber, begin, done
from backend.dispatch.web import router as make_router
from backend.people.access import desk_of, require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.tickets.moves import Move

router = make_router()
ReturnDecider = Annotated[Identity, Depends(require(Right.DECIDE_RETURN))]
ExtensionDecider = Annotated[Identity, Depends(require(Right.DECIDE_EXTENSION))]
CalendarKeeper = Annotated[Identity, Depends(require(Right.KEEP_CALENDAR))]
Lister = Annotated[Identity, Depends(require(Right.LIST_LONG))]
Caller = Annotated[Identity, Depends(require(Right.CALL_BACK))]
Redoer = Annotated[Identity, Depends(require(Right.REDO))]
Reader = Annotated[Identity, Depends(require(Right.SEE_TICKETS))]


@router.post("/return/accept")
async def accept_return(
    request: Request,
    asker: ReturnDecider,
    session: Writing,
    number: TicketNumber,
    sent: schemas.Reasoned,
) -> HandlingView:
    """Take the ticket back; it is sent on at once (Art. 20)."""
    act = await begin(request, session, asker, number, sent.version, Move.ACCEPT_RETURN)
    await returns.accept(act, sent)
    return await done(act)


@router.post("/return/refuse")
async def refuse_return(
    request: Request,
    asker: ReturnDecider,
    session: Writing,
    number: TicketNumber,
    sent: schemas.Reasoned,
) -> HandlingView:
    """Refuse a return with the reason; the deadline stays (Art. 20)."""
    act = await begin(request, session, asker, number, sent.version, Move.REFUSE_RETURN)
    await returns.refuse(act, sent)
    return await done(act)


@router.post("/extension/grant")
async def grant_extension(
    request: Request,
    asker: ExtensionDecider,
    session: Writing,
    number: TicketNumber,
    sent: schemas.Reasoned,
) -> HandlingView:
    """Grant the extension that was asked for (Art. 19(3))."""
    act = await begin(request, session, asker, number, sent.version, Move.GRANT_EXTENSION)
    await extensions.grant(act, sent)
    return await done(act)


@router.post("/extension/refuse")
async def refuse_extension(
    request: Request,
    asker: ExtensionDecider,
    session: Writing,
    number: TicketNumber,
    sent: schemas.Reasoned,
) -> HandlingView:
    """Refuse it with the reason; the deadline stays."""
    act = await begin(request, session, asker, number, sent.version, Move.REFUSE_EXTENSION)
    await extensions.refuse(act, sent)
    return await done(act)


@router.post("/recompute")
async def recompute(
    request: Request,
    asker: CalendarKeeper,
    session: Writing,
    number: TicketNumber,
    sent: schemas.Read,
) -> HandlingView:
    """Let a changed calendar settle or move the deadline, by an event (Art. 19)."""
    act = await begin(request, session, asker, number, sent.version, Move.RECOMPUTE)
    await sending.recount(act)
    return await done(act)


@router.post("/long-list")
async def list_long(
    request: Request,
    asker: Lister,
    session: Writing,
    number: TicketNumber,
    sent: schemas.LongList,
) -> HandlingView:
    """Put on the long list 挂账; the deadline stays (Art. 19(4))."""
    act = await begin(request, session, asker, number, sent.version, Move.LIST_LONG)
    await outcomes.list_long(act, sent)
    return await done(act)


@router.post("/long-list/review")
async def review(
    request: Request,
    asker: Lister,
    session: Writing,
    number: TicketNumber,
    sent: schemas.Review,
) -> HandlingView:
    """Record a review, and the day of the next."""
    act = await begin(request, session, asker, number, sent.version, Move.REVIEW)
    await outcomes.review(act, sent)
    return await done(act)


@router.post("/long-list/take-off")
async def take_off(
    request: Request,
    asker: Lister,
    session: Writing,
    number: TicketNumber,
    sent: schemas.Reasoned,
) -> HandlingView:
    """Take off the long list."""
    act = await begin(request, session, asker, number, sent.version, Move.TAKE_OFF)
    await outcomes.take_off(act, sent)
    return await done(act)


@router.post("/accept-reply")
async def accept_reply(
    request: Request,
    asker: Caller,
    session: Writing,
    number: TicketNumber,
    sent: schemas.Noted,
) -> HandlingView:
    """Take the reply as complete; every caller is to be called back (Art. 25)."""
    act = await begin(request, session, asker, number, sent.version, Move.ACCEPT_REPLY)
    await outcomes.accept_reply(act, sent)
    return await done(act)


@router.post("/close")
async def close(
    request: Request,
    asker: Caller,
    session: Writing,
    number: TicketNumber,
    sent: schemas.Close,
) -> HandlingView:
    """Close 办结 after the callback (Art. 25, 27)."""
    act = await begin(request, session, asker, number, sent.version, Move.CLOSE)
    await outcomes.close(act, sent)
    return await done(act)


@router.post("/explain")
async def explain(
    request: Request,
    asker: Redoer,
    session: Writing,
    number: TicketNumber,
    sent: schemas.Explain,
) -> HandlingView:
    """Close with an explanation, where more cannot be done (Art. 26(2))."""
    act = await begin(request, session, asker, number, sent.version, Move.EXPLAIN)
    await outcomes.explain(act, sent)
    return await done(act)


@router.post("/redo")
async def redo(
    request: Request,
    asker: Redoer,
    session: Writing,
    number: TicketNumber,
    sent: schemas.Redo,
) -> HandlingView:
    """Have the unit do what was left undone (Art. 26(1))."""
    act = await begin(request, session, asker, number, sent.version, Move.REDO)
    await sending.redo(act, sent)
    return await done(act)


@router.get("/handling")
async def stand(
    request: Request, asker: Reader, session: Reading, number: TicketNumber
) -> HandlingView:
    """Say where a ticket stands: its units, its deadline, what waits, what can be done next."""
    return await handling(session, await seen(session, asker, number), desk_of(request).now())
