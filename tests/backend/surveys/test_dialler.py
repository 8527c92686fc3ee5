"""The dialler at work, on a real database and a real Redis, with a line that does as it is told."""

import datetime as dt
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import cast

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from backend.database import Database
from backend.surveys import dialler as dialling
from backend.surveys import service
from backend.surveys.channels import RINGING, Ending
from backend.surveys.clock import Clock
from backend.surveys.codes import TryResult
from backend.surveys.dialler import Dialler
from backend.surveys.greetings import Greetings
from backend.surveys.line import Line
from backend.surveys.settings import LineSettings
from backend.surveys.slots import KEY, PACE, Places
from hotline.throwaway import RedisServer
from tests.backend.surveys.town import SATISFIED, Town


@dataclass
class FakeLine:
    """Places every call; a call is there until the test ends it."""

    busy: int = 0
    placed: dict[uuid.UUID, str] = field(default_factory=dict)
    there: set[uuid.UUID] = field(default_factory=set)
    refuses: bool = False

    def check(self) -> None:
        return None

    def has(self, call: uuid.UUID) -> bool:
        return call in self.there

    async def place(self, call: uuid.UUID, number: str) -> bool:
        if self.refuses:
            return False
        self.placed[call] = number
        self.there.add(call)
        return True

    async def present(self) -> set[str]:
        return {str(call) for call in self.there}


class FakeGreetings:
    async def ready(self, database: Database) -> bool:
        return True


class TownsClock(Clock):
    def __init__(self, town: Town) -> None:
        self._town = town

    def now(self) -> dt.datetime:
        return self._town.now


@dataclass
class Room:
    """A dialler, its line, and the town it calls."""

    town: Town
    line: FakeLine
    dialler: Dialler
    places: Places

    async def tick(self) -> None:
        self.dialler._looked = 0.0
        await self.dialler.tick(cast(Line, self.line))


SETTINGS = LineSettings(
    ami_port=1, ami_secret=SecretStr("x"), trunk_lines=10, survey_lines=3, survey_words_seconds=0
)


@pytest.fixture
async def room(town: Town, redis: RedisServer) -> AsyncIterator[Room]:
    async with Redis.from_url(redis.url) as plain:
        await plain.delete(KEY, PACE)
    places = Places(redis.url, lease_seconds=60, calls_per_second=100_000)
    greetings = cast(Greetings, FakeGreetings())
    dialler = Dialler(SETTINGS, town.database, town.seal, places, greetings)
    dialler.clock = TownsClock(town)
    yield Room(town, FakeLine(), dialler, places)
    await places.close()


async def completed(town: Town, count: int) -> list[str]:
    return [await town.complete(f"139{n:08}") for n in range(count)]


async def test_as_many_are_dialled_as_there_are_lines(room: Room) -> None:
    await completed(room.town, 5)

    for _ in range(4):
        await room.tick()

    assert len(room.line.placed) == 3
    assert await room.places.taken() == set(room.line.placed)


async def test_lines_that_citizens_need_are_left_to_them(room: Room) -> None:
    await completed(room.town, 5)
    room.line.busy = 7

    for _ in range(4):
        await room.tick()

    assert len(room.line.placed) == 1


async def test_an_ended_call_gives_its_place_to_the_next(room: Room) -> None:
    await completed(room.town, 4)
    for _ in range(3):
        await room.tick()
    first = next(iter(room.line.placed))

    room.line.there.discard(first)
    room.dialler._endings.append(Ending(first, 17, RINGING))
    for _ in range(2):
        await room.tick()

    assert len(room.line.placed) == 4
    assert first not in await room.places.taken()


async def test_a_refused_call_is_congestion_and_dialling_waits(room: Room) -> None:
    await completed(room.town, 3)
    room.line.refuses = True

    for _ in range(3):
        await room.tick()

    tries = await room.town.tries()
    assert [one.result for one in tries] == [TryResult.CONGESTED]
    assert await room.places.taken() == set()
    assert room.dialler._hold_until > time.monotonic()


async def test_another_dialler_ends_what_a_dead_one_began(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = await completed(room.town, 1)
    await room.town.open()
    dead = await room.town.claim("dialler:dead")
    assert dead
    assert await room.places.take(dead.id, 3)
    monkeypatch.setattr(dialling, "UNSEEN_SECONDS", 0.0)

    for _ in range(3):
        await room.tick()

    assert room.line.placed == {}
    assert [one.result for one in await room.town.tries()] == [TryResult.LOST]
    assert await room.places.taken() == set()
    assert (await room.town.survey(numbers[0])).ended_at is None


async def test_a_call_that_goes_on_is_followed_by_whoever_is_left(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = await completed(room.town, 1)
    await room.town.open()
    dead = await room.town.claim("dialler:dead")
    assert dead
    room.line.there.add(dead.id)
    monkeypatch.setattr(dialling, "UNSEEN_SECONDS", 0.0)
    for _ in range(3):
        await room.tick()
    assert (await room.town.tries())[0].ended_at is None

    room.line.there.discard(dead.id)
    await room.town.answer(dead.id, SATISFIED)
    await room.tick()

    assert (await room.town.survey(numbers[0])).answers == "contacted/solved/satisfied"


async def test_a_place_taken_for_a_call_that_never_came_to_be_is_freed(room: Room) -> None:
    assert await room.places.take(uuid.uuid4(), 3)

    for _ in range(2):
        await room.tick()

    assert await room.places.taken() == set()


async def test_nobody_is_dialled_while_surveys_are_paused(room: Room) -> None:
    await completed(room.town, 1)
    async with room.town.database.transaction() as session:
        await service.pause(session, "operator", room.town.now, paused=True)

    await room.tick()
    assert room.line.placed == {}

    async with room.town.database.transaction() as session:
        assert (await service.standing(session, room.town.now)).paused
        await service.pause(session, "operator", room.town.now, paused=False)
    await room.tick()
    assert len(room.line.placed) == 1
