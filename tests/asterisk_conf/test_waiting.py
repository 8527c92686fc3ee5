"""What one who waits for an agent hears, and which keys they have, with no call script about."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from hotline.exchange import Exchange
from hotline.exchange_leg import PlacedCall
from tests.asterisk_conf.sounds import load, strength
from tests.asterisk_conf.stack import Stack, install, instance_env, running

TONES = {
    "zh/hold": 980.0,
    "waiting/1": 1820.0,
    "waiting/2": 1940.0,
    "zh/queue_offer": 2060.0,
    "zh/place_kept": 2180.0,
    "zh/which_service": 1220.0,
}


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Both Asterisks with a queue that tells and offers often, and a tone for each sentence."""
    install()
    quick = {
        "QUEUE_SECONDS": "30",
        "QUEUE_TELL_SECONDS": "3",
        "QUEUE_OFFER_SECONDS": "4",
        "QUEUE_MOST": "2",
        "MESSAGE_SILENCE_SECONDS": "1",
        "MESSAGE_SECONDS": "2",
    }
    env = instance_env(tmp_path_factory.mktemp("waiting"), f"waiting-{os.getpid()}", **quick)
    with running(env) as both:
        folder = both.media / "sounds"
        (folder / "waiting").mkdir()
        for name, frequency in TONES.items():
            write(folder / f"{name}.wav", frequency)
        yield both


def write(path: Path, frequency: float) -> None:
    at = np.arange(4800) / 8000
    tone = (8000 * np.sin(2 * np.pi * frequency * at)).astype(np.int16)
    soundfile.write(path, tone, 8000, subtype="PCM_16")


def heard(call: PlacedCall) -> set[str]:
    """Name the sentences of which half a second was heard."""
    samples, size = load(call.heard), 2400
    pieces = [samples[at : at + size] for at in range(0, len(samples) - size + 1, size // 2)]
    loud = [piece for piece in pieces if abs(piece).max() > 500]
    return {name for name in TONES if any(strength(one, TONES[name]) > 0.9 for one in loud)}


def longest_silence(call: PlacedCall) -> float:
    """Return the seconds of the longest stretch without any sound."""
    samples, longest, now = load(call.heard), 0, 0
    for at in range(0, len(samples) - 800 + 1, 800):
        now = 0 if abs(samples[at : at + 800]).max() > 500 else now + 1
        longest = max(longest, now)
    return longest / 10


async def test_one_hears_the_place_and_the_offer_and_keys_lead_on(waiting: Stack) -> None:
    async with Exchange(waiting.env) as exchange:
        for agent in ("8001", "8002"):
            await exchange.behave(agent, busy=True)
        first = asyncio.create_task(exchange.place(caller="13800000001", keys=[(11, "1")]))
        await asyncio.sleep(1.5)
        keys = [(11, "9")]
        second = asyncio.create_task(exchange.place(caller="13800000002", keys=keys, hangup=13))
        await asyncio.sleep(1.5)
        third = await exchange.place(caller="13800000003", hangup=6)
        called_back, in_danger = await first, await second
    notes = [path.read_text() for path in waiting.recordings(".legs")]

    assert heard(called_back) >= {"zh/hold", "waiting/1", "zh/queue_offer", "zh/place_kept"}
    assert "waiting/2" not in heard(called_back)
    assert longest_silence(called_back) < 3
    assert called_back.ended_by == "hotline"
    assert sum("|waiting|callback|" in one for one in notes) == 1
    assert heard(in_danger) >= {"zh/hold", "waiting/2", "zh/queue_offer", "zh/which_service"}
    assert "zh/hold" not in heard(third)
