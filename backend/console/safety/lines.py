"""Lines as a page: trunks and emergency routes with their last check, and every alarm."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response

from backend.alarms import endpoints as alarms
from backend.alarms.schemas import Acknowledgement
from backend.console.doors import console_router
from backend.console.forms import form
from backend.console.pages import back_to, page
from backend.console.safety import said
from backend.database import Reading, Writing
from backend.lines import results
from backend.lines.settings import LineSettings
from backend.people.access import desk_of, require
from backend.people.identity import Identity
from backend.people.rights import Right

router = console_router()
HERE, MOST = "/console/lines", 50
Reader = Annotated[Identity, Depends(require(Right.SEE_ALARMS))]
Taker = Annotated[Identity, Depends(require(Right.ACKNOWLEDGE_ALARMS))]


@router.get("/lines")
async def lines(
    request: Request,
    reader: Reader,
    session: Reading,
    waiting: bool = False,
    before: uuid.UUID | None = None,
) -> HTMLResponse:
    """Show the routes with what the last check found, and the alarms, newest first."""
    settings = LineSettings()
    last = await results.last_check(session)
    return page(
        request,
        "safety/lines.html",
        routes=settings.routes,
        trunks=settings.trunk_names,
        last=last,
        found={(one.service, one.route): one for one in last.routes} if last else {},
        states={one.trunk: one.options for one in last.routes} if last else {},
        under_way=await results.under_way(session, desk_of(request).now()),
        alarms=await alarms.alarms(reader, session, waiting, before, MOST),
        waiting=waiting,
        said=said,
    )


@router.post("/lines/check")
async def check(request: Request, taker: Taker, session: Writing) -> Response:
    """Have every route checked now; nobody is rung but the test numbers."""
    begun = await results.check_now(session, desk_of(request).now())
    told = "检测已开始，约半分钟后刷新查看结果。" if begun else "检测正在进行，请稍后刷新。"
    return back_to(request, HERE, told)


@router.post("/lines/alarms/{alarm_id}/acknowledge")
async def acknowledge(
    request: Request,
    taker: Taker,
    sent: Annotated[Acknowledgement, Depends(form(Acknowledgement))],
    session: Writing,
    alarm_id: uuid.UUID,
) -> Response:
    """Take an alarm."""
    await alarms.acknowledge(request, taker, session, alarm_id, sent)
    return back_to(request, HERE, "警报已确认。")
