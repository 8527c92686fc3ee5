"""Puts people, units and rights into the backend's application."""

from __future__ import annotations

from fastapi import FastAPI

from backend.doors import open_doors
from backend.people import account, disclosure, endpoints, systems
from backend.people.access import Desk
from backend.people.passwords import Passwords
from backend.people.settings import PeopleSettings
from backend.people.use import NoteUse
from backend.units import endpoints as units

ROUTERS = (
    account.router,
    endpoints.router,
    systems.router,
    disclosure.router,
    units.router,
)


def install(app: FastAPI, settings: PeopleSettings | None = None) -> None:
    """Add the endpoints, and the desk at which people sign in."""
    chosen = settings or PeopleSettings()
    app.state.people = Desk(chosen, Passwords(chosen))
    app.add_middleware(NoteUse, of=app)
    open_doors(app, ROUTERS)
