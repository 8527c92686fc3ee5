"""A citizen waits for an agent, and has other ways than to wait on."""

import uuid

from backend.database import Database
from backend.queue import service as queue
from tests.end_to_end.running import Hotline

CALLER = "13800000091"


async def test_who_would_rather_be_called_back_keeps_the_place(hotline: Hotline) -> None:
    async with hotline.exchange() as exchange:
        for number in ("8001", "8002"):
            await exchange.behave(number, no_answer=True)
        placed = await exchange.place(caller=CALLER, keys=[(2.0, "0"), (9.0, "1")], hangup=40)
        for number in ("8001", "8002"):
            await exchange.forget(number)
    row = await hotline.told(placed)
    database = Database(hotline.setting("DATABASE_URL"))
    async with database.transaction(writes=False) as session:
        missed = await queue.missed(session, 100)
    await database.close()

    assert (placed.ended_by, row["outcome"]) == ("hotline", "completed")
    [kept] = [one.kept for one in missed if one.call.id == uuid.UUID(row["call_id"])]
    assert kept is not None
    assert kept.arrived_at < kept.asked_at
    assert (hotline.media / "sounds/waiting/1.wav").exists()
