import asyncio
from pathlib import Path

import pytest

from hotline.exchange import Exchange
from tests.asterisk_conf.script import Script
from tests.asterisk_conf.stack import Stack

STRANGER = "127.0.0.66"
MESSAGES = 600


async def attack(stack: Stack, folder: Path, method: str) -> int:
    """Send many requests from an address that is not the trunk's; returns SIPp's verdict."""
    scenario = Path(__file__).with_name("attack.xml").read_text(encoding="utf-8")
    (folder / "attack.xml").write_text(scenario.replace("@METHOD@", method))
    command = f"""sipp 127.0.0.1:{stack.env["HOTLINE_SIP_PORT"]} -sf attack.xml -i {STRANGER}
        -m {MESSAGES} -r 300 -l {MESSAGES} -nostdin -timeout 20 -timeout_error -nr""".split()
    quiet = asyncio.subprocess.DEVNULL
    sipp = await asyncio.create_subprocess_exec(*command, cwd=folder, stdout=quiet, stderr=quiet)
    return await sipp.wait()


@pytest.mark.parametrize("method", ["INVITE", "REGISTER", "OPTIONS"])
async def test_a_flood_from_a_stranger_gets_no_call_and_stops_nobody_else(
    stack: Stack, exchange: Exchange, script: Script, tmp_path: Path, method: str
) -> None:
    notes = len(stack.recordings(".call"))

    verdict, placed = await asyncio.gather(
        attack(stack, tmp_path, method), exchange.place(caller="13800000000")
    )

    assert verdict == 0
    assert placed.answered_at is not None
    assert len(script.calls) == 1
    assert len(stack.recordings(".call")) == notes + 1
    assert stack.hotline.alive()


async def test_call_control_is_refused_without_its_secret(stack: Stack) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(stack.env["HOTLINE_AMI_PORT"]))
    writer.write(b"Action: Login\r\nUsername: hotline\r\nSecret: wrong\r\n\r\n")

    told = await asyncio.wait_for(reader.read(), 5)

    writer.close()
    assert b"Response: Error" in told


async def test_call_control_may_not_run_commands(stack: Stack) -> None:
    login = (
        f"Action: Login\r\nUsername: hotline\r\nSecret: {stack.env['HOTLINE_AMI_SECRET']}\r\n\r\n"
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", int(stack.env["HOTLINE_AMI_PORT"]))
    command = "Action: Command\r\nCommand: core show settings\r\n\r\nAction: Logoff\r\n\r\n"
    writer.write((login + command).encode())

    told = await asyncio.wait_for(reader.read(), 5)

    writer.close()
    assert b"Permission denied" in told
