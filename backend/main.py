"""The backend's web application, put together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from backend import documentation, errors, health, intake, logs
from backend.alarms import endpoints as alarms
from backend.archive import web as archive
from backend.archive.settings import ArchiveSettings
from backend.assessment import ROUTERS as ASSESSMENT
from backend.calendars import open_calendar
from backend.console import web as console
from backend.database import Database
from backend.dispatch import endpoints as dispatch
from backend.doors import open_doors
from backend.emergencies import endpoints as emergencies
from backend.intake.mending import mend
from backend.knowledge import endpoints as knowledge
from backend.law import ROUTERS as LAW
from backend.limits import BodyLimit
from backend.lines import endpoints as lines
from backend.live import Loudspeaker
from backend.people import web as people
from backend.privacy import Seal
from backend.reception import endpoints as reception
from backend.settings import Settings, load
from backend.surveys import endpoints as surveys
from backend.tickets import endpoints as tickets

DESCRIPTION = (
    "Calls to the 12345 hotline and the tickets that come of them. "
    "Every error says what is wrong, in which field, and what to do."
)
FIRST = (
    reception.router,
    tickets.router,
    dispatch.router,
    health.router,
    alarms.router,
    emergencies.router,
    surveys.router,
    lines.router,
    knowledge.router,
)


def create_app(settings: Settings) -> FastAPI:
    """Make the application; it opens the database and Redis when it is started."""
    app = FastAPI(
        title="12345 hotline",
        version="0.1.0",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    meters = health.Meters()
    app.state.settings = settings
    app.state.meters = meters
    app.add_middleware(health.Measure, meters=meters)
    files = ArchiveSettings()
    app.add_middleware(BodyLimit, attachment_bytes=files.attachment_most_bytes)
    errors.install(app)
    documentation.install(app)
    open_doors(app, (*FIRST, *LAW, *ASSESSMENT))
    people.install(app)
    console.install(app)
    archive.install(app, files)
    return app


def from_environment() -> FastAPI:
    """Make the application in a process of several that answer on one port."""
    logs.start()
    return create_app(load(Settings))


def _learn() -> None:
    """Read and fit what drafts need, so that the first caller does not wait for it."""
    intake.prepare()
    mend("暖气不热")


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    speaker = Loudspeaker(settings.redis_url)
    database = Database(settings.database_url, speaker.announce)
    app.state.calendar = open_calendar(settings.calendar)
    app.state.seal = Seal(settings.data_key.get_secret_value())
    app.state.speaker, app.state.database = speaker, database
    speaker.start()
    await asyncio.to_thread(_learn)
    try:
        yield
    finally:
        await speaker.stop()
        await database.close()
