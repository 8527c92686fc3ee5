"""Notes that a session or token is in use, after the answer is done and its transaction closed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from fastapi import FastAPI, Request
from sqlalchemy import update
from starlette.types import ASGIApp, Receive, Scope, Send

from backend.database import Database
from backend.people.models import ApiToken, SignIn

_KEY = "use"


@dataclass(frozen=True, slots=True)
class Use:
    """Which row was used, and when."""

    row: type[SignIn | ApiToken]
    id: int
    at: dt.datetime


def note(request: Request, use: Use) -> None:
    """Have a use written down once the request is over."""
    setattr(request.state, _KEY, use)


class NoteUse:
    """Writes down what `note` was told; a transaction of its own, never inside the request's."""

    def __init__(self, app: ASGIApp, of: FastAPI) -> None:
        self.app, self.of = app, of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, then note the use."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        try:
            await self.app(scope, receive, send)
        finally:
            use: Use | None = state.get(_KEY)
            if use:
                await _write(self.of.state.database, use)


async def _write(database: Database, use: Use) -> None:
    async with database.transaction() as session:
        if use.row is SignIn:
            query = update(SignIn).where(SignIn.id == use.id, SignIn.seen_at < use.at)
            await session.execute(query.values(seen_at=use.at))
        else:
            await session.execute(
                update(ApiToken).where(ApiToken.id == use.id).values(used_at=use.at)
            )
