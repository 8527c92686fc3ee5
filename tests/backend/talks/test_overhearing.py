"""Both sides of a talk are heard by themselves, and what each has said is kept apart."""

import asyncio
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from backend.ami import Ami, AmiLogin, Headers, Message
from backend.calls import service as calls
from backend.calls.fold import Picture
from backend.database import Database
from backend.privacy import Seal
from backend.talks.ear import Ear
from backend.talks.overhearing import Overhearing
from tests.backend.console.conftest import database_url  # noqa: F401

NOWHERE = AmiLogin("127.0.0.1", 1, "hotline", "")
CITIZEN, AGENT = "PJSIP/trunk-00000001", "PJSIP/agent-7-00000002"
SAID = {"talk": "暖气不热三天了", "agent": "您家住在哪里"}


class Exchange(Ami):
    """Takes every request, and keeps which channel is led to which step."""

    def __init__(self) -> None:
        super().__init__(NOWHERE)
        self.led: dict[str, str] = {}

    async def ask(self, action: str, headers: Headers = ()) -> Message:
        """Note what is asked."""
        told = dict(one.split("=", 1) for name, one in list(headers) if name == "Variable")
        self.led[told["OVERHEAR_ID"]] = told["OVERHEAR_WHOM"]
        return {"Response": "Success"}


class OneUtteranceEach(Ear):
    """Hears one sentence of each side once it is let; a side may be refused at first."""

    def __init__(self, full: int = 0) -> None:
        super().__init__("http://nowhere", "", 0)
        self.full, self.steps, self.speak = full, dict[uuid.UUID, str](), asyncio.Event()
        self.asked = 0

    async def announce(self, listen_id: uuid.UUID, call_id: uuid.UUID, step: str) -> bool:
        """Take a step unless all slots are taken still, or this side has been heard."""
        self.asked += 1
        if self.asked <= self.full or step in self.steps.values():
            return False
        self.steps[listen_id] = step
        return True

    async def heard(self, listen_id: uuid.UUID) -> dict[str, Any]:
        """Give the sentence of the side."""
        await self.speak.wait()
        return {"state": "done", "text": SAID[self.steps[listen_id]], "ended_by": "silence"}


def begun(call_id: uuid.UUID, **more: str) -> Message:
    event = {"Event": "AgentConnect", "Channel": CITIZEN, "DestChannel": AGENT}
    return {**event, "ChanVariable": f"HOTLINE_CALL_ID={call_id}", **more}


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.fixture
def database(settings: Any) -> Database:
    return Database(settings.database_url)


async def picture(database: Database, call_id: uuid.UUID, seal: Seal, many: int) -> Picture:
    """Wait until so much was said in a call, and return it."""
    async with asyncio.timeout(20):
        while True:
            async with database.transaction(writes=False) as session:
                found = await calls.picture_of(session, call_id, seal)
            if len(found.utterances) >= many:
                return found
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("full", [0, 1])
async def test_each_side_is_kept_by_itself_and_an_agents_words_are_not_the_matter(
    database: Database, seal: Seal, full: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.talks.overhearing.FULL_SECONDS", 0.01)
    call_id, exchange, ear = uuid.uuid4(), Exchange(), OneUtteranceEach(full)
    ear.speak.set()
    following = Overhearing(NOWHERE, "127.0.0.1:1", ear, database, seal)

    following.take(exchange, begun(call_id))
    following.take(exchange, begun(call_id, Event="DialEnd", DialStatus="ANSWER"))
    found = await picture(database, call_id, seal, 2)
    for channel in (CITIZEN, AGENT):
        following.take(exchange, {"Event": "Hangup", "Channel": channel})
    await database.close()

    assert {one.step: one.text for one in found.utterances} == SAID
    assert found.said == SAID["talk"]
    assert sorted(exchange.led.values()) == sorted([CITIZEN, AGENT])


async def test_the_last_words_are_kept_though_the_talk_is_over(
    database: Database, seal: Seal
) -> None:
    call_id, exchange, ear = uuid.uuid4(), Exchange(), OneUtteranceEach()
    following = Overhearing(NOWHERE, "127.0.0.1:1", ear, database, seal)
    following.take(exchange, begun(call_id))
    await until(lambda: len(exchange.led) == 2)

    for channel in (CITIZEN, AGENT):
        following.take(exchange, {"Event": "Hangup", "Channel": channel})
    ear.speak.set()
    found = await picture(database, call_id, seal, 2)
    await database.close()

    assert {one.text for one in found.utterances} == set(SAID.values())


@pytest.mark.parametrize(
    "more",
    [
        {"DestChannel": "PJSIP/8001-00000002"},
        {"Event": "DialEnd", "DialStatus": "NOANSWER"},
        {"ChanVariable": ""},
    ],
)
async def test_what_is_no_talk_of_an_agent_in_the_browser_is_not_followed(
    database: Database, seal: Seal, more: dict[str, str]
) -> None:
    exchange, ear = Exchange(), OneUtteranceEach()
    following = Overhearing(NOWHERE, "127.0.0.1:1", ear, database, seal)

    following.take(exchange, begun(uuid.uuid4(), **more))
    await asyncio.sleep(0)
    await database.close()

    assert ear.asked == 0
