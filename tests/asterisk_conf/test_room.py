"""The trunk's lines: some are kept for danger, and what the other side sees of a caller."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.exchange import Exchange
from tests.asterisk_conf.script import Line, Script, hang_up
from tests.asterisk_conf.stack import Stack, instance_env, running


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[Stack]:
    """A hotline with four lines, two of them kept for danger, that shows its own number."""
    lines = {"TRUNK_LINES": "4", "EMERGENCY_LINES": "2", "TRUNK_CALLER": "own"}
    with running(instance_env(tmp_path, "test-narrow", **lines)) as stack:
        yield stack


async def test_a_service_is_rung_over_lines_that_no_agent_is_given(narrow: Stack) -> None:
    ends: list[str] = []

    async def carry(line: Line) -> None:
        await line.command("ANSWER")
        await line.command('SET VARIABLE TIMEOUT(absolute) "0"')
        if line.environment["agi_callerid"] != "13800000002":
            await line.command("EXEC Wait 30")
            return
        await line.command('EXEC Queue "agents,c,,,2"')
        ends.append(await line.value("${QUEUESTATUS}"))
        await line.command('GOSUB route s 1 "119,119,trunk,"')
        ends.append(await line.value("${ROUTE}"))
        await hang_up(line)

    async with (
        Exchange(narrow.env) as exchange,
        Script(int(narrow.env["HOTLINE_AGI_PORT"])) as script,
    ):
        script.carry = carry
        leaves = asyncio.Event()
        other = asyncio.create_task(exchange.place(caller="13800000001", leaves=leaves))
        await exchange.behave("8001", answer_after=0.1)
        await exchange.behave("119", answer_after=0.1, hangup=1)
        while not script.calls:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        await exchange.place(caller="13800000002")
        agents, (service,) = exchange.arrivals("8001"), exchange.arrivals("119")
        leaves.set()
        await other

    assert (agents, ends) == ([], ["TIMEOUT", "far_hangup"])
    assert service.answered_at is not None
    # TRUNK_CALLER=own: the trunk lets no stranger's number out, the whisper tells it.
    assert service.caller == narrow.env.get("HOTLINE_CITY_NUMBER", "031212345")
