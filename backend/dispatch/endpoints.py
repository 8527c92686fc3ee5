"""Handling over HTTP: every act on a ticket, each with the right it needs."""

from __future__ import annotations

from fastapi import APIRouter

from backend.dispatch import endpoints_decisions, endpoints_routes, endpoints_units

router = APIRouter()
for one in (endpoints_routes, endpoints_units, endpoints_decisions):
    router.include_router(one.router)
