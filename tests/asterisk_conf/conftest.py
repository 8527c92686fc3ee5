"""One pair of Asterisks serves every test of this directory."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from hotline.exchange import Exchange
from tests.asterisk_conf.script import Script
from tests.asterisk_conf.sounds import write_tone
from tests.asterisk_conf.stack import Stack, install, instance_env, running

AGENTS = ("8001", "8002")


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Both Asterisks, the call script's port free; nobody waits long and messages are short."""
    install()
    quick = {
        "QUEUE_SECONDS": "4",
        "ROUTE_WAIT_SECONDS": "3",
        "SCRIPT_SECONDS": "3",
        "MESSAGE_SILENCE_SECONDS": "1",
        "MESSAGE_SECONDS": "10",
    }
    env = instance_env(tmp_path_factory.mktemp("telephony"), f"telephony-{os.getpid()}", **quick)
    exchange_port = env["HOTLINE_EXCHANGE_SIP_PORT"]
    env["HOTLINE_TRUNKS"] = f"second=127.0.0.2:{exchange_port},dead=127.0.0.2:9"
    env["HOTLINE_ROUTES_119"] = "119@dead,119"
    with running(env) as both:
        yield both


@pytest_asyncio.fixture
async def exchange(stack: Stack) -> AsyncIterator[Exchange]:
    """The telephone network, with every agent busy until a test says otherwise."""
    async with Exchange(stack.env) as network:
        for agent in AGENTS:
            await network.behave(agent, busy=True)
        yield network
        for number in (*AGENTS, "110", "119", "120", "122"):
            await network.forget(number)


@pytest_asyncio.fixture
async def script(stack: Stack) -> AsyncIterator[Script]:
    """A call script in place of the real one."""
    async with Script(int(stack.env["HOTLINE_AGI_PORT"])) as standing_in:
        yield standing_in


@pytest.fixture(scope="session")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A WAV of 22,050 Hz with half a second of silence, one of tone at 440 Hz, half of silence."""
    return write_tone(tmp_path_factory.mktemp("spoken") / "tone.wav", 22050, 440.0)


@pytest.fixture(scope="session")
def long_spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A WAV that is still speaking when the caller is asked for a message."""
    return write_tone(tmp_path_factory.mktemp("spoken") / "long.wav", 16000, 440.0, seconds=12)


@pytest.fixture(scope="session")
def low(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A WAV of another tone, at 300 Hz."""
    return write_tone(tmp_path_factory.mktemp("spoken") / "low.wav", 44100, 300.0, seconds=4)
