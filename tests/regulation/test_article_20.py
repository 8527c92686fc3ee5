"""第二十条: 签收、退单申请、审核；不同意退回的由原承办单位继续办理。"""

import datetime as dt

import pytest

from backend.deadlines import SHANGHAI
from tests.backend.dispatch import fixtures
from tests.backend.dispatch.town import Town
from tests.backend.supervision.watch import round_of

town = fixtures.town

WHY = {"reason": "不属于本单位职责", "basis": "三定方案第四条"}


async def test_a_unit_signs_and_the_clock_has_run_since_dispatch(town: Town) -> None:
    number = await town.draft()
    before = await town.dispatch(number)
    town.pass_time(hours=30)

    after = await town.do("clerk", "sign", number)

    assert after["deadline"]["due_at"] == before["deadline"]["due_at"]
    assert after["assignments"][0]["signed_at"]


@pytest.mark.parametrize("missing", ["reason", "basis"])
async def test_a_return_is_asked_with_reason_and_basis(town: Town, missing: str) -> None:
    number = await town.signed()
    sent = {name: text for name, text in WHY.items() if name != missing}

    refused = await town.try_to("clerk", "return", number, **sent)

    assert refused.status_code == 422
    assert refused.json()["field"] == missing


async def test_a_refused_return_has_a_reason_and_keeps_the_deadline(town: Town) -> None:
    number = await town.signed()
    before = (await town.ticket(number)).deadline
    await town.do("clerk", "return", number, **WHY)
    town.pass_time(days=1)

    unreasoned = await town.try_to("dispatcher", "return/refuse", number)
    stands = await town.do("dispatcher", "return/refuse", number, reason="属于法定职责")

    assert unreasoned.status_code == 422
    assert stands["state_chinese"] == "不同意退单"
    assert (await town.ticket(number)).deadline == before
    assert "由原承办单位继续办理，办理时限不变" in (await town.last_event(number))["why"]
    assert (await town.do("clerk", "sign", number))["state_chinese"] == "已签收"


async def test_a_granted_return_is_sent_on_with_a_deadline_of_its_own(town: Town) -> None:
    number = await town.signed()
    first = (await town.ticket(number)).deadline
    await town.do("clerk", "return", number, **WHY)
    town.pass_time(days=1)

    await town.do("dispatcher", "return/accept", number, reason="经核属街道职责")
    stands = await town.dispatch(number, "street")

    assert stands["deadline"]["due_at"] == "2026-03-10T23:59:59+08:00"
    assert stands["dispatches"] == 2
    told = (await town.last_event(number))["deadline"]
    assert (told["old"], told["new"]) == (first, (await town.ticket(number)).deadline)


async def test_the_hotline_has_two_working_days_to_decide(town: Town) -> None:
    number = await town.signed()

    stands = await town.do("clerk", "return", number, **WHY)

    assert stands["pending"]["return"]["decide_by"] == "2026-03-04T23:59:59+08:00"


async def test_a_unit_does_not_decide_on_its_own_return(town: Town) -> None:
    number = await town.signed()
    await town.do("clerk", "return", number, **WHY)

    refused = await town.try_to("bureau", "return/accept", number, reason="同意")

    assert refused.status_code == 403


async def test_work_once_begun_is_not_given_back(town: Town) -> None:
    number = await town.signed()
    await town.do("clerk", "start", number)

    refused = await town.try_to("clerk", "return", number, **WHY)

    assert refused.status_code == 409


@pytest.mark.parametrize(
    ("tier", "by"),
    [
        ("2h", "2026-03-02T02:30:00Z"),
        ("24h", "2026-03-02T06:00:00Z"),
        ("5d", "2026-03-03T15:59:59Z"),
    ],
)
async def test_a_unit_has_a_set_time_to_sign_by_the_tier(town: Town, tier: str, by: str) -> None:
    number = await town.draft()

    stands = await town.dispatch(number, tier=tier)

    assert stands["assignments"][0]["sign_by"] in (by, _in_the_city(by))
    town.pass_time(days=2)
    await town.do("clerk", "sign", number)
    assert (await town.last_event(number))["late"] is True


async def test_after_a_refused_return_the_unit_signs_anew_in_a_set_time(town: Town) -> None:
    number = await town.signed()
    await town.do("clerk", "return", number, **WHY)
    town.pass_time(days=1)

    stands = await town.do("dispatcher", "return/refuse", number, reason="属于法定职责")

    lead = stands["assignments"][0]
    assert lead["signed_at"] is None
    assert lead["sign_by"].startswith("2026-03-04")


async def test_a_return_the_hotline_does_not_decide_in_time_is_said_to_it(town: Town) -> None:
    number = await town.signed()
    await town.do("clerk", "return", number, **WHY)
    town.pass_time(days=2, hours=15)

    await round_of(town)

    shown = (await town.browsers["dispatcher"].get("/api/reminders")).json()["items"]
    assert [one["kind_chinese"] for one in shown] == ["退单申请逾期未审核"]


def _in_the_city(moment: str) -> str:
    return dt.datetime.fromisoformat(moment).astimezone(SHANGHAI).isoformat()
