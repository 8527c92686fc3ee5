"""The door of every page: who asks is found out, and what changes carries the form's token."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from backend.console.headers import CONSOLE
from backend.console.tokens import refuse_foreign
from backend.people.access import identify
from backend.people.identity import Identity


async def enter(
    request: Request, asker: Annotated[Identity, Depends(identify)]
) -> AsyncIterator[Identity]:
    """Let a person in and note who it is for the page; refuse a change from elsewhere.

    The form that was read for it is closed after the answer, and so are the files in it.
    """
    try:
        await refuse_foreign(request)
        request.state.asker = asker
        yield asker
    finally:
        await request.close()


def console_router() -> APIRouter:
    """Make a router of pages under /console, open to people who have signed in."""
    return APIRouter(prefix=CONSOLE, dependencies=[Depends(enter)], include_in_schema=False)
