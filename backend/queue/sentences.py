"""The sentences that Asterisk says to those who wait, written anew as the expected wait changes."""

from __future__ import annotations

import asyncio
import datetime as dt
import wave
from pathlib import Path

from sqlalchemy import select

from backend.database import Database
from backend.logs import log
from backend.queue.expected import minutes, seconds_a_place
from backend.queue.models import QueueWait

PLACES = range(1, 10)
MANY = "many"
LATELY = dt.timedelta(hours=1)
LAST_TAKEN = 20
LOOK_SECONDS = 10.0
ENDINGS = ("wav", "wav16")


class Sentences:
    """Writes `sounds/waiting/<place>` of the media directory out of the rendered prompts."""

    def __init__(self, database: Database, media: Path) -> None:
        self._database = database
        self._prompts, self._place = media / "sounds" / "zh", media / "sounds" / "waiting"
        self._told: dict[str, tuple[str, ...]] = {}

    async def run(self) -> None:
        """Keep the sentences up to date until cancelled."""
        while True:
            try:
                await self.renew(dt.datetime.now(dt.UTC))
            except Exception as error:
                log.warning("the waiting are not told anew", why=str(error)[:300])
            await asyncio.sleep(LOOK_SECONDS)

    async def renew(self, now: dt.datetime) -> None:
        """Write the sentences that are no longer what they should be."""
        query = (
            select(QueueWait.joined_at, QueueWait.connected_at)
            .where(QueueWait.joined_at > now - LATELY, QueueWait.connected_at.is_not(None))
            .order_by(QueueWait.connected_at.desc())
            .limit(LAST_TAKEN)
        )
        async with self._database.transaction(writes=False) as session:
            rows = (await session.execute(query)).all()
        taken = [(joined, connected) for joined, connected in rows if connected]
        await asyncio.to_thread(self._write, seconds_a_place(taken))

    def _write(self, a_place: float | None) -> None:
        self._place.mkdir(parents=True, exist_ok=True)
        for place in (*PLACES, MANY):
            told = minutes(len(PLACES) + 1 if isinstance(place, str) else place, a_place)
            parts = (f"place_{place}", *([f"wait_{told}"] if told else []))
            if self._told.get(str(place)) != parts and all(
                self._join(parts, f"{place}.{ending}") for ending in ENDINGS
            ):
                self._told[str(place)] = parts

    def _join(self, parts: tuple[str, ...], name: str) -> bool:
        """Join prompts into one sound; False while a prompt has not been rendered."""
        sounds = [self._prompts / f"{part}.{name.rpartition('.')[2]}" for part in parts]
        if not all(sound.exists() for sound in sounds):
            return False
        unfinished = self._place / f".{name}.new"
        with wave.open(str(unfinished), "wb") as joined:
            for at, path in enumerate(sounds):
                with wave.open(str(path), "rb") as sound:
                    if at == 0:
                        joined.setparams(sound.getparams())
                    joined.writeframes(sound.readframes(sound.getnframes()))
        unfinished.chmod(0o644)
        unfinished.replace(self._place / name)
        return True
