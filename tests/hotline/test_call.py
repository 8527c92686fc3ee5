import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from hotline.call import call, complete, read_keys, record, told
from hotline.exchange_leg import PlacedCall
from hotline.instance import InstanceError

ROW: dict[str, Any] = {
    "call_id": "c0ffee",
    "outcome": "completed",
    "needs_call_back": False,
    "recordings": [],
    "transcript": "暖气三天不热了",
    "pending": 0,
    "emergency": None,
    "times": {"speech_end": 1010.0, "final_text": 1010.4, "ticket": 1011.0},
    "ticket": {
        "number": "2611230042",
        "fields": {
            "kind": "求助",
            "acceptable": True,
            "reason": None,
            "category": "供热",
            "district": "莲池区",
            "place": "裕华路",
            "time": None,
            "contact": "138****0000",
            "tier": "24h",
            "unit": "市住建局",
            "confidences": {"kind": 0.9},
        },
    },
}

PLACED = PlacedCall(
    channel_id="x",
    sip_call_id="sip-1",
    invited_at=1000.0,
    answered_at=1000.25,
    ended_at=1020.0,
    ended_by="hotline",
    cause="16 Normal Clearing",
    heard=Path("/heard.wav"),
    first_sound_at=1000.4,
    spoke_from=1006.5,
    spoke_to=1009.5,
)


@pytest.mark.parametrize(
    ("text", "presses"),
    [
        ("", []),
        ("2s:1", [(2.0, "1")]),
        ("2:1", [(2.0, "1")]),
        ("2.5s:9,4s:#", [(2.5, "9"), (4.0, "#")]),
        ("1s:0  3s:*", [(1.0, "0"), (3.0, "*")]),
        ("1s:119", [(1.0, "1"), (1.25, "1"), (1.5, "9")]),
    ],
)
def test_keys_are_read(text: str, presses: list[tuple[float, str]]) -> None:
    assert read_keys(text) == presses


@pytest.mark.parametrize("text", ["1", "s:1", "2s:", "2s:x", "2s;1", "-1s:1", "2s:1,,x", "nan:1"])
def test_keys_that_cannot_be_read_are_named(text: str) -> None:
    with pytest.raises(
        InstanceError, match="is not a key press: write seconds and keys as in 2s:1"
    ):
        read_keys(text)


def test_the_line_tells_all_that_was_promised() -> None:
    line = told(PLACED, ROW)

    assert json.loads(json.dumps(line)) == line
    assert line == {
        "call_id": "c0ffee",
        "outcome": "completed",
        "heard": "/heard.wav",
        "transcript": "暖气三天不热了",
        "ticket": {
            "number": "2611230042",
            "kind": "求助",
            "acceptable": True,
            "reason": None,
            "category": "供热",
            "district": "莲池区",
            "place": "裕华路",
            "contact": "138****0000",
            "tier": "24h",
            "unit": "市住建局",
            "confidences": {"kind": 0.9},
        },
        "emergency": None,
        "timings": {
            "answered": 0.25,
            "first_sound": 0.4,
            "speech_end": 10.0,
            "final_text": 10.4,
            "ticket": 11.0,
        },
    }


def test_an_emergency_is_told_in_seconds_from_the_invite() -> None:
    emergency = {
        "service": "119",
        "cue": "着火了",
        "decided_at": 1008.0,
        "dialled_at": 1008.2,
        "answered_at": None,
    }

    line = told(PLACED, {**ROW, "emergency": emergency})

    assert line["emergency"] == {
        "service": "119",
        "cue": "着火了",
        "decided_at": 8.0,
        "dialled_at": 8.2,
        "answered_at": None,
    }


def test_a_call_of_which_the_backend_knows_nothing_still_tells_its_own_times() -> None:
    line = told(PLACED, None)

    assert line["call_id"] is None
    assert line["ticket"] is None
    assert line["timings"]["answered"] == 0.25
    assert line["timings"]["ticket"] is None


@pytest.mark.parametrize(
    ("change", "over"),
    [
        ({}, True),
        ({"outcome": None}, False),
        ({"needs_call_back": True, "ticket": None, "transcript": ""}, False),
        ({"pending": 1}, False),
        ({"ticket": None}, False),
        ({"ticket": None, "transcript": ""}, True),
        ({"ticket": None, "transcript": "", "emergency": {"service": "119"}}, False),
    ],
)
def test_a_record_is_complete_when_nothing_more_can_come(
    change: dict[str, Any], over: bool
) -> None:
    assert complete({**ROW, **change}) is over


async def test_the_record_is_asked_for_until_it_is_complete() -> None:
    replies = [(404, {}), (500, {}), (200, {**ROW, "outcome": None}), (200, ROW)]
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params["sip_call_id"])
        status, body = replies[min(len(asked), len(replies)) - 1]
        return httpx.Response(status, json=body)

    async with httpx.AsyncClient(
        base_url="http://backend", transport=httpx.MockTransport(answer)
    ) as backend:
        found = await record(backend, "sip-1", 10)

    assert found == ROW
    assert asked == ["sip-1"] * 4


async def test_what_is_known_when_the_time_is_over_is_better_than_nothing() -> None:
    half = {**ROW, "outcome": None}
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=half))

    async with httpx.AsyncClient(base_url="http://backend", transport=transport) as backend:
        assert await record(backend, "sip-1", 0) == half


async def test_a_wrong_token_is_said_at_once() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(401))

    async with httpx.AsyncClient(base_url="http://backend", transport=transport) as backend:
        with pytest.raises(InstanceError, match="HOTLINE_SERVICE_TOKEN"):
            await record(backend, "sip-1", 60)


ENV = {
    "HOTLINE_BACKEND_PORT": "9",
    "HOTLINE_AMI_PORT": "9",
    "HOTLINE_EXCHANGE_AMI_PORT": "9",
    "HOTLINE_EXCHANGE_AMI_SECRET": "secret",
    "HOTLINE_SERVICE_TOKEN": "token",
    "HOTLINE_ASTERISK_ROOT": "/nowhere",
    "HOTLINE_INSTANCE": "test",
}


async def test_a_system_that_is_down_is_named_with_its_port_and_the_remedy() -> None:
    with pytest.raises(InstanceError, match="asterisk does not answer at port 9: start it with"):
        await call(ENV, None)


async def test_a_backend_that_is_down_is_named_with_its_port_and_the_remedy() -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with server:
        port = str(server.sockets[0].getsockname()[1])

        with pytest.raises(InstanceError, match="the backend does not answer at port 9: start it"):
            await call({**ENV, "HOTLINE_AMI_PORT": port}, None)


async def test_a_missing_setting_is_named() -> None:
    env = {name: value for name, value in ENV.items() if name != "HOTLINE_SERVICE_TOKEN"}

    with pytest.raises(InstanceError, match="HOTLINE_SERVICE_TOKEN is not set"):
        await call(env, None, keys="2s:1")


async def test_a_wav_that_is_not_there_is_said_whatever_else_is_down() -> None:
    with pytest.raises(InstanceError, match=r"no such WAV: /no/such\.wav"):
        await call(ENV, Path("/no/such.wav"))
