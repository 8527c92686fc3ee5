"""Tells the console what callers are saying, as they say it; nothing depends on it."""

import asyncio
import json
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from asr.question import Question, now

log = structlog.get_logger(__name__)

CHANNEL = "hotline:live"
_MOST_WAITING = 200
_REST_SECONDS = 5.0


class Live:
    """Publishes partial transcripts; drops them, with one line in the log, while Redis is away."""

    def __init__(self, url: str | None) -> None:
        self._redis = (
            Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1) if url else None
        )
        self._waiting: asyncio.Queue[dict[str, Any]] = asyncio.Queue(_MOST_WAITING)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to publish."""
        if self._redis:
            self._task = asyncio.create_task(self._publish(self._redis))

    def partial(self, question: Question, text: str) -> None:
        """Tell the words so far."""
        if self._redis and not self._waiting.full():
            facts = {"call_id": question.call_id, "listen_id": str(question.listen_id)}
            self._waiting.put_nowait({"kind": "partial", **facts, "text": text, "at": now()})

    async def stop(self) -> None:
        """Stop publishing."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._redis:
            await self._redis.aclose()

    async def _publish(self, redis: Redis) -> None:
        away = False
        while True:
            event = await self._waiting.get()
            try:
                await redis.publish(CHANNEL, json.dumps(event, ensure_ascii=False))
                away = False
            except (RedisError, OSError) as error:
                if not away:
                    log.warning("live view pauses", error=type(error).__name__)
                away = True
                await asyncio.sleep(_REST_SECONDS)
