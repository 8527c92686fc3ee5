"""Keeps the assessment up to date while nobody asks, so that whoever asks does not wait."""

from __future__ import annotations

import asyncio
import datetime as dt

from sqlalchemy.exc import SQLAlchemyError

from backend.database import Database
from backend.logs import log
from backend.statistics.taking_in import catch_up

EVERY_SECONDS = 30.0


class Assessor:
    """Takes closed tickets in, batch by batch; any number may run on one database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def run(self) -> None:
        """Work until cancelled; a database that is away is tried again later."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                while await self.step():
                    pass
            except (SQLAlchemyError, OSError) as error:
                log.error("closed tickets could not be counted", error=type(error).__name__)

    async def step(self) -> bool:
        """Take in one batch; True when there is more."""
        async with self.database.transaction() as session:
            return await catch_up(session, dt.datetime.now(dt.UTC))
