"""What may fail while a citizen is in danger, row by row; each returns what became of them."""

import asyncio
import tempfile
from pathlib import Path

from hotline.demo import COMPLAINT, VOICE, spoken
from hotline.exchange_leg import PlacedCall
from hotline.instance import PREFIX
from hotline.rehearsal import Play, Rig, Seen
from hotline.sipp import Load, send

TALK_SECONDS = 12.0
"""How long a service stays: it hears who calls for up to eight seconds, and then talks."""
FIRST, SECOND = "{}", "0312{}"
"""The two routes that a rehearsal's instance has for each service; 122's first is a dead trunk."""

SETTINGS = {
    "AGENTS_WAIT_SECONDS": "6",
    "QUEUE_SECONDS": "6",
    "ROUTE_WAIT_SECONDS": "3",
    "TALK_SECONDS": "2",
    "CALL_BACK_PAUSE_SECONDS": "1",
    "CALL_BACK_RING_SECONDS": "8",
    "SETTLE_SECONDS": "5",
    "TRUNKS": "dead=127.0.0.2:9",
    "ROUTES_110": "110,0312110",
    "ROUTES_119": "119,0312119",
    "ROUTES_120": "120,0312120",
    "ROUTES_122": "122@dead,0312122",
}
"""What an instance needs for these rows, besides its own settings."""


async def _second_helps(rig: Rig, row: str, caller: str, service: str) -> Seen:
    """The first route fails in some way, the second answers."""
    await rig.exchange.behave(SECOND.format(service), answer_after=0.3, hangup=TALK_SECONDS)
    return await rig.judge(row, await rig.press(caller, service))


async def busy(rig: Rig) -> Seen:
    """The service is busy."""
    await rig.exchange.behave("110", busy=True)
    return await _second_helps(rig, "busy", "13900000101", "110")


async def no_answer(rig: Rig) -> Seen:
    """Nobody picks up."""
    await rig.exchange.behave("119", no_answer=True)
    return await _second_helps(rig, "no answer", "13900000102", "119")


async def refused(rig: Rig) -> Seen:
    """The trunk answers 503."""
    await rig.exchange.behave("120", failed=True)
    return await _second_helps(rig, "503", "13900000103", "120")


async def unreachable(rig: Rig) -> Seen:
    """The trunk of the first route is not there."""
    return await _second_helps(rig, "trunk unreachable", "13900000104", "122")


async def far_hangup(rig: Rig) -> Seen:
    """The service picks up and hangs up at once."""
    await rig.exchange.behave("110", answer_after=0.3, hangup=1)
    return await _second_helps(rig, "far end hangs up", "13900000105", "110")


async def all_down(rig: Rig) -> Seen:
    """No route and no agent answers: the citizen is told what to dial."""
    for number in ("119", "0312119"):
        await rig.exchange.behave(number, busy=True)
    return await rig.judge("all routes down", await rig.press("13900000106", "119"))


async def leaves_while_it_rings(rig: Rig) -> Seen:
    """The citizen hangs up while the service rings."""
    await rig.exchange.behave("13900000107", answer_after=0.3)
    for number in ("120", "0312120"):
        await rig.exchange.behave(number, no_answer=True)
    placed = await rig.press("13900000107", "120", 8.0)
    await rig.exchange.behave("120", answer_after=0.3, hangup=TALK_SECONDS)
    return await rig.judge("caller hangs up: ringing", placed)


async def leaves_at_the_choice(rig: Rig) -> Seen:
    """The citizen presses 9 and hangs up: called back, they choose."""
    await rig.exchange.behave("13900000108", answer_after=0.3, keys="wwwwwwwwwwwwwwww4")
    await rig.exchange.behave("0312122", answer_after=0.3, hangup=TALK_SECONDS)
    placed = await rig.exchange.place(
        caller="13900000108", keys=[(1.0, "9"), (3.5, "9")], hangup=7.0
    )
    return await rig.judge("caller hangs up: at the choice", placed)


async def leaves_in_the_talk(rig: Rig) -> Seen:
    """The citizen hangs up while talking with the service: nothing is left to do."""
    caller, leaves = "13900000109", asyncio.Event()
    await rig.exchange.behave("0312122", answer_after=0.3, hangup=30)
    calling = asyncio.create_task(rig.press(caller, "122", leaves=leaves))
    await rig.connected(caller)
    leaves.set()
    return await rig.judge("caller hangs up: in the talk", await calling)


async def agi_killed(rig: Rig) -> Seen:
    """The call scripts die while the service rings."""
    before = len(rig.exchange.arrivals("119"))
    await rig.exchange.behave("119", answer_after=2.5, hangup=TALK_SECONDS)
    calling = asyncio.create_task(rig.press("13900000110", "119"))
    await rig.invited("119", before)
    rig.kill("agi")
    return await rig.judge("agi killed while ringing", await calling)


async def asr_killed(rig: Rig, cue: Path | None = None) -> Seen:
    """The recogniser dies in the middle of the cue; the citizen then presses 9."""
    await rig.exchange.behave("120", answer_after=0.3, hangup=TALK_SECONDS)
    calling = asyncio.create_task(
        rig.exchange.place(
            caller="13900000111",
            wav=cue,
            delay=1.5,
            keys=[(6.0, "9"), (9.0, "9"), (12.5, "3"), (16.0, "3")],
            hangup=45,
        )
    )
    await asyncio.sleep(3.0)
    rig.kill("asr")
    return await rig.judge("asr killed during the cue", await calling)


async def asterisk_killed(rig: Rig) -> Seen:
    """The exchange dies while the service rings; the citizen, who hears nothing, hangs up."""
    caller, before, leaves = "13900000116", len(rig.exchange.arrivals("119")), asyncio.Event()
    await rig.exchange.behave(caller, answer_after=0.3)
    await rig.exchange.behave("119", no_answer=True)
    calling = asyncio.create_task(rig.press(caller, "119", leaves=leaves))
    await rig.invited("119", before)
    return await _exchange_dies(rig, "asterisk killed while ringing", calling, leaves, "119")


async def asterisk_killed_in_the_talk(rig: Rig) -> Seen:
    """The exchange dies while the citizen talks with the service."""
    caller, leaves = "13900000117", asyncio.Event()
    await rig.exchange.behave(caller, answer_after=0.3)
    await rig.exchange.behave("120", answer_after=0.3, hangup=30)
    calling = asyncio.create_task(rig.press(caller, "120", leaves=leaves))
    await rig.connected(caller)
    return await _exchange_dies(rig, "asterisk killed in the talk", calling, leaves, "120")


async def _exchange_dies(
    rig: Rig, row: str, calling: asyncio.Task[PlacedCall], leaves: asyncio.Event, service: str
) -> Seen:
    rig.kill("asterisk")
    leaves.set()
    placed = await calling
    await rig.exchange.behave(service, answer_after=0.3, hangup=TALK_SECONDS)
    # The one that was cut, and the one of the call back.
    return await rig.judge(row, placed, attempts=2)


async def _without(rig: Rig, program: str, caller: str) -> Seen:
    await rig.exchange.behave("120", answer_after=0.3, hangup=TALK_SECONDS)
    with rig.without(program):
        placed = await rig.press(caller, "120")
    return await rig.judge(f"{program} down", placed, 120)


async def backend_down(rig: Rig) -> Seen:
    """The backend is away for the whole call."""
    return await _without(rig, "backend", "13900000112")


async def redis_down(rig: Rig) -> Seen:
    """Redis is away for the whole call."""
    return await _without(rig, "redis", "13900000113")


async def database_down(rig: Rig) -> Seen:
    """The database is lost in the middle of the call, before the citizen has chosen."""
    await rig.exchange.behave("120", answer_after=0.3, hangup=TALK_SECONDS)
    calling = asyncio.create_task(rig.press("13900000114", "120"))
    await asyncio.sleep(2.0)
    with rig.without_database():
        placed = await calling
    return await rig.judge("database down", placed)


async def fifty_calls(rig: Rig) -> Seen:
    """Fifty other calls are running, all of them spoken into."""
    port, host = rig.env[f"{PREFIX}SIP_PORT"], rig.env[f"{PREFIX}SIP_HOST"]
    second = rig.env[f"{PREFIX}TRUNK_MATCH"].split(",")[-1]
    wav = await asyncio.to_thread(spoken, rig.env, COMPLAINT, VOICE)
    load = Load(calls=50, rate=10, target=f"{host}:{port}", source=second, tail_seconds=30)
    await rig.exchange.behave("120", answer_after=0.3, hangup=TALK_SECONDS)
    with tempfile.TemporaryDirectory(prefix="fifty-") as work:
        others = asyncio.create_task(send(load, wav, Path(work)))
        await asyncio.sleep(8)
        placed = await rig.press("13900000115", "120")
        await others
    return await rig.judge("50 other calls", placed, 120)


SIDE_BY_SIDE: tuple[tuple[Play, ...], ...] = (
    (busy, no_answer, refused, unreachable),
    (far_hangup, all_down, leaves_while_it_rings, leaves_at_the_choice),
)
"""Rows that touch only their own service: those of a group run at once."""
ONE_BY_ONE: tuple[Play, ...] = (
    leaves_in_the_talk,
    agi_killed,
    asr_killed,
    backend_down,
    redis_down,
    database_down,
    asterisk_killed,
    asterisk_killed_in_the_talk,
)
"""Rows that break a part all calls share."""
