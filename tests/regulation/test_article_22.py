"""第二十二条: 承办单位及时联系诉求人、依法办理、在时限内向诉求人和热线工作机构反馈。"""

import datetime as dt

from tests.backend.dispatch import fixtures
from tests.backend.dispatch.town import Town

town = fixtures.town


async def test_the_unit_gets_the_callers_number_for_a_reason_that_is_recorded(town: Town) -> None:
    number = await town.signed()

    got = await town.browsers["clerk"].post(
        f"/api/tickets/{number}/contact", json={"reason": "联系诉求人了解情况"}
    )

    assert got.status_code == 200
    assert got.json()["entry"] > 0


async def test_a_reply_without_having_told_the_caller_is_not_accepted(town: Town) -> None:
    number = await town.signed()
    later = (town.office.now + dt.timedelta(hours=1)).isoformat()

    refused = await town.try_to("clerk", "reply", number, result="已处理", caller_told_at=later)

    assert (refused.status_code, refused.json()["field"]) == (422, "caller_told_at")


async def test_a_reply_goes_to_caller_and_hotline_and_says_whether_it_was_in_time(
    town: Town,
) -> None:
    number = await town.signed(tier="24h")
    town.pass_time(hours=25)

    stands = await town.do("clerk", "reply", number, **town.reply())

    assert stands["state_chinese"] == "已答复"
    told = await town.last_event(number)
    assert told["late"] is True
    assert told["caller_told_at"]


async def test_nobody_replies_for_another_unit(town: Town) -> None:
    number = await town.signed()

    refused = await town.try_to("water", "reply", number, **town.reply(), version=1)

    assert refused.status_code == 404
