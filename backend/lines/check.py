"""Tries every emergency route without ringing anybody 线路检测: OPTIONS, and a test number."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from backend.alarms.service import Level, raise_alarm
from backend.ami import AmiError
from backend.database import Database
from backend.jobs import service as jobs
from backend.jobs.models import Job
from backend.jobs.service import JobKind
from backend.lines.control import Control, Rang, Ring
from backend.lines.settings import LineSettings
from backend.logs import log

TEST_RING_SECONDS = 8
ASK_SECONDS = 600.0
ANSWERING = frozenset({"NOT_INUSE", "INUSE", "BUSY", "RINGING", "RINGINUSE", "ONHOLD"})
"""What Asterisk says of a trunk that answers OPTIONS."""


@dataclass(frozen=True, slots=True)
class Checked:
    """How one route is; ``fault`` is empty when nothing is wrong with it."""

    service: str
    route: str
    trunk: str
    options: str
    test: str
    """answered, busy, no_answer, failed, or empty where no test number is set."""
    seconds: float | None
    fault: str


async def check_routes(settings: LineSettings) -> list[Checked]:
    """Try every route of every service; raises AmiError when Asterisk cannot be asked."""
    async with Control.open(settings.login) as control:
        names = settings.trunk_names
        states = {trunk: await control.state_of(trunk) for trunk in names}
        tests = {
            service: await _test(control, route) for service, route in settings.test_numbers.items()
        }
    found = []
    for service, routes in settings.routes.items():
        for route in routes:
            trunk = route.partition("@")[2] or "trunk"
            tested = tests.get(service)
            same = tested is not None and tested[0] == trunk
            rang, seconds = (tested[1], tested[2]) if tested and same else ("", None)
            options = states.get(trunk, "unknown")
            found.append(_checked(service, route, trunk, options, rang, seconds))
    return found


async def _test(control: Control, route: str) -> tuple[str, str, float]:
    """Ring a test number; returns its trunk, how it went, and the seconds to its answer."""
    number, _, trunk = route.partition("@")
    began = time.monotonic()
    rang = await control.ring(
        Ring(f"PJSIP/{number}@{trunk or 'trunk'}", "line-check", "s", TEST_RING_SECONDS)
    )
    return trunk or "trunk", rang.value, round(time.monotonic() - began, 2)


def _checked(
    service: str, route: str, trunk: str, options: str, test: str, seconds: float | None
) -> Checked:
    faults = []
    if options not in ANSWERING:
        faults.append("the trunk does not answer OPTIONS")
    if test not in ("", Rang.ANSWERED):
        faults.append(f"the test number: {test}")
    return Checked(service, route, trunk, options, test, seconds, "; ".join(faults))


class LineCheck:
    """The daily check: one job a day, whose row keeps the result."""

    def __init__(self, settings: LineSettings, database: Database) -> None:
        self._settings, self._database = settings, database

    async def ask_daily(self) -> None:
        """See to it that each day has its check; any number of workers may ask."""
        while True:
            today = datetime.now().astimezone()
            due = today.replace(hour=self._settings.line_check_hour, minute=0, second=0)
            with contextlib.suppress(SQLAlchemyError, OSError):
                async with self._database.transaction() as session:
                    for day in (due, due + timedelta(days=1)):
                        if day > today:
                            key = day.date().isoformat()
                            at = day.astimezone(UTC)
                            await jobs.ask(session, JobKind.LINE_CHECK, key, {}, at)
            await asyncio.sleep(ASK_SECONDS)

    async def take_turn(self, job: Job, worker: str) -> None:
        """Check, keep the result in the job, and raise an alarm for what is wrong."""
        try:
            found = await check_routes(self._settings)
            fault = ""
        except AmiError as error:
            found, fault = [], str(error)
        now = datetime.now(UTC)
        bad = [one for one in found if one.fault]
        async with self._database.transaction() as session:
            if bad or fault:
                routes = "、".join(f"{one.service}（{one.route}）" for one in bad)
                text = f"紧急线路检测未通过：{routes or '电话交换机没有应答'}。请检查线路。"
                key = f"line_check:{job.key}"
                await raise_alarm(session, "line.failed", Level.URGENT, text, key=key, at=now)
            kept = {"at": now.isoformat(), "fault": fault, "routes": [asdict(o) for o in found]}
            await jobs.remember(session, job, worker, kept)
            await jobs.finish(session, job, worker, now)
        log.info("lines checked", routes=len(found), bad=len(bad))
