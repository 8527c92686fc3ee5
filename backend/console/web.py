"""Puts the console into the backend's application."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI

from backend.console import account, acts, failures
from backend.console.headers import Headers
from backend.people.settings import PeopleSettings

ROUTERS: tuple[APIRouter, ...] = (
    account.outside,
    account.router,
    acts.router,
)
"""Every router of pages."""


def install(app: FastAPI) -> None:
    """Add the pages; after everything else, for its headers go around all of it."""
    failures.install(app)
    settings: PeopleSettings = app.state.people.settings
    app.add_middleware(Headers, telephone=None, secure=settings.cookie_secure)
    for router in ROUTERS:
        app.include_router(router)
