"""An agent who talks with a citizen calls a service: all three are on one line."""

import asyncio
from pathlib import Path

from hotline.rehearsal import rehearsing
from tests.end_to_end.running import Hotline

CALLER = "13900000130"


async def test_the_service_joins_and_stays_when_the_agent_has_left(
    korean_hotline: Hotline,
) -> None:
    async with rehearsing(korean_hotline.env) as rig:
        exchange = rig.exchange
        await exchange.behave("8001", answer_after=0.2, hangup=8)
        await exchange.behave("120", answer_after=0.2, hangup=12)
        agents, services = len(exchange.arrivals("8001")), len(exchange.arrivals("120"))
        calling = asyncio.create_task(exchange.place(caller=CALLER, keys=[(1.0, "0")], hangup=40))
        await rig.invited("8001", agents)
        await asyncio.sleep(1.5)
        answer = await rig.backend.post(
            f"/api/calls/{_under_way(korean_hotline)}/emergency", json={"service": "120"}
        )
        await rig.invited("120", services)
        placed = await calling
        await exchange.behave("8001", busy=True)
        seen = await rig.judge("button", placed)
        agent, service = exchange.arrivals("8001")[-1], exchange.arrivals("120")[-1]

    assert (answer.status_code, answer.json()["joins"]) == (202, True)
    assert service.caller == CALLER
    assert agent.ended_at is not None
    assert service.ended_at is not None
    assert agent.ended_at < service.ended_at <= placed.ended_at + 0.5
    assert seen.good
    assert seen.attempts == ("answered",)


def _under_way(hotline: Hotline) -> str:
    notes = (Path(hotline.setting("MEDIA")) / "recordings").glob("*.call")
    (call_id,) = [note.stem for note in notes if note.read_text().split("|")[1] == CALLER]
    return call_id
