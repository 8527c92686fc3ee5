"""What may fail while a citizen is in danger: each row by a real call on the real Asterisk.

In every row the citizen was connected, called back or told, an alarm was raised, a ticket holds
the attempts, and we never ended the citizen's line. `make rehearse-emergency` plays them too, one
more with fifty other calls, and one in which the exchange dies in the talk.
"""

import asyncio

import pytest

from hotline.rehearsal import Play, Seen, rehearsing
from hotline.rehearsal_rows import (
    SIDE_BY_SIDE,
    agi_killed,
    asr_killed,
    asterisk_killed,
    backend_down,
    database_down,
    leaves_in_the_talk,
    redis_down,
)
from tests.end_to_end.running import Hotline

FAILED = {
    "busy": "busy",
    "no answer": "no_answer",
    "503": "failed",
    "trunk unreachable": "failed",
    "far end hangs up": "far_hangup",
    "all routes down": "busy",
    "caller hangs up: at the choice": "failed",
}
"""How the first route fails in each row."""
HANDED = {
    "all routes down": "told",
    "caller hangs up: ringing": "called back",
    "caller hangs up: at the choice": "called back",
    "asterisk killed while ringing": "called back",
}


@pytest.mark.parametrize("group", range(len(SIDE_BY_SIDE)))
async def test_a_route_that_fails_or_a_caller_who_leaves(
    korean_hotline: Hotline, group: int
) -> None:
    async with rehearsing(korean_hotline.env) as rig:
        rows = await asyncio.gather(*(row(rig) for row in SIDE_BY_SIDE[group]))

    for seen in rows:
        assert_served(seen)
        assert seen.handed == HANDED.get(seen.row, "connected"), seen
        assert seen.attempts[0] == FAILED.get(seen.row, seen.attempts[0]), seen
        assert seen.handed == "told" or seen.attempts[-1] == "answered", seen


@pytest.mark.parametrize(
    "row",
    [
        leaves_in_the_talk,
        agi_killed,
        asr_killed,
        backend_down,
        redis_down,
        database_down,
        asterisk_killed,
    ],
    ids=lambda row: row.__name__,
)
async def test_a_part_that_all_calls_share_fails(korean_hotline: Hotline, row: Play) -> None:
    async with rehearsing(korean_hotline.env) as rig:
        seen = await row(rig)

    assert_served(seen)
    assert seen.handed == HANDED.get(seen.row, "connected"), seen
    assert seen.attempts[-1] == "answered", seen


def assert_served(seen: Seen) -> None:
    """Assert what must hold whatever fails."""
    assert seen.handed, seen
    assert seen.alarms, seen
    assert seen.ticket, seen
    assert not seen.dropped, seen
