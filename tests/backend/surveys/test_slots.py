"""Places on the line, in a real Redis."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from backend.surveys.slots import KEY, PACE, NoPlaces, Places
from hotline.throwaway import RedisServer


@pytest.fixture
async def places(redis: RedisServer) -> AsyncIterator[Places]:
    async with Redis.from_url(redis.url) as plain:
        await plain.delete(KEY, PACE)
    opened = Places(redis.url, lease_seconds=60, calls_per_second=1000)
    yield opened
    await opened.close()


async def take(places: Places, most: int) -> uuid.UUID | None:
    await asyncio.sleep(0.002)
    call = uuid.uuid4()
    return call if await places.take(call, most) else None


async def test_no_more_places_are_taken_than_there_are(places: Places) -> None:
    taken = [await take(places, 3) for _ in range(5)]

    assert [one is not None for one in taken] == [True, True, True, False, False]
    assert await places.taken() == {one for one in taken if one}


async def test_a_place_given_back_is_free_for_the_next_call(places: Places) -> None:
    first = await take(places, 1)
    assert first
    assert await take(places, 1) is None

    await places.free([first, uuid.uuid4()])

    assert await take(places, 1)


async def test_a_place_of_a_dialler_that_died_is_free_when_its_lease_has_expired(
    redis: RedisServer, places: Places
) -> None:
    short = Places(redis.url, lease_seconds=0.05, calls_per_second=1000)
    assert await take(short, 1)

    await asyncio.sleep(0.1)

    assert await places.taken() == set()
    assert await take(places, 1)
    await short.close()


async def test_two_diallers_keep_the_pace_together(redis: RedisServer, places: Places) -> None:
    slow = [Places(redis.url, lease_seconds=60, calls_per_second=20) for _ in range(2)]
    placed = []

    async def place(one: Places) -> None:
        await one.turn()
        placed.append(time.monotonic())

    await asyncio.gather(*(place(one) for one in slow for _ in range(3)))

    assert placed[-1] - placed[0] >= 5 / 20
    for one in slow:
        await one.close()


async def test_no_place_is_taken_while_the_last_call_is_too_young(
    redis: RedisServer, places: Places
) -> None:
    slow = Places(redis.url, lease_seconds=60, calls_per_second=0.1)

    await slow.turn()

    assert not await slow.take(uuid.uuid4(), 10)
    await slow.close()


async def test_no_place_is_left_for_surveys_where_citizens_need_all(places: Places) -> None:
    assert await take(places, 0) is None
    assert await take(places, -3) is None


async def test_without_redis_nobody_is_dialled() -> None:
    away = Places("redis://127.0.0.1:1/0", lease_seconds=60, calls_per_second=1)

    with pytest.raises(NoPlaces):
        await away.take(uuid.uuid4(), 5)
    await away.close()
