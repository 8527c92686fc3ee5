import pytest

from hotline.exchange import Exchange
from tests.asterisk_conf.script import Line, Script, hang_up
from tests.asterisk_conf.stack import Stack


async def route(exchange: Exchange, script: Script, number: str, **stay: float) -> str:
    """Let a script send a caller to an emergency service; returns how that ended."""
    ends: list[str] = []

    async def transfer(line: Line) -> None:
        await line.command("ANSWER")
        await line.command(f"GOSUB emergency-routes {number} 1 3")
        ends.append(await line.value("${GOSUB_RETVAL}"))
        await hang_up(line)

    script.carry = transfer
    await exchange.place(caller="13800000000", **stay)  # type: ignore[arg-type]
    return "".join(ends)


@pytest.mark.parametrize("number", ["110", "119", "120", "122"])
async def test_each_service_is_reached_with_the_callers_number(
    exchange: Exchange, script: Script, number: str
) -> None:
    before = len(exchange.arrivals(number))
    await exchange.behave(number, answer_after=0.3, hangup=1)

    ended = await route(exchange, script, number)

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

    ends = [await route(exchange, script, number) for number in ("110", "119", "120")]

    assert ends == ["BUSY", "CONGESTION", "NOANSWER"]


async def test_every_moment_is_kept_though_the_caller_leaves(
    stack: Stack, exchange: Exchange, script: Script
) -> None:
    await exchange.behave("119", answer_after=0.3)

    await route(exchange, script, "119", hangup=2)

    lines = [x.split("|") for x in stack.recordings(".legs")[-1].read_text().splitlines()]
    assert [line[1:] for line in lines[:2]] == [["119", "dialled"], ["119", "answered"]]
    assert float(lines[1][0]) - float(lines[0][0]) == pytest.approx(0.3, abs=0.25)


async def test_no_other_number_leaves_by_the_emergency_door(
    exchange: Exchange, script: Script
) -> None:
    ended = await route(exchange, script, "13900000000")

    assert ended == ""
    assert exchange.arrivals("13900000000") == []
