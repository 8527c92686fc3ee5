"""What a citizen does on the telephone, and what becomes of it."""

import asyncio

from tests.end_to_end.running import Hotline, speech

HEATING = "你好，我家住在莲池区裕华路，家里的暖气已经三天不热了，麻烦你们给解决一下。"
STREET_LAMP = "喂，你好，清苑区东吕乡的路灯坏了半个多月了，晚上走路特别黑。"
LONG_STORY = (
    "你好，我是清苑区东吕乡的，我想反映我们村里的一件事情。"
    "去年春天，村口的那条排水沟让人给填上了，说是要盖一个大棚。"
    "到了夏天一下大雨，水就全都流到路上来了，孩子上学要趟着水走。"
    "我们找了村里的干部，干部说这个事情要去乡里说。"
    "我们又去了乡里，乡里的人记了一下，说过几天来看，可是一直没有人来。"
    "上个月又下了一场大雨，有两家的院墙都泡塌了，幸亏没有伤着人。"
    "现在天冷了，路上的水冻成了冰，老人出门摔了好几个。"
    "我们就想问一问，这个水沟到底归谁管，什么时候能给挖开。"
    "再有就是，水沟不通，明年开春我们也没有办法浇地。"
)
"""Nearly a minute, of different things."""


async def test_a_complaint_in_mandarin_becomes_a_right_draft(hotline: Hotline) -> None:
    row = await hotline.call(speech(HEATING))

    assert row["outcome"] == "completed"
    ticket = row["ticket"]
    assert (ticket["district"], ticket["category"], ticket["kind"]) == ("莲池区", "供热", "求助")
    assert "裕华路" in ticket["place"]
    assert ticket["acceptable"] is True
    assert ticket["tier"] in ("2h", "24h")
    assert row["emergency"] is None
    assert len(await hotline.tickets_of(row["call_id"])) == 1


async def test_a_caller_who_says_nothing_reaches_the_message(hotline: Hotline) -> None:
    async with hotline.exchange() as exchange:
        for agent in ("8001", "8002"):
            await exchange.behave(agent, no_answer=True)

    row = await hotline.call(None, hangup=75)

    assert row["outcome"] in ("hung_up", "message_left", "completed")
    path = (await hotline.detail(row["call_id"]))["path"]
    assert "person" in path
    assert row["ticket"] is None


async def test_key_0_reaches_an_agent(hotline: Hotline) -> None:
    async with hotline.exchange() as exchange:
        await exchange.behave("8001", answer_after=0.5, hangup=4)
        await exchange.behave("8002", no_answer=True)
        placed = await exchange.place(caller="13800000010", keys=[(1.5, "0")], hangup=25)
        arrivals = exchange.arrivals("8001")
        await exchange.behave("8001", no_answer=True)

    assert arrivals[-1].answered_at is not None
    assert (await hotline.told(placed))["outcome"] == "transferred_agent"


async def test_a_caller_who_hangs_up_in_mid_sentence_is_kept(hotline: Hotline) -> None:
    row = await hotline.call(speech(HEATING), caller="13800000011", delay=1.0, hangup=6.0)

    assert row["outcome"] == "hung_up"
    assert "莲池" in row["transcript"]
    assert len(await hotline.tickets_of(row["call_id"])) == 1


async def test_speech_over_the_greeting_stops_it(hotline: Hotline) -> None:
    row = await hotline.call(speech(HEATING), caller="13800000012", delay=1.0, hangup=16)

    (heard, *_) = (await hotline.detail(row["call_id"]))["utterances"]
    times = heard["times"]
    assert times["prompt_end"] - times["speech_start"] < 1.0
    assert "暖气" in row["transcript"]


async def test_the_hash_key_ends_the_statement(hotline: Hotline) -> None:
    row = await hotline.call(
        speech(HEATING), caller="13800000013", delay=1.0, keys="6s:#", hangup=12
    )

    assert (await hotline.detail(row["call_id"]))["utterances"][0]["ended_by"] == "key"
    assert row["ticket"]["category"] == "供热"


async def test_two_calls_at_once_do_not_mix(hotline: Hotline) -> None:
    one, two = await asyncio.gather(
        hotline.call(speech(HEATING), caller="13800000014", hangup=22),
        hotline.call(speech(STREET_LAMP, "jf_nezumi"), caller="13800000015", hangup=22),
    )

    assert (one["ticket"]["category"], two["ticket"]["category"]) == ("供热", "市政设施")
    assert (one["ticket"]["district"], two["ticket"]["district"]) == ("莲池区", "清苑区")
    assert one["ticket"]["contact"] == "13800000014"
    assert two["ticket"]["contact"] == "13800000015"


async def test_a_statement_of_a_minute_is_heard_to_its_end(hotline: Hotline) -> None:
    row = await hotline.call(speech(LONG_STORY), caller="13800000016", delay=1.0, hangup=75)

    (heard, *_) = (await hotline.detail(row["call_id"]))["utterances"]
    assert heard["times"]["speech_end"] - heard["times"]["speech_start"] > 50
    assert "东吕" in row["transcript"][:60]
    assert "浇地" in row["transcript"][-60:]
