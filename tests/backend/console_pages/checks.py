"""A line check, done as the worker does it."""

import datetime as dt

from backend.jobs import service as jobs
from backend.jobs.service import JobKind
from tests.backend.console_pages.district import District

ROUTE = {"service": "119", "route": "119", "trunk": "trunk", "options": "UNAVAILABLE"}
ROUTE |= {"test": "no_answer", "fault": "the trunk does not answer OPTIONS"}


async def checked(district: District, fault: str = "") -> None:
    """Have a check done, as the worker does."""
    now = dt.datetime.now(dt.UTC)
    async with district.console.app.state.database.transaction() as session:
        await jobs.ask(session, JobKind.LINE_CHECK, "test", {}, now)
        job = await jobs.claim(session, "w", now, 30, JobKind.LINE_CHECK)
        assert job
        routes = [] if fault else [{**ROUTE, "seconds": 8.02}]
        kept = {"at": now.isoformat(), "fault": fault, "routes": routes}
        await jobs.remember(session, job, "w", kept)
        await jobs.finish(session, job, "w", now)
