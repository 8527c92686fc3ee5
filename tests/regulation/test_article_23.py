"""第二十三条: 难以解决的事项报请本级人民政府或者上级主管部门协调解决。"""

import pytest

from tests.backend.dispatch import fixtures
from tests.backend.dispatch.town import Town

town = fixtures.town

HELP = {"opinion": "由区政府牵头联合执法", "measures": "三日内联合检查"}


async def escalated(town: Town) -> str:
    number = await town.signed()
    sent = {"unit_id": town.units["county"], "reason": "涉及多个部门"}
    await town.do("bureau", "escalate", number, **sent)
    return number


async def test_the_lead_asks_the_government_above_it(town: Town) -> None:
    stands = await town.stands(await escalated(town))

    assert stands["state_chinese"] == "报请协调"
    assert stands["pending"]["escalation"]["unit"] == town.units["county"]


async def test_help_is_asked_of_a_superior_only(town: Town) -> None:
    number = await town.signed()
    sent = {"unit_id": town.units["street"], "reason": "推给街道"}

    refused = await town.try_to("bureau", "escalate", number, **sent)

    assert refused.status_code == 422
    assert refused.json()["field"] == "unit_id"
    assert "莲池区" in refused.json()["remedy"]


async def test_the_superior_gives_opinion_and_measures_and_the_lead_goes_on(town: Town) -> None:
    number = await escalated(town)

    stands = await town.do("county", "guide", number, **HELP)

    assert stands["state_chinese"] == "办理中"
    event = await town.last_event(number)
    assert (event["opinion"], event["measures"]) == (HELP["opinion"], HELP["measures"])


@pytest.mark.parametrize("who", ["bureau", "city"])
async def test_only_the_superior_that_was_asked_answers(town: Town, who: str) -> None:
    refused = await town.try_to(who, "guide", await escalated(town), **HELP)

    assert refused.status_code == 403


async def test_asking_for_help_gives_no_extra_time_and_sheds_no_lead(town: Town) -> None:
    number = await town.signed()
    before = await town.stands(number)

    sent = {"unit_id": town.units["city"], "reason": "涉及全市"}
    after = await town.do("bureau", "escalate", number, **sent)

    assert after["deadline"]["due_at"] == before["deadline"]["due_at"]
    assert after["assignments"] == before["assignments"]
