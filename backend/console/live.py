"""The event stream of a page: what may be heard, until the session is over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import StreamingResponse

from backend.console.doors import console_router
from backend.console.stream import BEAT_SECONDS, Stream
from backend.people.access import COOKIE, desk_of, require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.people.sessions import find

router = console_router()
Own = Annotated[Identity, Depends(require(Right.OWN_ACCOUNT))]
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def stream_of(request: Request) -> Stream:
    """Return the application's stream, made at its first page."""
    state = request.app.state
    if not hasattr(state, "stream"):
        state.stream = Stream(state.settings.redis_url)
    found: Stream = state.stream
    return found


@router.get("/live")
async def live(request: Request, own: Own) -> StreamingResponse:
    """Tell a page what happens."""
    told = _while_signed_in(request, stream_of(request).listen(own))
    return StreamingResponse(told, media_type="text/event-stream", headers=HEADERS)


async def _while_signed_in(request: Request, told: AsyncIterator[str]) -> AsyncIterator[str]:
    """End the stream with the session: looked up again at every beat."""
    desk, token = desk_of(request), request.cookies.get(COOKIE, "")
    checked = desk.now()
    async for line in told:
        yield line
        if (desk.now() - checked).total_seconds() >= BEAT_SECONDS:
            checked = desk.now()
            if await find(request.app.state.database, token, desk.settings, checked) is None:
                return
