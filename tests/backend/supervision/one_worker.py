"""A worker process for a test: does what is due until nothing is, again and again."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr

from backend.database import Database
from backend.jobs import service as jobs
from backend.notices.gateways import FileSms
from backend.privacy import Seal
from backend.settings import Settings
from backend.supervision.keeper import Keeper

LEASE_SECONDS = 2.0


async def run(url: str, key: str, directory: Path) -> None:
    """Work until killed."""
    settings = Settings(
        database_url=url,
        service_token=SecretStr("a-token-for-tests-only"),
        data_key=SecretStr(key),
        media=Path("/nowhere"),
        lease_seconds=LEASE_SECONDS,
    )
    database = Database(url)
    keeper = Keeper(settings, database, Seal(key), sms=FileSms(directory))
    await keeper.begin()
    name = f"w{os.getpid()}"
    while True:
        now = datetime.now(UTC)
        async with database.transaction() as session:
            job = await jobs.claim(session, name, now, LEASE_SECONDS)
        if job is None:
            await asyncio.sleep(0.05)
        else:
            await keeper.do(job, name)


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
