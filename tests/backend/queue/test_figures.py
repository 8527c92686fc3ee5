"""The rates of the queue by their definitions: of all who waited, in any 24 hours."""

import datetime as dt
import uuid

import pytest

from backend.database import Database
from backend.queue.models import QueueWait
from backend.queue.service import figures

NOW = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


async def waits(database: Database, *rows: tuple[float, float | None, float | None]) -> None:
    """Keep waits as seconds ago, seconds until the agent, seconds until the leaving."""
    async with database.transaction() as session:
        for ago, connected, left in rows:
            joined = NOW - ago * SECOND
            wait = QueueWait(call_id=uuid.uuid4(), joined_at=joined)
            wait.connected_at = None if connected is None else joined + connected * SECOND
            wait.left_at = None if left is None else joined + left * SECOND
            session.add(wait)


async def test_fifteen_seconds_are_in_time_and_a_moment_more_is_not(database: Database) -> None:
    await waits(database, (600, 15, 15), (600, 15.01, 15.01), (600, None, 40), (600, 3, 3))

    async with database.transaction(writes=False) as session:
        found = await figures(session, NOW)

    assert (found.waits, found.connected, found.within_seconds) == (4, 3, 2)
    assert found.within_share == pytest.approx(0.5)
    assert found.connected_share == pytest.approx(0.75)


async def test_only_the_last_day_counts_and_who_still_waits_does_not(database: Database) -> None:
    day = 24 * 3600
    await waits(database, (day + 1, 3, 3), (day - 1, 3, 3), (20, None, None))

    async with database.transaction(writes=False) as session:
        found = await figures(session, NOW)

    assert (found.waits, found.connected, found.waiting) == (1, 1, 1)
    assert found.longest_wait_seconds == pytest.approx(20)


async def test_nobody_waited_is_no_share(database: Database) -> None:
    async with database.transaction(writes=False) as session:
        found = await figures(session, NOW)

    assert (found.connected_share, found.within_share) == (None, None)
