import asyncio
from pathlib import Path
from typing import Any

import pytest

from hotline.exchange import Exchange, settled
from tests.asterisk_conf.script import Line, Script, hang_up
from tests.asterisk_conf.sounds import Samples, load, strength
from tests.asterisk_conf.stack import Stack


async def dial(
    exchange: Exchange, script: Script, *routes: str, second: str = "", **stay: Any
) -> list[str]:
    """Let a script send a caller along routes ``service,number,trunk``; returns how each ended."""
    ends: list[str] = []

    async def transfer(line: Line) -> None:
        await line.command("ANSWER")
        for route in routes:
            await line.command(f'GOSUB route s 1 "{route},{second}"')
            ends.append(await line.value("${ROUTE}"))
        await hang_up(line)

    script.carry = transfer
    await exchange.place(caller="13800000000", **stay)
    return ends


def moments(stack: Stack) -> list[tuple[str, str]]:
    """What the latest call left of its legs: number and moment."""
    lines = stack.recordings(".legs")[-1].read_text().splitlines()
    return [(line.split("|")[1], line.split("|")[2]) for line in lines]


@pytest.mark.parametrize("number", ["110", "119", "120", "122"])
async def test_each_service_is_reached_with_the_callers_number(
    exchange: Exchange, script: Script, number: str
) -> None:
    before = len(exchange.arrivals(number))
    await exchange.behave(number, answer_after=0.3, hangup=1)

    ended = await dial(exchange, script, f"{number},{number},trunk")

    [arrival] = exchange.arrivals(number)[before:]
    assert ended == ["far_hangup"]
    assert arrival.caller == "13800000000"
    assert arrival.answered_at is not None


async def test_a_busy_a_failed_and_an_unanswered_route_are_told_apart(
    stack: Stack, exchange: Exchange, script: Script
) -> None:
    await exchange.behave("110", busy=True)
    await exchange.behave("119", failed=True)
    await exchange.behave("120", no_answer=True)

    ends = await dial(
        exchange,
        script,
        "110,110,trunk",
        "119,119,trunk",
        "120,120,trunk",
        "120,120,dead",
        "120,120,nowhere",
    )

    assert ends == ["busy", "failed", "no_answer", "failed", "failed"]
    assert moments(stack)[:4] == [
        ("110", "dialled"),
        ("110", "busy"),
        ("119", "dialled"),
        ("119", "failed"),
    ]


async def test_a_route_may_lead_over_another_trunk(exchange: Exchange, script: Script) -> None:
    await exchange.behave("03121190000", answer_after=0.1, hangup=6)

    ends = await dial(exchange, script, "119,03121190000,second")

    assert ends == ["answered"]


async def test_the_answer_is_noted_though_the_caller_leaves_in_the_talk(
    stack: Stack, exchange: Exchange, script: Script
) -> None:
    await exchange.behave("119", answer_after=0.3)

    await dial(exchange, script, "119,119,trunk", hangup=2)

    wanted = [("119", "dialled"), ("119", "answered"), ("119", "connected"), ("caller", "left")]
    assert moments(stack) == wanted
    at = float(stack.recordings(".legs")[-1].read_text().splitlines()[1].split("|")[0])
    assert at == pytest.approx(exchange.arrivals("119")[-1].answered_at, abs=0.2)


async def test_the_service_hears_who_calls_before_the_caller_is_connected(
    stack: Stack, exchange: Exchange, script: Script, long_spoken: Path
) -> None:
    await exchange.behave("119", answer_after=0.3, hangup=4)
    speech = stack.media / "speech"

    async def transfer(line: Line) -> None:
        call_id = await line.value("${HOTLINE_CALL_ID}")
        (speech / f"whisper-{call_id}.expected").touch()
        tone = (stack.media / "sounds" / "zh" / "hold.wav").read_bytes()
        (speech / f"whisper-{call_id}.wav").write_bytes(tone)
        await line.command("ANSWER")
        await line.command('GOSUB route s 1 "119,119,trunk,"')
        await hang_up(line)

    script.carry = transfer
    await exchange.place(caller="13800000000", wav=long_spoken, delay=0)

    heard = await asyncio.to_thread(raw_heard, exchange.arrivals("119")[-1].heard)
    assert strength(heard[800:4000], 980) > 0.9
    assert strength(heard[8000:], 440) > 0.9
    notes = stack.recordings(".legs")[-1].read_text().splitlines()
    answered, connected = (
        float(line.split("|")[0]) for line in notes if "answered" in line or "connected" in line
    )
    assert 0.5 < connected - answered < 1.5


async def test_a_second_service_joins_and_all_three_hear_each_other(
    stack: Stack, exchange: Exchange, script: Script, long_spoken: Path, low: Path
) -> None:
    await exchange.behave("119", answer_after=0.2, hangup=7)
    await exchange.behave("120", answer_after=0.5, wav=low, hangup=8)

    ends = await dial(exchange, script, "119,119,trunk", second="120", wav=long_spoken, delay=0)

    first = await asyncio.to_thread(raw_heard, exchange.arrivals("119")[-1].heard)
    second = await asyncio.to_thread(raw_heard, exchange.arrivals("120")[-1].heard)
    assert ends == ["answered"]
    assert strength(first[8000:24000], 300) > 0.2
    assert strength(second[8000:24000], 440) > 0.2
    assert exchange.arrivals("120")[-1].caller == "13800000000"
    left = exchange.arrivals("119")[-1].ended_at
    stayed = exchange.arrivals("120")[-1].ended_at
    assert left is not None
    assert stayed is not None
    assert stayed > left


async def test_an_agent_who_answers_from_the_queue_is_noted(
    stack: Stack, exchange: Exchange, script: Script
) -> None:
    async def queue(line: Line) -> None:
        call_id = await line.value("${HOTLINE_CALL_ID}")
        await line.command("ANSWER")
        noted = f'\\"note-leg,{call_id},agents,answered\\"'
        await line.command(f'EXEC Queue "agents,c,,,10,,{noted}"')
        await hang_up(line)

    script.carry = queue
    await exchange.behave("8002", answer_after=0.3, hangup=1)

    await exchange.place(caller="13800000000")

    line, *_ = stack.recordings(".legs")[-1].read_text().splitlines()
    assert line.split("|")[1:] == ["agents", "answered", ""]


async def test_both_sides_hear_each_other_and_both_are_recorded(
    stack: Stack, exchange: Exchange, script: Script, long_spoken: Path, low: Path
) -> None:
    await exchange.behave("119", answer_after=0.3, wav=low, hangup=6)

    placed = await dial(exchange, script, "119,119,trunk", wav=long_spoken, delay=0)

    heard_there = await asyncio.to_thread(raw_heard, exchange.arrivals("119")[-1].heard)
    heard_here = load(stack.recordings("-hotline.sln")[-1])
    assert placed == ["answered"]
    assert strength(heard_there, 440) > 0.9
    assert strength(heard_here[-16000:], 300) > 0.5


def raw_heard(path: Path | None) -> Samples:
    """Read what a called number heard, once the exchange has finished writing it."""
    assert path is not None
    settled(path)
    return load(path)
