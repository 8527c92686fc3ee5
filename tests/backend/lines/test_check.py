"""Every route is tried without ringing anybody; what is wrong raises an alarm."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from backend.alarms.models import Alarm
from backend.database import Database
from backend.jobs import service as jobs
from backend.jobs.models import Job
from backend.jobs.service import JobKind
from backend.lines.check import LineCheck, check_routes
from backend.lines.settings import LineSettings
from tests.backend.lines.exchange import exchange

ROUTES = {"routes_119": "119,0312119@second", "trunks": "second=10.0.0.2:5060"}


async def test_a_trunk_is_asked_and_a_test_number_is_rung() -> None:
    async with exchange("4") as lines:
        lines.states = {"DEVICE_STATE(PJSIP/trunk)": "NOT_INUSE"}

        found = await check_routes(lines.settings(**ROUTES, test_numbers={"119": "9901"}))

    by_route = {one.route: one for one in found}
    assert (by_route["119"].test, by_route["119"].fault) == ("answered", "")
    assert by_route["0312119@second"].options == "UNAVAILABLE"
    assert by_route["0312119@second"].fault == "the trunk does not answer OPTIONS"
    (rung,) = lines.actions("Originate")
    assert (rung["Channel"], rung["Context"]) == ("PJSIP/9901@trunk", "line-check")


@pytest.mark.parametrize("good", [True, False])
async def test_the_day_s_result_is_kept_and_a_fault_raises_an_alarm(
    database: Database, good: bool
) -> None:
    async with exchange() as lines:
        lines.states = {"DEVICE_STATE(PJSIP/trunk)": "NOT_INUSE" if good else "UNAVAILABLE"}
        now = datetime.now(UTC)
        async with database.transaction() as session:
            await jobs.ask(session, JobKind.LINE_CHECK, "2026-11-23", {}, now)
            job = await jobs.claim(session, "w", now, 30, JobKind.LINE_CHECK)
        assert job is not None

        await LineCheck(lines.settings(), database).take_turn(job, "w")

    async with database.transaction(writes=False) as session:
        kept = (await session.scalars(select(Job).where(Job.id == job.id))).one()
        alarms = (await session.scalars(select(Alarm))).all()
    assert kept.done_at is not None
    assert len(kept.data["routes"]) == 4
    assert [one.kind for one in alarms] == ([] if good else ["line.failed"])


@pytest.mark.parametrize("wrong", ["119", "999=1", "119=x"])
def test_a_test_number_is_written_with_its_service(
    monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    monkeypatch.setenv("HOTLINE_TEST_NUMBERS", wrong)

    with pytest.raises(ValidationError, match="is not service=number"):
        LineSettings()
