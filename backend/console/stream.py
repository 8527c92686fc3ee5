"""What happens, told to every open page: one subscription a process, one bounded queue a page."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from backend.live import CHANNEL
from backend.people.callers import hush
from backend.people.identity import Identity
from backend.people.rights import Right

WAITING = 200
"""Events kept for a page that reads slowly; the oldest go first."""
MOST_SIDES = 500
"""Utterances whose side is remembered; the oldest are forgotten first."""
BEAT_SECONDS = 15.0
REST_SECONDS = 1.0
NEEDS = {
    "partial": Right.SEE_CALLS,
    "call": Right.SEE_CALLS,
    "agent": Right.SEE_CALLS,
    "queue": Right.SEE_CALLS,
    "emergency": Right.SEE_CALLS,
    "draft": Right.CORRECT,
    "ticket": Right.CORRECT,
    "alarm": Right.SEE_ALARMS,
    "supervision": Right.SUPERVISE,
    "reminder": Right.SUPERVISE,
}
"""The first word of an event's kind -> the right without which a page is not told."""


class Stream:
    """Hears the channel while at least one page listens."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._pages: dict[asyncio.Queue[str], Identity] = {}
        self._task: asyncio.Task[None] | None = None
        self._sides: dict[str, str] = {}

    @property
    def pages(self) -> int:
        """How many pages listen."""
        return len(self._pages)

    async def listen(self, asker: Identity) -> AsyncIterator[str]:
        """Give what this person may hear as lines of an event stream, with a beat between."""
        queue: asyncio.Queue[str] = asyncio.Queue(WAITING)
        self._pages[queue] = asker
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._hear())
        try:
            yield "retry: 1000\n\n"
            while True:
                try:
                    yield await asyncio.wait_for(queue.get(), BEAT_SECONDS)
                except TimeoutError:
                    yield ": beat\n\n"
        finally:
            del self._pages[queue]
            if not self._pages:
                await self.stop()

    async def stop(self) -> None:
        """Hear no more."""
        task, self._task = self._task, None
        if task:
            task.cancel()
            await asyncio.wait([task], timeout=1)

    async def _hear(self) -> None:
        while True:
            with contextlib.suppress(RedisError, OSError):
                await self._subscribe()
            await asyncio.sleep(REST_SECONDS)

    async def _subscribe(self) -> None:
        redis: Redis = Redis.from_url(self._url, socket_connect_timeout=1)
        async with redis, redis.pubsub(ignore_subscribe_messages=True) as heard:
            await heard.subscribe(CHANNEL)
            async for message in heard.listen():
                with contextlib.suppress(ValueError):
                    self.tell(json.loads(message["data"]))

    def tell(self, event: dict[str, Any]) -> None:
        """Pass an event on to the pages of those who may hear it."""
        kind = str(event.get("kind", ""))
        needed = NEEDS.get(kind.partition(".")[0])
        if needed is None:
            return
        self._tell_side(kind, event)
        if "text" in event:
            event["text"] = hush(str(event["text"]))
        line = f"data: {json.dumps(event, ensure_ascii=False)}\n\n"
        for queue, asker in self._pages.items():
            if asker.may(needed) and asker.sight.everything:
                if queue.full():
                    queue.get_nowait()
                queue.put_nowait(line)

    def _tell_side(self, kind: str, event: dict[str, Any]) -> None:
        """Say of words whose they are: a talk tells it once, where its listening begins."""
        listen_id = str(event.get("listen_id", ""))
        if kind == "call.overheard":
            while len(self._sides) >= MOST_SIDES:
                del self._sides[next(iter(self._sides))]
            self._sides[listen_id] = str(event.get("side", ""))
        elif kind in ("partial", "call.heard"):
            event["side"] = self._sides.get(listen_id, "citizen")
