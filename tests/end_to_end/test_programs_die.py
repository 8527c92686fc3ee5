"""Every program is killed in mid-call: nothing said is lost, and there is one ticket."""

import asyncio

import pytest

from tests.end_to_end.running import Hotline, speech

HEATING = "你好，我家住在莲池区裕华路，家里的暖气已经三天不热了，麻烦你们给解决一下。"


async def test_words_survive_when_the_recogniser_dies_in_the_step(hotline: Hotline) -> None:
    calling = asyncio.create_task(
        hotline.call(speech(HEATING), caller="13800000021", delay=1.0, hangup=30)
    )
    await asyncio.sleep(7)
    hotline.kill("asr")

    row = await calling

    assert "莲池" in row["transcript"] or "暖气" in row["transcript"]
    assert len(await hotline.tickets_of(row["call_id"])) == 1


async def test_a_ticket_waits_for_the_backend_to_come_back(hotline: Hotline) -> None:
    hotline.supervisor.stop_program("backend")
    try:
        async with hotline.exchange() as exchange:
            placed = await exchange.place(
                caller="13800000022", wav=speech(HEATING), delay=1.0, hangup=30
            )
    finally:
        hotline.supervisor.start_program("backend")
    await hotline.ready()

    row = await hotline.told(placed)

    assert row["ticket"]["fields"]["category"] == "供热"
    assert len(await hotline.tickets_of(row["call_id"])) == 1


@pytest.mark.parametrize("moment", [0.5, 6.0])
async def test_a_caller_is_not_dropped_when_the_call_script_dies(
    hotline: Hotline, moment: float
) -> None:
    async with hotline.exchange() as exchange:
        for agent in ("8001", "8002"):
            await exchange.behave(agent, no_answer=True)
    calling = asyncio.create_task(
        hotline.call(speech(HEATING), caller="13800000023", delay=45.0, hangup=65, wait_seconds=90)
    )
    await asyncio.sleep(moment + 1)
    hotline.kill("agi")

    row = await calling

    assert row["outcome"] in ("recovered", "message_left")
    assert row["ticket"]["category"] == "供热"
    assert len(await hotline.tickets_of(row["call_id"])) == 1
