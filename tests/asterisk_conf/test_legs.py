import asyncio
from pathlib import Path
from typing import Any

import pytest

from hotline.exchange import Exchange, settled
from tests.asterisk_conf.script import Line, Script, hang_up
from tests.asterisk_conf.sounds import Samples, load, strength
from tests.asterisk_conf.stack import Stack


async def dial(exchange: Exchange, script: Script, number: str, **stay: Any) -> str:
    """Let a script send a caller to an emergency service; returns how that ended."""
    ends: list[str] = []

    async def transfer(line: Line) -> None:
        call_id = await line.value("${HOTLINE_CALL_ID}")
        await line.command("ANSWER")
        noted = f"U(note-leg^{call_id}^{number}^answered)"
        await line.command(f'EXEC Dial "PJSIP/{number}@trunk,3,gm(transfer_{number}){noted}"')
        ends.append(await line.value("${DIALSTATUS}"))
        await hang_up(line)

    script.carry = transfer
    await exchange.place(caller="13800000000", **stay)
    return "".join(ends)


@pytest.mark.parametrize("number", ["110", "119", "120", "122"])
async def test_each_service_is_reached_with_the_callers_number(
    exchange: Exchange, script: Script, number: str
) -> None:
    before = len(exchange.arrivals(number))
    await exchange.behave(number, answer_after=0.3, hangup=1)

    ended = await dial(exchange, script, number)

    [arrival] = exchange.arrivals(number)[before:]
    assert ended == "ANSWER"
    assert arrival.caller == "13800000000"
    assert arrival.answered_at is not None


async def test_a_busy_a_failed_and_an_unanswered_service_are_told_apart(
    exchange: Exchange, script: Script
) -> None:
    await exchange.behave("110", busy=True)
    await exchange.behave("119", failed=True)
    await exchange.behave("120", no_answer=True)

    ends = [await dial(exchange, script, number) for number in ("110", "119", "120")]

    assert ends == ["BUSY", "CONGESTION", "NOANSWER"]


async def test_the_answer_is_noted_though_the_caller_leaves_in_the_talk(
    stack: Stack, exchange: Exchange, script: Script
) -> None:
    await exchange.behave("119", answer_after=0.3)

    await dial(exchange, script, "119", hangup=2)

    [line] = stack.recordings(".legs")[-1].read_text().splitlines()
    at, number, moment = line.split("|")
    arrival = exchange.arrivals("119")[-1]
    assert (number, moment) == ("119", "answered")
    assert float(at) == pytest.approx(arrival.answered_at, abs=0.2)


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

    [line] = stack.recordings(".legs")[-1].read_text().splitlines()
    assert line.split("|")[1:] == ["agents", "answered"]


async def test_both_sides_hear_each_other_and_both_are_recorded(
    stack: Stack, exchange: Exchange, script: Script, long_spoken: Path, low: Path
) -> None:
    await exchange.behave("119", answer_after=0.3, wav=low, hangup=4)

    placed = await dial(exchange, script, "119", wav=long_spoken, delay=0)

    heard_there = await asyncio.to_thread(raw_heard, exchange.arrivals("119")[-1].heard)
    heard_here = load(stack.recordings("-hotline.sln")[-1])
    assert placed == "ANSWER"
    assert strength(heard_there, 440) > 0.9
    assert strength(heard_here[-16000:], 300) > 0.5


def raw_heard(path: Path | None) -> Samples:
    """Read what a called number heard, once the exchange has finished writing it."""
    assert path is not None
    settled(path)
    return load(path)
