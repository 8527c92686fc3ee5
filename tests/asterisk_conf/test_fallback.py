import asyncio
from pathlib import Path

import pytest

from hotline.exchange import Exchange
from tests.asterisk_conf.script import Line, Script
from tests.asterisk_conf.sounds import load, prompts_heard, strength
from tests.asterisk_conf.stack import Stack


async def test_without_a_script_the_caller_reaches_an_agent(
    stack: Stack, exchange: Exchange
) -> None:
    before = len(exchange.arrivals("8001"))
    await exchange.behave("8001", answer_after=0.5, hangup=2)

    placed = await exchange.place(caller="13800000000")

    [arrival] = exchange.arrivals("8001")[before:]
    assert placed.answered_at is not None
    assert placed.ended_by == "hotline"
    assert prompts_heard(load(placed.heard))[:2] == ["apology", "transfer_agent"]
    assert arrival.caller == "13800000000"
    assert arrival.answered_at is not None
    assert "|agents|answered|\n" in stack.recordings(".legs")[-1].read_text()


async def test_without_a_script_or_an_agent_the_caller_leaves_a_message(
    stack: Stack, exchange: Exchange, long_spoken: Path
) -> None:
    placed = await exchange.place(caller="13800000000", wav=long_spoken, delay=0)

    call_id = stack.recordings("-caller.sln")[-1].name.removesuffix("-caller.sln")
    message = load(stack.media / "messages" / f"{call_id}-1.wav")
    heard = prompts_heard(load(placed.heard))
    assert [name for name in heard if name != "hold"] == [
        "apology",
        "transfer_agent",
        "leave_message",
        "message_thanks",
    ]
    assert strength(message, 440) > 0.9
    assert placed.ended_by == "hotline"


async def test_a_caller_who_hangs_up_in_the_message_leaves_what_was_said(
    stack: Stack, exchange: Exchange, long_spoken: Path
) -> None:
    await exchange.place(caller="13800000000", wav=long_spoken, delay=0, hangup=10)
    await asyncio.sleep(0.5)

    call_id = stack.recordings("-caller.sln")[-1].name.removesuffix("-caller.sln")
    assert strength(load(stack.media / "messages" / f"{call_id}-1.wav"), 440) > 0.9


async def test_a_script_that_dies_in_the_call_leaves_the_caller_to_the_agents(
    exchange: Exchange, script: Script
) -> None:
    async def die(line: Line) -> None:
        await line.command("ANSWER")
        await asyncio.sleep(0.5)
        line.drop()

    script.carry = die
    await exchange.behave("8001", answer_after=0.5, hangup=1)

    placed = await exchange.place(caller="13800000000")

    assert prompts_heard(load(placed.heard))[:2] == ["apology", "transfer_agent"]


async def test_a_script_that_takes_the_call_and_hangs_loses_it(
    exchange: Exchange, script: Script
) -> None:
    async def hang(line: Line) -> None:
        await asyncio.sleep(60)

    script.carry = hang
    await exchange.behave("8001", answer_after=0.2, hangup=1)

    placed = await exchange.place(caller="13800000000")

    assert placed.answered_at is not None
    assert placed.answered_at - placed.invited_at < 6
    assert prompts_heard(load(placed.heard))[:2] == ["apology", "transfer_agent"]


async def test_a_script_that_hangs_in_the_call_loses_it_too(
    exchange: Exchange, script: Script
) -> None:
    async def hang(line: Line) -> None:
        await line.command("ANSWER")
        await line.command('SET VARIABLE TIMEOUT(absolute) "2"')
        await line.command("EXEC Wait 1")
        await asyncio.sleep(60)

    script.carry = hang
    await exchange.behave("8001", answer_after=0.2, hangup=1)

    placed = await exchange.place(caller="13800000000")

    assert prompts_heard(load(placed.heard))[:2] == ["apology", "transfer_agent"]


async def test_a_script_that_dies_while_the_service_rings_ends_neither_the_ringing_nor_the_talk(
    exchange: Exchange, script: Script
) -> None:
    async def die(line: Line) -> None:
        await line.command("ANSWER")
        await line.command("SET VARIABLE HOTLINE_SERVICE 119")
        asking = asyncio.create_task(line.command('GOSUB route s 1 "119,119,trunk,"'))
        await asyncio.sleep(0.5)
        asking.cancel()
        line.drop()

    script.carry = die
    before = len(exchange.arrivals("119"))
    await exchange.behave("119", answer_after=1.5, hangup=6)

    placed = await exchange.place(caller="13800000000")

    [arrival] = exchange.arrivals("119")[before:]
    assert arrival.answered_at is not None
    assert arrival.ended_at is not None
    assert arrival.ended_at - arrival.answered_at > 5
    assert "apology" not in prompts_heard(load(placed.heard))


async def test_a_service_that_is_busy_when_the_script_has_died_is_rung_by_its_next_routes(
    stack: Stack, exchange: Exchange, script: Script
) -> None:
    async def die(line: Line) -> None:
        await line.command("ANSWER")
        await line.command("SET VARIABLE HOTLINE_SERVICE 119")
        line.drop()

    script.carry = die
    await exchange.behave("119", busy=True)

    placed = await exchange.place(caller="13800000000")

    heard = [name for name in prompts_heard(load(placed.heard)) if name != "hold"]
    assert heard == ["agent_for_emergency", "dial_119"]
    notes = stack.recordings(".legs")[-1].read_text().splitlines()
    assert [line.split("|")[2] for line in notes] == [
        "dialled",
        "failed",
        "dialled",
        "busy",
        "told",
        "left",
    ]


@pytest.mark.parametrize("moment", [0.3, 2.0])
async def test_the_emergency_key_works_without_a_script(exchange: Exchange, moment: float) -> None:
    before = len(exchange.arrivals("110"))
    await exchange.behave("8001", no_answer=True)
    await exchange.behave("110", answer_after=0.2, hangup=6)

    await exchange.place(caller="13800000000", keys=[(moment, "9"), (moment + 1, "1")])

    [arrival] = exchange.arrivals("110")[before:]
    assert arrival.answered_at is not None


async def test_the_emergency_key_works_while_an_agent_is_waited_for(
    exchange: Exchange, script: Script
) -> None:
    where: list[str] = []

    async def queue(line: Line) -> None:
        await line.command("ANSWER")
        await line.command('EXEC Queue "agents,c,,,20"')
        where.append(await line.value("${CONTEXT}|${EXTEN}"))
        await line.command("SET VARIABLE HOTLINE_DONE 1")

    script.carry = queue
    await exchange.behave("8001", no_answer=True)

    placed = await exchange.place(caller="13800000000", keys=[(1.0, "9")])

    assert where == ["waiting-keys|9"]
    assert placed.ended_by == "hotline"


async def test_a_script_that_has_ended_the_call_is_not_followed_by_an_apology(
    exchange: Exchange, script: Script
) -> None:
    placed = await exchange.place(caller="13800000000")

    assert prompts_heard(load(placed.heard)) == []
    assert placed.ended_by == "hotline"


async def test_a_missing_prompt_is_a_tone_and_never_silence(
    stack: Stack, exchange: Exchange
) -> None:
    folder = stack.media / "sounds" / "zh"
    hidden = folder / "apology.hidden"
    (folder / "apology.wav").rename(hidden)
    try:
        placed = await exchange.place(caller="13800000000", hangup=1)
    finally:
        hidden.rename(folder / "apology.wav")

    assert placed.first_sound_at is not None
    assert placed.answered_at is not None
    assert placed.first_sound_at - placed.answered_at < 0.3
    assert strength(load(placed.heard)[:3200], 950) > 0.9


async def test_a_broken_prompt_is_a_tone_too(stack: Stack, exchange: Exchange) -> None:
    apology = stack.media / "sounds" / "zh" / "apology.wav"
    sound = apology.read_bytes()
    apology.write_bytes(b"RIFF and nothing more")
    try:
        placed = await exchange.place(caller="13800000000", hangup=1)
    finally:
        apology.write_bytes(sound)

    assert strength(load(placed.heard)[:3200], 950) > 0.9
