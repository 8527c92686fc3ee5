"""What units do with a ticket, over HTTP (Art. 19-23)."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from backend.database import Writing
from backend.dispatch import extensions, handling, returns, schemas, sending
from backend.dispatch.views import HandlingView
from backend.dispatch.web import TicketNumber, begin, done
from backend.dispatch.web import router as make_router
from backend.people.access import require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.tickets.moves import Move

router = make_router()
Signer = Annotated[Identity, Depends(require(Right.SIGN))]
Handling = Annotated[Identity, Depends(require(Right.HANDLE))]
ReturnAsker = Annotated[Identity, Depends(require(Right.ASK_RETURN))]
ExtensionAsker = Annotated[Identity, Depends(require(Right.ASK_EXTENSION))]
HelpAsker = Annotated[Identity, Depends(require(Right.ASK_HELP))]
Replier = Annotated[Identity, Depends(require(Right.REPLY))]
Escalator = Annotated[Identity, Depends(require(Right.ESCALATE))]


@router.post("/sign")
async def sign(
    request: Request,
    asker: Signer,
    session: Writing,
    number: TicketNumber,
    sent: schemas.Read,
) -> HandlingView:
    """Sign for a ticket 签收 (Art. 20)."""
    act = await begin(request, session, asker, number, sent.version, Move.SIGN)
    await handling.sign(act)
    return await done(act)


@router.post("/start")
async def start(
    request: Request,
    asker: Handling,
    session: Writing,
    number: TicketNumber,
    sent: schemas.Read,
) -> HandlingView:
    """Begin to handle (Art. 22)."""
    act = await begin(request, session, asker, number, sent.version, Move.START)
    await handling.start(act)
    return await done(act)


@router.post("/return")
async def ask_return(
    request: Request,
    asker: ReturnAsker,
    session: Writing,
    number: TicketNumber,
    sent: schemas.AskReturn,
) -> HandlingView:
    """Ask to give the ticket back 退单, with reason and basis (Art. 20)."""
    act = await begin(request, session, asker, number, sent.version, Move.ASK_RETURN)
    await returns.ask(act, sent)
    return await done(act)


@router.post("/extension")
async def ask_extension(
    request: Request,
    asker: ExtensionAsker,
    session: Writing,
    number: TicketNumber,
    sent: schemas.AskExtension,
) -> HandlingView:
    """Ask for more time before the deadline 延期; the caller has been told (Art. 19(3))."""
    act = await begin(request, session, asker, number, sent.version, Move.ASK_EXTENSION)
    await extensions.ask(act, sent)
    return await done(act)


@router.post("/co-handlers")
async def join(
    request: Request,
    asker: HelpAsker,
    session: Writing,
    number: TicketNumber,
    sent: schemas.Join,
) -> HandlingView:
    """Call in a co-handler with a due time of its own (Art. 21)."""
    act = await begin(request, session, asker, number, sent.version, Move.JOIN)
    await sending.join_as_lead(act, sent)
    return await done(act)


@router.post("/report")
async def report(
    request: Request,
    asker: Replier,
    session: Writing,
    number: TicketNumber,
    sent: schemas.Report,
) -> HandlingView:
    """Report to the lead as a co-handler (Art. 21)."""
    act = await begin(request, session, asker, number, sent.version, Move.REPORT)
    await handling.report(act, sent)
    return await done(act)


@router.post("/reply")
async def reply(
    request: Request,
    asker: Replier,
    session: Writing,
    number: TicketNumber,
    sent: schemas.Reply,
) -> HandlingView:
    """Reply as the lead, once the caller was told (Art. 22)."""
    act = await begin(request, session, asker, number, sent.version, Move.REPLY)
    await handling.reply(act, sent)
    return await done(act)


@router.post("/escalate")
async def escalate(
    request: Request,
    asker: Escalator,
    session: Writing,
    number: TicketNumber,
    sent: schemas.Escalate,
) -> HandlingView:
    """Ask the government or the superior for help 报请 (Art. 23)."""
    act = await begin(request, session, asker, number, sent.version, Move.ESCALATE)
    await handling.escalate(act, sent)
    return await done(act)


@router.post("/guide")
async def guide(
    request: Request,
    asker: Escalator,
    session: Writing,
    number: TicketNumber,
    sent: schemas.Guide,
) -> HandlingView:
    """Give, as the superior that was asked, opinion and measures (Art. 23)."""
    act = await begin(request, session, asker, number, sent.version, Move.GUIDE)
    await handling.guide(act, sent)
    return await done(act)
