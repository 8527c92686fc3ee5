"""Citizens called back by the real Asterisk, over the exchange, with mixed endings."""

import asyncio
import datetime as dt
import random
import time
from pathlib import Path
from typing import Any

import pytest

from backend.deadlines import SHANGHAI
from backend.surveys.clock import set_ahead
from hotline.survey_cases import Case, complete
from tests.end_to_end.running import Hotline, speech

Json = dict[str, Any]
SAID = "暖气还是不热，一直没有人来修"


NOBODY_YET = random.randrange(10_000)


def a_number(last: int) -> str:
    """A number that nobody has called yet, in whatever hotline this is."""
    return f"139{NOBODY_YET:04}{last:04}"


@pytest.fixture
async def calling(hotline: Hotline) -> Hotline:
    """The hotline, on the morning of a day that is to come."""
    now = dt.datetime.now(SHANGHAI)
    at_nine = now.replace(hour=9, minute=1, second=0) + dt.timedelta(days=1)
    set_ahead(Path(hotline.setting("SURVEY_CLOCK")), (at_nine - now).total_seconds())
    return hotline


async def survey_of(hotline: Hotline, ticket: str) -> Json:
    async with hotline.backend() as backend:
        found = (await backend.get("/api/surveys", params={"ticket": ticket})).json()["items"]
    return dict(found[-1]) if found else {"tries": [], "ended_at": None}


async def tried(hotline: Hotline, tickets: list[str], seconds: float = 200) -> list[Json]:
    """Wait until a first try at each has ended."""
    end = time.monotonic() + seconds
    while True:
        surveys = [await survey_of(hotline, one) for one in tickets]
        if all(one["tries"] and one["tries"][-1]["result"] for one in surveys):
            return surveys
        assert time.monotonic() < end, surveys
        await asyncio.sleep(1)


async def test_citizens_answer_by_key_and_word_and_every_ending_has_its_code(
    calling: Hotline,
) -> None:
    hotline = calling
    why, content = speech(SAID), speech("满意")
    endings: dict[str, tuple[list[str | Path] | str, str]] = {
        a_number(1001): (["1", "1", "1", "1"], "answered"),
        a_number(1002): (["1", "1", "1", content], "answered"),
        a_number(1003): (["1", "2", "3", "3", why, "2"], "answered"),
        a_number(1004): (["1", "1", "h"], "hung_up_2"),
        a_number(1005): (["3"], "wrong_person"),
        a_number(1006): ("busy", "busy"),
        a_number(1007): ("no_answer", "no_answer"),
    }
    async with hotline.exchange() as exchange:
        for number, (turns, _) in endings.items():
            if isinstance(turns, str):
                await exchange.fail(number, turns)
            else:
                await exchange.talk(number, turns)
        now = dt.datetime.now(dt.UTC)
        tickets = await complete(hotline.env, [Case(one, "供热", now) for one in endings])

        surveys = await tried(hotline, tickets)

        arrivals = {number: exchange.arrivals(number) for number in endings}
    results = [one["tries"][-1]["result"] for one in surveys]
    assert results == [result for _, result in endings.values()]
    assert {number: len(found) for number, found in arrivals.items()} == dict.fromkeys(endings, 1)
    by_key, by_word, unhappy = surveys[:3]
    assert (by_key["contact"], by_key["solution"]) == ("contacted", "solved")
    assert by_word["tries"][-1]["said"]["satisfaction"] == {"answer": "satisfied", "by": "word"}
    assert (unhappy["proposal"], unhappy["satisfaction"]) == ("redo", "not_satisfied")
    assert "暖" in unhappy["reason"] or "热" in unhappy["reason"]
    assert (hotline.media / unhappy["reason_sound"]).exists()
    line = arrivals[a_number(1001)][0]
    assert line.answered_at
    assert line.ended_at
    assert line.ended_at - line.answered_at <= 60


async def test_a_dialler_killed_in_mid_call_calls_nobody_twice(
    calling: Hotline,
) -> None:
    hotline = calling
    number = a_number(2001)
    async with hotline.exchange() as exchange:
        await exchange.talk(number, ["1", "1", "1", "1"])
        now = dt.datetime.now(dt.UTC)
        tickets = await complete(hotline.env, [Case(number, "供热", now)])
        await hotline.until(lambda: bool(exchange.arrivals(number)), 60)

        hotline.kill("surveys")

        surveys = await tried(hotline, tickets)
        assert len(exchange.arrivals(number)) == 1
    assert surveys[0]["tries"][-1]["result"] == "answered"


async def test_paused_surveys_call_nobody_until_they_are_resumed(
    calling: Hotline,
) -> None:
    hotline = calling
    number = a_number(3001)
    async with hotline.exchange() as exchange, hotline.backend() as backend:
        await exchange.fail(number, "invalid")
        assert (await backend.post("/api/surveys/pause")).json()["paused"]
        now = dt.datetime.now(dt.UTC)
        tickets = await complete(hotline.env, [Case(number, "供热", now)])
        await asyncio.sleep(5)
        assert not exchange.arrivals(number)

        assert not (await backend.post("/api/surveys/resume")).json()["paused"]

        surveys = await tried(hotline, tickets)
    assert surveys[0]["tries"][-1]["result"] == "invalid"
