import asyncio
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest

from hotline.exchange import CODECS, Exchange
from tests.asterisk_conf.raw_sip import call
from tests.asterisk_conf.script import Line, Script, hang_up
from tests.asterisk_conf.sounds import load, strength
from tests.asterisk_conf.stack import Stack


async def answer_and_wait(line: Line) -> None:
    """Answer, and leave the caller alone."""
    await line.command("ANSWER")
    await line.command("EXEC Wait 20")


async def test_a_call_to_12345_is_answered(exchange: Exchange, script: Script) -> None:
    placed = await exchange.place(caller="13800000000")

    assert placed.answered_at is not None
    assert placed.answered_at - placed.invited_at < 1
    assert placed.ended_by == "hotline"
    assert script.calls[0].environment["agi_extension"] == "12345"


async def test_any_other_number_is_refused(exchange: Exchange, script: Script) -> None:
    placed = await exchange.place(caller="13800000000", called="110")

    assert placed.answered_at is None
    assert script.calls == []


async def test_the_city_number_rings_the_same_line(exchange: Exchange, script: Script) -> None:
    placed = await exchange.place(caller="13800000000", called="031212345")

    assert placed.answered_at is not None


async def test_a_call_leaves_its_note_before_anything_else(
    stack: Stack, exchange: Exchange, script: Script
) -> None:
    placed = await exchange.place(caller="13912345678")

    note = stack.recordings(".call")[-1]
    at, caller, called, sip_call_id = note.read_text().rstrip("\n").split("|")
    assert abs(float(at) - placed.invited_at) < 1
    assert (caller, called, sip_call_id) == ("13912345678", "12345", placed.sip_call_id)


async def test_the_two_sides_are_recorded_apart(
    stack: Stack, exchange: Exchange, script: Script, spoken: Path
) -> None:
    async def play(line: Line) -> None:
        await line.command("ANSWER")
        await line.command(f'STREAM FILE {stack.env["HOTLINE_MEDIA_INSIDE"]}/sounds/zh/hold ""')
        await line.command("EXEC Wait 20")

    script.carry = play
    await exchange.place(caller="13800000000", wav=spoken, delay=0.5, hangup=3)
    await asyncio.sleep(0.5)

    caller = load(stack.recordings("-caller.sln")[-1])
    hotline = load(stack.recordings("-hotline.sln")[-1])
    assert strength(caller, 440) > 0.9
    assert strength(hotline, 980) > 0.9
    assert len(caller) == pytest.approx(3 * 8000, abs=2000)
    assert len(hotline) == len(caller)


@pytest.mark.parametrize("codec", CODECS)
async def test_every_codec_of_the_line_carries_sound_both_ways(
    stack: Stack, exchange: Exchange, script: Script, spoken: Path, codec: str
) -> None:
    async def play(line: Line) -> None:
        await line.command("ANSWER")
        await line.command(f'STREAM FILE {stack.env["HOTLINE_MEDIA_INSIDE"]}/sounds/zh/hold ""')
        await line.command("EXEC Wait 20")

    script.carry = play
    placed = await exchange.place(
        caller="13800000000", wav=spoken, delay=0.5, hangup=3, codec=codec
    )
    await asyncio.sleep(0.5)

    assert strength(load(stack.recordings("-caller.sln")[-1]), 440) > 0.9
    assert strength(load(placed.heard), 980) > 0.9
    assert placed.answered_at is not None
    assert placed.first_sound_at is not None
    assert placed.first_sound_at - placed.answered_at < 0.3


async def test_keys_arrive_in_their_order(exchange: Exchange, script: Script) -> None:
    pressed: list[str] = []

    async def listen(line: Line) -> None:
        await line.command("ANSWER")
        for _ in range(4):
            reply = await line.command("WAIT FOR DIGIT 5000")
            pressed.append(chr(int(reply.partition("result=")[2].split()[0])))
        await hang_up(line)

    script.carry = listen
    await exchange.place(
        caller="13800000000", keys=[(0.5, "1"), (0.9, "9"), (1.3, "*"), (1.7, "#")]
    )

    assert "".join(pressed) == "19*#"


async def test_the_caller_hangs_up_when_told(exchange: Exchange, script: Script) -> None:
    script.carry = answer_and_wait

    placed = await exchange.place(caller="13800000000", hangup=1.5)

    assert placed.answered_at is not None
    assert placed.ended_by == "caller"
    assert placed.ended_at - placed.answered_at == pytest.approx(1.5, abs=0.3)


HOSTILE = {
    "quotes": b'"a\\"b\\"; ${SHELL(id)} $[1/0]',
    "an encoded line break": b'"a%0d%0aAction: Originate\\nVariable: x',
    "300 bytes": b'"' + b"x" * 300,
    "invalid UTF-8": b'"\xff\xfe\x80\xc0',
    "field marks": b'"a|b,c)d}e^f',
}


@pytest.mark.parametrize("name", list(HOSTILE))
async def test_a_hostile_name_harms_nothing(stack: Stack, script: Script, name: str) -> None:
    names: list[bytes] = []

    async def read(line: Line) -> None:
        names.append(unquote_to_bytes(await line.value("${URIENCODE(${CALLERID(name)})}")))
        await hang_up(line)

    script.carry = read
    logged = len(stack.hotline.log())
    target = ("127.0.0.1", int(stack.env["HOTLINE_SIP_PORT"]))
    header = HOSTILE[name] + b'" <sip:13800000000@127.0.0.3>'

    statuses = await call("127.0.0.3", target, header, 0.5)

    assert statuses[-1] == 200
    assert len(names) == 1
    note = stack.recordings(".call")[-1].read_text()
    assert note.count("\n") == 1
    assert note.split("|")[1] == "13800000000"
    assert "ERROR[" not in stack.hotline.log(logged)


async def test_a_hostile_number_is_kept_as_its_digits(stack: Stack, script: Script) -> None:
    target = ("127.0.0.1", int(stack.env["HOTLINE_SIP_PORT"]))

    statuses = await call("127.0.0.3", target, b"<sip:13%7C8$%7BSHELL(x)%7D0@127.0.0.3>", 0.5)

    assert statuses[-1] == 200
    assert stack.recordings(".call")[-1].read_text().split("|")[1] == "1380"


async def test_a_name_broken_over_two_lines_gets_no_call(
    stack: Stack, exchange: Exchange, script: Script
) -> None:
    target = ("127.0.0.1", int(stack.env["HOTLINE_SIP_PORT"]))
    header = b'"a\r\nb" <sip:13800000000@127.0.0.3>'

    with pytest.raises(TimeoutError):
        await call("127.0.0.3", target, header, 0.5)

    assert script.calls == []
    assert (await exchange.place(caller="13800000000")).answered_at is not None
