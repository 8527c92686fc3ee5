"""Danger to people: 119 rings, and a ticket says what was said and who was reached (Art. 16)."""

from tests.end_to_end.running import Hotline, speech

FIRE = "喂，快来人啊，我们家着火了，厨房烧起来了，在莲池区裕华路，快点来！"


async def test_fire_rings_119_and_makes_a_ticket_of_its_own_kind(hotline: Hotline) -> None:
    async with hotline.exchange() as exchange:
        # It hears who calls for up to eight seconds, and then talks for more than five.
        await exchange.behave("119", answer_after=1.0, hangup=16)
        placed = await exchange.place(caller="13800000051", wav=speech(FIRE), delay=1.0, hangup=60)
        arrivals = [a for a in exchange.arrivals("119") if a.caller.endswith("0051")]
    row = await hotline.told(placed)

    assert row["emergency"]["service"] == "119"
    assert [arrival.answered_at is not None for arrival in arrivals] == [True]
    assert row["outcome"] == "transferred_emergency"
    assert row["emergency"]["answered_at"] is not None
    assert row["ticket"]["kind"] == "紧急"
    assert len(await hotline.tickets_of(row["call_id"])) == 1


async def test_key_9_and_one_choice_reach_120(hotline: Hotline) -> None:
    async with hotline.exchange() as exchange:
        await exchange.behave("120", answer_after=0.5, hangup=18)
        placed = await exchange.place(
            caller="13800000052", keys=[(1.0, "9"), (3.0, "3")], hangup=40
        )
        (arrival,) = [a for a in exchange.arrivals("120") if a.caller.endswith("0052")]
    row = await hotline.told(placed)

    assert arrival.answered_at is not None
    assert (row["outcome"], row["emergency"]["source"]) == ("transferred_emergency", "key")


async def test_a_busy_service_goes_to_an_agent_and_every_attempt_is_kept(hotline: Hotline) -> None:
    async with hotline.exchange() as exchange:
        await exchange.behave("110", busy=True)
        await exchange.behave("8001", answer_after=0.5, hangup=4)
        placed = await exchange.place(
            caller="13800000053", keys=[(1.0, "9"), (3.0, "1")], hangup=45
        )
        await exchange.behave("8001", no_answer=True)
        agents = [a for a in exchange.arrivals("8001") if a.answered_at]
    row = await hotline.told(placed)

    assert agents
    assert [a["result"] for a in row["emergency"]["attempts"]] == ["busy"]
    assert row["ticket"]["kind"] == "紧急"
    assert placed.ended_by != "hotline" or row["outcome"] == "transferred_agent"
