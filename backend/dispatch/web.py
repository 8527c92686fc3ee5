"""What the endpoints of handling share: how an act begins and how it is answered."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from sqlalchemy.ext.asyncio import AsyncSession

from backend.calendars import CalendarFile
from backend.deadlines import Calendar, WorkingCalendar
from backend.dispatch import act as acts
from backend.dispatch.act import Act
from backend.dispatch.views import HandlingView, handling
from backend.errors import document
from backend.people.access import desk_of
from backend.people.identity import Identity
from backend.tickets.moves import Move
from backend.tickets.schemas import Number

ERRORS = document(403, 404, 409)
PLAIN_CALENDAR = WorkingCalendar()
TicketNumber = Annotated[Number, Path()]


def router() -> APIRouter:
    """Make a router of acts on one ticket."""
    return APIRouter(prefix="/api/tickets/{number}", tags=["handling"], responses=ERRORS)


def calendar_of(request: Request) -> Calendar:
    """Return the operator's calendar where the application has one, else the published days."""
    found: Calendar | CalendarFile = getattr(request.app.state, "calendar", PLAIN_CALENDAR)
    return found.current() if isinstance(found, CalendarFile) else found


async def begin(
    request: Request,
    session: AsyncSession,
    asker: Identity,
    number: str,
    version: int,
    which: Move,
) -> Act:
    """Hold a ticket for an act at the application's time, by its calendar."""
    now, calendar = desk_of(request).now(), calendar_of(request)
    return await acts.begin(session, asker, number, version, which, at=now, calendar=calendar)


async def done(act: Act) -> HandlingView:
    """Show how the ticket stands after an act."""
    return await handling(act.session, act.ticket, act.at)
