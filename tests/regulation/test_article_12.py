"""第十二条: 热线不予受理的事项。"""

from typing import Any

import pytest

from tests.backend.dispatch import fixtures
from tests.backend.dispatch.town import Town

town = fixtures.town


def refusal(town: Town, **more: Any) -> dict[str, Any]:
    told = town.office.now.isoformat()
    return {"clause": "12.1", "reason": "已经进入行政复议程序", "told_at": told, **more}


@pytest.mark.parametrize("clause", ["12.1", "12.2", "12.3"])
async def test_a_request_is_refused_by_one_of_the_three_clauses(town: Town, clause: str) -> None:
    number = await town.draft()

    stands = await town.do("agent", "refuse", number, **refusal(town, clause=clause))

    assert stands["state_chinese"] == "不予受理"
    assert (await town.last_event(number))["clause"] == clause


async def test_a_request_is_not_refused_for_a_reason_the_article_does_not_have(town: Town) -> None:
    number = await town.draft()

    refused = await town.try_to("agent", "refuse", number, **refusal(town, clause="12.4"))

    assert refused.status_code == 422
    assert refused.json()["field"] == "clause"


async def test_a_refused_request_is_never_dispatched_but_can_be_taken_up_again(town: Town) -> None:
    number = await town.draft()
    await town.do("agent", "refuse", number, **refusal(town))
    sent = {"unit_id": town.units["bureau"], "basis": "目录"}

    dispatched = await town.try_to("agent", "dispatch", number, **sent)
    reopened = await town.do("dispatcher", "reopen", number, reason="诉求人补充材料")

    assert dispatched.status_code == 409
    assert reopened["state_chinese"] == "草稿"


async def test_a_unit_cannot_refuse_a_citizen(town: Town) -> None:
    number = await town.draft()
    await town.dispatch(number)

    refused = await town.try_to("bureau", "refuse", number, **refusal(town))

    assert refused.status_code == 403
