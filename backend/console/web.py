"""Puts the console into the backend's application."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI

from backend.console import account, acts, failures, live, outside
from backend.console.administration import ROUTERS as ADMINISTRATION
from backend.console.desk import endpoints as desk
from backend.console.desk import missed, telephone
from backend.console.desk.settings import TelephoneSettings
from backend.console.headers import Headers
from backend.console.safety import emergencies, lines
from backend.console.supervisor import cases, ratings, statistics
from backend.console.supervisor import endpoints as supervisor
from backend.console.unit import cases as unit_cases
from backend.console.unit import endpoints as unit
from backend.console.unit import knowledge
from backend.doors import open_doors
from backend.people.settings import PeopleSettings

ROUTERS: tuple[APIRouter, ...] = (
    account.outside,
    outside.router,
    account.router,
    acts.router,
    live.router,
    telephone.router,
    missed.router,
    desk.router,
    unit.router,
    emergencies.router,
    lines.router,
    ratings.router,
    supervisor.router,
    unit_cases.router,
    cases.router,
    statistics.router,
    knowledge.router,
    *ADMINISTRATION,
)
"""Every router of pages."""


def install(app: FastAPI) -> None:
    """Add the pages; after everything else, for its headers go around all of it."""
    failures.install(app)
    outside.install(app)
    settings: PeopleSettings = app.state.people.settings
    wss = TelephoneSettings().url.rsplit("/", 1)[0]
    app.add_middleware(Headers, telephone=wss, secure=settings.cookie_secure)
    open_doors(app, ROUTERS)
