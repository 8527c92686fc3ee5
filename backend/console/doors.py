"""The door of every page: who asks is found out, and what changes carries the form's token."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from backend.console.headers import CONSOLE
from backend.console.tokens import refuse_foreign
from backend.people.access import identify
from backend.people.identity import Identity


async def enter(request: Request, asker: Annotated[Identity, Depends(identify)]) -> Identity:
    """Let a person in and note who it is for the page; refuse a change from elsewhere."""
    await refuse_foreign(request)
    request.state.asker = asker
    return asker


def console_router() -> APIRouter:
    """Make a router of pages under /console, open to people who have signed in."""
    return APIRouter(prefix=CONSOLE, dependencies=[Depends(enter)], include_in_schema=False)
