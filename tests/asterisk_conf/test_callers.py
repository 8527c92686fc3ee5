import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest

from hotline.exchange import Exchange, ExchangeError
from hotline.instance import InstanceError
from tests.asterisk_conf.script import Line, Script, hang_up
from tests.asterisk_conf.stack import Asterisk, Stack, instance_env

NAMES = [
    "张三",
    "O'Brien \"); DROP TABLE calls; --",
    "${SHELL(touch /tmp/owned)}$[1+1]",
    "a\\b <119> , c",
    "长" * 80,
]


@pytest.mark.parametrize("name", NAMES)
async def test_the_exchange_can_place_a_call_under_any_name(
    exchange: Exchange, script: Script, name: str
) -> None:
    heard: list[str] = []

    async def read(line: Line) -> None:
        encoded = await line.value("${URIENCODE(${CALLERID(name)})}")
        heard.append(unquote_to_bytes(encoded).decode())
        await hang_up(line)

    script.carry = read
    placed = await exchange.place(caller="13800000000", name=name)

    assert placed.answered_at is not None
    assert heard[0]
    assert name.startswith(re.sub(r"\\(.)", r"\1", heard[0]))


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"caller": "138; x"}, "is not a telephone number"),
        ({"caller": "13800000000", "called": "1234,5"}, "is not a telephone number"),
        ({"caller": "13800000000", "name": "a\r\nb"}, "no line break"),
        ({"caller": "13800000000", "name": "x" * 241}, "at most 240 bytes"),
        ({"caller": "13800000000", "keys": [(1.0, "12")]}, "is not a key press"),
        ({"caller": "13800000000", "codec": "opus"}, "is not a codec of the line"),
        ({"caller": "13800000000", "wav": Path("/no/such.wav")}, "no such WAV"),
    ],
)
async def test_what_cannot_be_placed_is_said_before_anything_is_dialled(
    exchange: Exchange, script: Script, how: dict[str, Any], why: str
) -> None:
    with pytest.raises(InstanceError, match=why):
        await exchange.place(**how)

    assert script.calls == []


async def test_a_hotline_that_is_down_is_a_call_without_an_answer(tmp_path: Path) -> None:
    env = instance_env(tmp_path, "test-alone")
    alone = Asterisk("exchange", env)
    alone.start()
    try:
        async with Exchange(env) as exchange:
            placed = await exchange.place(caller="13800000000")
    finally:
        alone.stop()
        shutil.rmtree(alone.base.parent)

    assert placed.answered_at is None
    assert placed.sip_call_id == ""
    assert placed.cause


async def test_an_exchange_that_is_down_is_named_with_its_port(stack: Stack) -> None:
    env = {**stack.env, "HOTLINE_EXCHANGE_AMI_PORT": "9"}

    with pytest.raises(ExchangeError, match=r"does not answer at port 9: start it"):
        async with Exchange(env):
            pass
