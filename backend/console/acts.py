"""Every act on a ticket as a form: the API's own table of acts, opened under /console."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import Response

from backend.console.doors import console_router
from backend.console.forms import form
from backend.console.headers import CONSOLE
from backend.console.pages import back_to
from backend.database import Writing
from backend.dispatch import merging, schemas
from backend.dispatch.endpoints import DOORS, Door
from backend.dispatch.web import TicketNumber, begin
from backend.people.access import require
from backend.people.identity import Identity
from backend.tickets.states import State

router = console_router()


def _open(door: Door) -> None:
    """Answer POST /console/tickets/{number}/<act>; `?back=/console/…` names where to go on."""
    asker_of, sent_of = Depends(require(door.right)), Depends(form(door.sent))

    async def act(
        request: Request, asker: Any, sent: Any, session: Writing, number: TicketNumber
    ) -> Response:
        if isinstance(sent, schemas.Merge):
            await merging.hold_both(session, number, sent.into)
        begun = await begin(request, session, asker, number, sent.version, door.move)
        await door.does(begun, sent)
        said = f"工单 {number}：{State(begun.ticket.state).chinese}。"
        return back_to(request, _way_back(request), said)

    # The framework reads these: what the door asks for is known here only.
    act.__annotations__ |= {
        "asker": Annotated[Identity, asker_of],
        "sent": Annotated[Any, sent_of],
    }
    act.__name__ = door.path.replace("/", "_").replace("-", "_")
    router.post(f"/tickets/{{number}}/{door.path}")(act)


def _way_back(request: Request) -> str:
    wanted = request.query_params.get("back", "")
    return wanted if wanted.startswith(f"{CONSOLE}/") and "\\" not in wanted else CONSOLE


for each in DOORS:
    _open(each)
