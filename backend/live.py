"""The loudspeaker: tells listeners on Redis what has happened; nothing depends on it."""

from __future__ import annotations

import asyncio
import json

from redis.asyncio import Redis
from redis.exceptions import RedisError

from backend.database import Event
from backend.logs import log

CHANNEL = "hotline:live"
WAITING = 1000
"""Events kept while Redis is slow; older ones are dropped first."""
PATIENCE_SECONDS = 1.0


class Loudspeaker:
    """Publishes events from a task of its own, so that nobody waits for Redis."""

    def __init__(self, url: str) -> None:
        self._redis: Redis = Redis.from_url(
            url,
            socket_timeout=PATIENCE_SECONDS,
            socket_connect_timeout=PATIENCE_SECONDS,
            retry=None,
        )
        self._waiting: asyncio.Queue[Event] = asyncio.Queue(WAITING)
        self._task: asyncio.Task[None] | None = None
        self.heard = True

    def start(self) -> None:
        """Begin to publish."""
        self._task = asyncio.create_task(self._publish())

    async def stop(self) -> None:
        """Stop publishing and close the connection."""
        while self._task and not self._task.done():
            # The Redis client may take a cancellation for one of its own timeouts.
            self._task.cancel()
            await asyncio.wait([self._task], timeout=0.2)
        await self._redis.aclose()

    async def announce(self, events: list[Event]) -> None:
        """Take events to be published; returns at once."""
        for event in events:
            if self._waiting.full():
                self._waiting.get_nowait()
            self._waiting.put_nowait(event)

    async def answers(self) -> bool:
        """Tell whether Redis is there."""
        try:
            return bool(await self._redis.ping())
        except (RedisError, OSError):
            return False

    async def _publish(self) -> None:
        while True:
            event = await self._waiting.get()
            try:
                await self._redis.publish(CHANNEL, json.dumps(event, ensure_ascii=False))
                self._note(True)
            except (RedisError, OSError, ValueError):
                self._note(False)

    def _note(self, heard: bool) -> None:
        if heard != self.heard:
            log.warning("live events", published=heard)
        self.heard = heard
