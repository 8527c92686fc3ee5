"""Puts endpoints into an application; what they need is read once a process, not once an app."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute

_READ: dict[tuple[int, ...], tuple[tuple[APIRouter, ...], list[BaseRoute]]] = {}
"""From the ids of routers to themselves, so that an id stays theirs, and to their endpoints."""


def open_doors(app: FastAPI, routers: Iterable[APIRouter]) -> None:
    """Add the endpoints of routers in this order.

    An application reads the signatures of its endpoints at its first request, which takes a second
    for some hundreds: here they are kept, for every further application of this process.
    """
    named = tuple(routers)
    key = tuple(map(id, named))
    if key not in _READ:
        doors = APIRouter()
        for router in named:
            doors.include_router(router)
        _READ[key] = (named, doors.routes)
    app.router.routes.extend(_READ[key][1])
