"""An agent brings a service into a talk and leaves: those who stay still hear each other."""

import asyncio
import uuid
from pathlib import Path

from backend.ami import AmiLogin
from backend.lines.control import Control
from hotline.exchange import Exchange
from tests.asterisk_conf.script import Line, Script, hang_up
from tests.asterisk_conf.sounds import load, strength, write_tone
from tests.asterisk_conf.stack import Stack
from tests.asterisk_conf.test_legs import raw_heard

HEARD_SECONDS = 2
"""How much of the end is listened to: the agent has left by then."""


async def test_the_citizen_and_the_service_hear_each_other_when_the_agent_has_left(
    stack: Stack, exchange: Exchange, script: Script, long_spoken: Path, tmp_path: Path
) -> None:
    talking: asyncio.Queue[tuple[uuid.UUID, str]] = asyncio.Queue()

    async def queue(line: Line) -> None:
        await line.command("ANSWER")
        await line.command('SET VARIABLE TIMEOUT(absolute) "0"')
        call_id = uuid.UUID(await line.value("${HOTLINE_CALL_ID}"))
        talking.put_nowait((call_id, line.environment["agi_channel"]))
        await line.command('EXEC Queue "agents,c,,,10"')
        await hang_up(line)

    script.carry = queue
    low = await asyncio.to_thread(write_tone, tmp_path / "low.wav", 8000, 300.0, 30)
    await exchange.behave("8001", answer_after=0.1)
    await exchange.behave("120", answer_after=0.1, wav=low)
    leaves = asyncio.Event()
    calling = asyncio.create_task(
        exchange.place(caller="13800000000", wav=long_spoken, delay=0, leaves=leaves)
    )
    call_id, channel = await talking.get()
    login = AmiLogin(
        "127.0.0.1", int(stack.env["HOTLINE_AMI_PORT"]), "hotline", stack.env["HOTLINE_AMI_SECRET"]
    )
    legs = stack.media / "recordings" / f"{call_id}.legs"
    async with Control.open(login) as control, asyncio.timeout(20):
        while not await control.talks(channel):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        await control.join("120", channel, call_id, "13800000000")
        while not legs.exists() or "|120|connected|" not in legs.read_text():  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    await asyncio.sleep(0.5)
    agent = exchange.arrivals("8001")[-1].heard
    assert agent is not None
    await asyncio.to_thread(stack.exchange.ask, f"channel request hangup {agent.stem}")

    await asyncio.sleep(HEARD_SECONDS + 0.5)
    leaves.set()
    placed = await calling

    last = HEARD_SECONDS * 8000
    there = await asyncio.to_thread(raw_heard, exchange.arrivals("120")[-1].heard)
    assert strength(load(placed.heard)[-last:], 300) > 0.9
    assert strength(there[-last:], 440) > 0.9
