"""Places on the line for survey calls: leases in Redis, for any number of diallers together.

A place is taken before a number is dialled and given back at every ending; one that is not, because
its dialler died, is free again when its lease expires. Without Redis nobody is dialled.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterable
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from backend.live import PATIENCE_SECONDS

KEY = "hotline:surveys:places"
PACE = "hotline:surveys:pace"
SLOWER = 1.2
"""What is kept of the pace for the time that Asterisk takes, now more and now less, to dial."""
LOOK_AGAIN_SECONDS = 0.02

# KEYS: places, pace. ARGV: lease id, most, lease seconds.
_TAKE = """
local now = redis.call('TIME')
local seconds = tonumber(now[1]) + tonumber(now[2]) / 1000000
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', seconds)
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 1 end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
redis.call('ZADD', KEYS[1], seconds + tonumber(ARGV[3]), ARGV[1])
return 1
"""


class NoPlaces(Exception):
    """Redis does not answer: nobody may be dialled."""


class Places:
    """The places of one hotline."""

    def __init__(self, url: str, lease_seconds: float, calls_per_second: float) -> None:
        self._redis: Redis = Redis.from_url(
            url,
            socket_timeout=PATIENCE_SECONDS,
            socket_connect_timeout=PATIENCE_SECONDS,
            retry=None,
        )
        self._take = self._redis.register_script(_TAKE)
        self._lease = lease_seconds
        self._apart_milliseconds = max(1, round(1000 * SLOWER / calls_per_second))

    async def take(self, call: uuid.UUID, most: int) -> bool:
        """Take a place if fewer than `most` are taken and the last call is long enough ago.

        The call itself waits for `turn` at the moment when it is placed.
        """
        try:
            args: list[str | int | float] = [str(call), most, self._lease]
            return bool(await self._take(keys=[KEY, PACE], args=list(args)))
        except (RedisError, OSError) as error:
            raise NoPlaces(type(error).__name__) from error

    async def turn(self) -> None:
        """Wait until the last call of any dialler is long enough ago, and be the last oneself."""
        apart = self._apart_milliseconds
        while not await self._asked(  # noqa: ASYNC110 - another dialler makes us wait
            self._redis.set(PACE, "1", nx=True, px=apart)
        ):
            await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def free(self, calls: Iterable[uuid.UUID]) -> None:
        """Give places back; one that was not taken, or has expired, is no fault."""
        given = [str(call) for call in calls]
        if given:
            await self._asked(self._redis.zrem(KEY, *given))

    async def taken(self) -> set[uuid.UUID]:
        """Return the calls for which places are taken now."""
        now = await self._asked(self._redis.time())
        found = await self._asked(self._redis.zrangebyscore(KEY, now[0] + now[1] / 1e6, "+inf"))
        return {uuid.UUID(one.decode()) for one in found}

    async def close(self) -> None:
        """Close the connection."""
        await self._redis.aclose()

    async def _asked(self, question: Any) -> Any:
        try:
            return await question
        except (RedisError, OSError) as error:
            raise NoPlaces(type(error).__name__) from error
