import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from backend.database import Database
from backend.jobs import service as jobs
from backend.jobs.service import JobKind, LeaseLost

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(seconds=31)


async def ask(database: Database, key: str = "one") -> None:
    async with database.transaction() as session:
        await jobs.ask(session, JobKind.TRANSCRIBE, key, {"sound": key}, NOW)


async def claim(database: Database, worker: str, now: datetime = NOW) -> jobs.Job | None:
    async with database.transaction() as session:
        return await jobs.claim(session, worker, now, 30)


async def test_a_job_asked_for_twice_is_one_job(database: Database) -> None:
    await ask(database)
    await ask(database)

    assert await claim(database, "a") is not None
    assert await claim(database, "a") is None


async def test_ten_workers_never_hold_one_job_together(database: Database) -> None:
    for number in range(5):
        await ask(database, f"job {number}")

    held = await asyncio.gather(*(claim(database, f"w{number}") for number in range(10)))

    ids = [job.id for job in held if job]
    assert len(ids) == len(set(ids))
    while job := await claim(database, "last"):
        ids.append(job.id)
    assert sorted(ids) == sorted(set(ids))
    assert len(ids) == 5


async def test_a_job_of_a_dead_worker_goes_to_another_after_its_lease(database: Database) -> None:
    await ask(database)
    await claim(database, "dead")

    too_early = await claim(database, "other")
    in_time = await claim(database, "other", LATER)

    assert too_early is None
    assert in_time is not None
    assert in_time.tries == 2


async def test_a_worker_that_lost_its_lease_cannot_finish(database: Database) -> None:
    await ask(database)
    slow = await claim(database, "slow")
    quick = await claim(database, "quick", LATER)
    assert slow
    assert quick

    with pytest.raises(LeaseLost):
        async with database.transaction() as session:
            await jobs.finish(session, slow, "slow", LATER)

    async with database.transaction() as session:
        await jobs.finish(session, quick, "quick", LATER)
    async with database.transaction(writes=False) as session:
        assert await jobs.waiting(session) == 0


async def test_a_postponed_job_waits_for_its_time(database: Database) -> None:
    await ask(database)
    job = await claim(database, "a")
    assert job
    async with database.transaction() as session:
        await jobs.postpone(session, job, "a", LATER, "busy")

    assert await claim(database, "b") is None
    assert await claim(database, "b", LATER) is not None
