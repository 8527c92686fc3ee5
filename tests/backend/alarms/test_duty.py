import asyncio
import datetime as dt
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from backend.alarms import service
from backend.alarms.models import Alarm, AlarmDelivery
from backend.alarms.service import Level, raise_alarm
from backend.alarms.settings import DutySettings, read_list
from backend.database import Database
from backend.jobs.models import Job
from backend.privacy import Seal
from backend.recordings.transcriber import Transcriber
from backend.settings import Settings
from backend.worker import Worker
from tests.backend.alarms.on_duty import SECRET, Receiver, receiver
from tests.backend.conftest import KEY, TOKEN

T = TypeVar("T")
CHECKOUT = Path(__file__).parents[3]
PATIENCE_SECONDS = 60


def duty(*urls: str, **more: Any) -> DutySettings:
    people = " ".join(f"第{at}人={url}" for at, url in enumerate(urls, 1))
    quick = {"duty_retry_seconds": 0.01, "duty_wait_seconds": 0.01, "duty_tries": 2}
    once = quick | {"duty_rounds": 1} | more
    return DutySettings(duty_list=people, duty_secret=SecretStr(SECRET), **once)


async def raised(database: Database, **more: Any) -> uuid.UUID:
    async with database.transaction() as session:
        alarm = await raise_alarm(session, "line.down", Level.URGENT, "119线路不通，请检查", **more)
        return alarm.id


async def shown(database: Database, alarm_id: uuid.UUID) -> tuple[Alarm, list[AlarmDelivery]]:
    async with database.transaction(writes=False) as session:
        alarm = await service.find(session, alarm_id)
        return alarm, list(await service.deliveries(session, [alarm_id]))


@asynccontextmanager
async def worker(settings: Settings, database: Database, on: DutySettings) -> AsyncIterator[Worker]:
    async with Transcriber("http://127.0.0.1:9", TOKEN) as away:
        yield Worker(settings, database, away, Seal(KEY), on)


async def until(worker: Worker, done: Callable[[], bool]) -> None:
    """Work until something is so."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not done():
        assert time.monotonic() < end
        await worker.do_one("w")


async def all_done(worker: Worker, database: Database) -> None:
    """Work until nothing waits, however long the pauses are."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        await worker.do_one("w")
        async with database.transaction(writes=False) as session:
            query = select(func.count()).select_from(Job).where(Job.done_at.is_(None))
            if not await session.scalar(query):
                return
    raise AssertionError("jobs are left")


async def test_the_first_on_duty_is_told_with_a_signature_and_an_id(
    settings: Settings, database: Database
) -> None:
    with receiver() as first:
        async with worker(settings, database, duty(first.url(), duty_wait_seconds=600)) as one:
            alarm_id = await raised(database)
            await until(one, lambda: bool(first.told))

    told = first.told[0]
    assert told.signed
    assert told.delivery == told.body["delivery"] == f"{alarm_id}:0"
    assert told.body["text"] == "119线路不通，请检查"
    assert told.body["level"] == "urgent"
    _, [delivery] = await shown(database, alarm_id)
    assert delivery.delivered_at is not None


async def test_an_address_that_fails_is_tried_again_under_the_same_id(
    settings: Settings, database: Database
) -> None:
    with receiver(503, 302) as first:
        on = duty(first.url(), duty_tries=3, duty_wait_seconds=600)
        async with worker(settings, database, on) as one:
            alarm_id = await raised(database)
            await until(one, lambda: len(first.told) == 3)

    assert {each.delivery for each in first.told} == {f"{alarm_id}:0"}
    assert first.told[0].body == first.told[2].body
    _, [delivery] = await shown(database, alarm_id)
    assert (delivery.tries, delivery.fault) == (3, None)


async def test_the_next_on_duty_is_told_at_once_when_an_address_is_given_up(
    settings: Settings, database: Database
) -> None:
    with receiver() as second:
        on = duty("http://127.0.0.1:9/", second.url(), duty_wait_seconds=600)
        async with worker(settings, database, on) as one:
            alarm_id = await raised(database)
            await until(one, lambda: bool(second.told))

    assert second.told[0].body["duty"] == "第2人"
    _, [given_up, told] = await shown(database, alarm_id)
    assert (given_up.given_up_at is not None, given_up.tries) == (True, 2)
    assert given_up.fault == "ConnectError"
    assert told.delivered_at is not None


async def test_the_next_on_duty_is_told_when_nobody_takes_it_and_it_ends_loudly(
    settings: Settings, database: Database
) -> None:
    with receiver() as first, receiver() as second:
        async with worker(settings, database, duty(first.url(), second.url())) as one:
            alarm_id = await raised(database)
            await all_done(one, database)

    assert [len(first.told), len(second.told)] == [1, 1]
    alarm, _ = await shown(database, alarm_id)
    assert alarm.unheard_at is not None


async def test_nobody_is_told_any_more_once_somebody_has_taken_it(
    settings: Settings, database: Database
) -> None:
    with receiver() as first, receiver() as second:
        on = duty(first.url(), second.url(), duty_wait_seconds=0.2)
        async with worker(settings, database, on) as one:
            alarm_id = await raised(database)
            await until(one, lambda: bool(first.told))
            async with database.transaction() as session:
                await service.acknowledge(
                    session, alarm_id, actor="person:7", note="马上去", now=_now()
                )
            await all_done(one, database)

    assert not second.told
    alarm, _ = await shown(database, alarm_id)
    assert (alarm.acknowledged_by, alarm.unheard_at) == ("person:7", None)


async def test_a_notice_is_told_once_and_to_one(settings: Settings, database: Database) -> None:
    with receiver() as first, receiver() as second:
        async with worker(settings, database, duty(first.url(), second.url())) as one:
            async with database.transaction() as session:
                await raise_alarm(session, "calendar.short", Level.NOTICE, "工作日历将于年底用完")
            await all_done(one, database)

    assert [len(first.told), len(second.told)] == [1, 0]


async def test_the_same_key_is_one_alarm_and_a_rolled_back_one_is_none(
    settings: Settings, database: Database
) -> None:
    once = await raised(database, key="line:119")
    again = await raised(database, key="line:119")
    with suppress(RuntimeError):
        async with database.transaction() as session:
            await raise_alarm(session, "line.down", Level.URGENT, "不会留下")
            raise RuntimeError("broke")

    async with database.transaction(writes=False) as session:
        alarms = await service.page(session, None, 10, waiting=True)
        jobs = (await session.scalars(select(Job))).all()
    assert once == again
    assert [one.id for one in alarms] == [once]
    assert len(jobs) == 1


async def test_numbers_do_not_leave_in_an_alarm(settings: Settings, database: Database) -> None:
    async with database.transaction() as session:
        alarm = await raise_alarm(session, "x", Level.NOTICE, "请回拨13812345678")

    assert "138****5678" in alarm.text


async def test_without_a_duty_list_an_alarm_stays_on_the_consoles(
    settings: Settings, database: Database
) -> None:
    async with worker(settings, database, DutySettings(duty_list="", duty_secret=None)) as one:
        alarm_id = await raised(database)
        await all_done(one, database)

    alarm, told = await shown(database, alarm_id)
    assert (told, alarm.unheard_at) == ([], None)


def test_a_duty_list_that_cannot_be_meant_is_refused() -> None:
    with pytest.raises(ValueError, match="write name=https://address"):
        read_list("王队=ftp://x")
    with pytest.raises(ValueError, match="needs a secret"):
        DutySettings(duty_list="a=http://x/", duty_secret=None)


def test_a_worker_killed_in_mid_delivery_loses_nothing(settings: Settings, tmp_path: Path) -> None:
    """kill -9 while the receiver holds the request: the next worker sends the same delivery."""
    with receiver(holds=True) as first:
        killed = _start(settings, first)
        try:
            alarm_id = _raise(settings)
            assert first.came.wait(PATIENCE_SECONDS)
        finally:
            killed.send_signal(signal.SIGKILL)
            killed.wait()
        first.came.clear()
        first.go_on.set()
        follower = _start(settings, first)
        try:
            assert first.came.wait(PATIENCE_SECONDS)
            assert _delivered(settings, alarm_id)
        finally:
            follower.kill()
            follower.wait()

    assert {one.delivery for one in first.told} == {f"{alarm_id}:0"}
    assert len(first.told) >= 2


def _start(settings: Settings, to: Receiver) -> subprocess.Popen[bytes]:
    environment = {
        "PATH": os.environ["PATH"],
        "HOTLINE_DATABASE_URL": settings.database_url,
        "HOTLINE_SERVICE_TOKEN": TOKEN,
        "HOTLINE_DATA_KEY": KEY,
        "HOTLINE_REDIS_URL": settings.redis_url,
        "HOTLINE_MEDIA": str(settings.media),
        "HOTLINE_LEASE_SECONDS": "1",
        "HOTLINE_DUTY_LIST": f"值班={to.url()}",
        "HOTLINE_DUTY_SECRET": SECRET,
        "HOTLINE_DUTY_TIMEOUT_SECONDS": "60",
        "HOTLINE_DUTY_WAIT_SECONDS": "600",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "backend", "worker"], env=environment, cwd=CHECKOUT
    )


def _raise(settings: Settings) -> uuid.UUID:
    async def act() -> uuid.UUID:
        database = Database(settings.database_url)
        try:
            return await raised(database)
        finally:
            await database.close()

    return _apart(act)


def _delivered(settings: Settings, alarm_id: uuid.UUID) -> bool:
    async def act() -> bool:
        database = Database(settings.database_url)
        try:
            end = time.monotonic() + PATIENCE_SECONDS
            while time.monotonic() < end:
                _, told = await shown(database, alarm_id)
                if told and told[0].delivered_at:
                    return True
            return False
        finally:
            await database.close()

    return _apart(act)


def _apart(act: Callable[[], Coroutine[Any, Any, T]]) -> T:
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(act())).result()


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
