"""A worker killed in the middle loses nothing and says nothing twice: another one finishes."""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

from sqlalchemy import select

from backend.jobs.models import Job
from backend.supervision.models import Reminder
from tests.backend.dispatch.town import Town

CHECKOUT = Path(__file__).parents[3]
TICKETS = 8
PATIENCE_SECONDS = 120


def worker(town: Town, directory: Path) -> subprocess.Popen[bytes]:
    settings = town.office.app.state.settings
    key = settings.data_key.get_secret_value()
    words = ["-m", "tests.backend.supervision.one_worker", settings.database_url, key]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    return subprocess.Popen(
        [sys.executable, *words, str(directory)],
        env=environment,
        cwd=CHECKOUT,
        stdout=subprocess.DEVNULL,
    )


async def reached(town: Town, directory: Path, sent: int, *, all_done: bool = False) -> None:
    """Wait until so many messages lie there, and with `all_done` nothing but the round waits."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            files = len(list(directory.glob("*.json")))
            async with town.office.database.transaction(writes=False) as session:
                query = select(Job.kind).where(Job.done_at.is_(None))
                left = set(await session.scalars(query))
                said = len((await session.scalars(select(Reminder.id))).all())
            late = left <= {"round"} and said >= TICKETS
            if files >= sent and (late or not all_done):
                return
            await asyncio.sleep(0.05)


async def test_killed_in_the_middle_another_finishes_and_nothing_is_said_twice(
    town: Town, tmp_path: Path
) -> None:
    numbers = [await town.draft(caller=f"1380000000{n}") for n in range(TICKETS)]
    for number in numbers:
        await town.dispatch(number, tier="2h")
    first = worker(town, tmp_path)
    try:
        await reached(town, tmp_path, 2)
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()

    second, third = worker(town, tmp_path), worker(town, tmp_path)
    try:
        await reached(town, tmp_path, TICKETS, all_done=True)
    finally:
        for one in (second, third):
            one.kill()
            one.wait()

    assert len(list(tmp_path.glob("*.json"))) == TICKETS
    for number in numbers:
        kinds = Counter(one.data.get("what") or one.kind for one in await town.events(number))
        assert (kinds["told"], kinds["overdue"], kinds["unsigned"]) == (1, 1, 1)
