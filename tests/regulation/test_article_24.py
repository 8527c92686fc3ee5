"""第二十四条: 分级督办，六种情形；其中四种由系统按设定自动发现。"""

from typing import Any

import pytest

from tests.backend.dispatch import fixtures
from tests.backend.dispatch.town import Json, Town
from tests.backend.supervision.watch import round_of

town = fixtures.town
DAY = {"days": 1}


async def cases(town: Town, who: str = "supervisor") -> list[Json]:
    return list((await town.browsers[who].get("/api/supervisions")).json()["items"])


async def supervised(town: Town, clause: str = "24.5", **more: Any) -> tuple[str, Json]:
    number = await town.signed()
    sent = {"tickets": [number], "clause": clause, "reason": "媒体报道", **more}
    made = await town.browsers["supervisor"].post("/api/supervisions", json=sent)
    assert made.status_code == 201, made.text
    return number, dict(made.json())


async def act(town: Town, who: str, case: Json, what: str, **sent: Any) -> Any:
    path = f"/api/supervisions/{case['id']}/{what}"
    sent.setdefault("version", case["version"])
    return await town.browsers[who].post(path, json=sent)


async def test_item_1_who_does_not_sign_is_supervised_by_the_machine(town: Town) -> None:
    number = await town.draft()
    await town.dispatch(number, tier="24h")
    town.pass_time(hours=9)

    await round_of(town)

    (case,) = await cases(town)
    assert (case["clause"], case["tickets"]) == ("24.1", [number])
    assert case["clause_chinese"] == "职责范围内的诉求工单拒不签收"


async def test_item_2_one_caller_three_times_in_thirty_days_is_found(town: Town) -> None:
    first, second = await town.draft(), await town.draft()
    await round_of(town)
    assert await cases(town) == []
    town.pass_time(**DAY)
    third = await town.draft()
    other = await town.draft(caller="13900000000")

    await round_of(town)
    await round_of(town)

    (case,) = await cases(town)
    assert (case["clause"], case["tickets"]) == ("24.2", [first, second, third])
    assert other not in case["tickets"]


async def test_item_3_five_callers_in_a_day_on_one_matter_at_one_place_are_found(
    town: Town,
) -> None:
    numbers = [await town.draft(caller=f"1380000000{n}") for n in range(5)]
    await town.draft("莲池区裕华路暖气不热", caller="13811111111")

    await round_of(town)
    await round_of(town)

    (case,) = await cases(town)
    assert (case["clause"], case["tickets"]) == ("24.3", numbers)
    assert case["facts"]["callers"] == 5


async def test_item_4_what_is_redone_three_times_is_found(town: Town) -> None:
    number = await town.replied()
    for _ in range(3):
        await town.do("agent", "accept-reply", number)
        await town.do("dispatcher", "redo", number, lacking="夜间仍有施工")
        assert len(await cases(town)) == ((await town.stands(number))["redos"] == 3)
        await town.do("clerk", "reply", number, **town.reply())

    (case,) = await cases(town)
    assert (case["clause"], case["facts"]) == ("24.4", {"redos": 3})


@pytest.mark.parametrize("clause", ["24.5", "24.6"])
async def test_items_5_and_6_are_found_by_a_supervisor_with_a_reason(
    town: Town, clause: str
) -> None:
    _, case = await supervised(town, clause)

    assert (case["clause"], case["reason"], case["unit_id"]) == (
        clause,
        "媒体报道",
        town.units["bureau"],
    )


async def test_what_is_passed_on_three_times_is_an_other_case_found_by_the_machine(
    town: Town,
) -> None:
    number = await town.draft()
    await town.dispatch(number, "street")
    for unit in ("bureau", "street", "bureau"):
        sent = {"unit_id": town.units[unit], "basis": "属地", "reason": "职责交叉"}
        await town.do("dispatcher", "reassign", number, **sent)

    (case,) = await cases(town)
    assert (case["clause"], case["facts"]) == ("24.6", {"passed_on": 3})


async def test_the_unit_answers_in_its_time_and_the_supervisor_releases(town: Town) -> None:
    number, case = await supervised(town)
    answered = await act(town, "clerk", case, "answer", answer="已约谈施工方")
    released = await act(town, "supervisor", answered.json(), "release", reason="已解决")

    assert (answered.json()["state"], released.json()["state"]) == ("answered", "released")
    steps = [one.data["step"] for one in await town.events(number) if one.kind == "supervised"]
    assert steps == ["opened", "answered", "released"]
    assert (
        await act(town, "supervisor", released.json(), "release", reason="再次")
    ).status_code == 409


async def test_supervision_is_graded_and_rises_when_it_is_not_answered(town: Town) -> None:
    _, case = await supervised(town)
    assert (case["level_chinese"], case["due_at"]) == ("一般督办", "2026-03-05T15:59:59Z")

    raised = await act(town, "supervisor", case, "raise", reason="影响扩大")

    assert (raised.json()["level_chinese"], raised.json()["due_at"]) == (
        "重点督办",
        "2026-03-03T02:00:00Z",
    )
    town.pass_time(days=2)
    await round_of(town)
    (later,) = await cases(town)
    assert later["level_chinese"] == "挂牌督办"


async def test_only_the_supervised_unit_answers_and_only_the_hotline_supervises(
    town: Town,
) -> None:
    number, case = await supervised(town)

    stranger = await act(town, "water", case, "answer", answer="与我无关")
    itself = await act(town, "bureau", case, "release", reason="已解决")
    stale = await act(town, "clerk", case, "answer", answer="已约谈", version=9)
    sent = {"tickets": [number], "clause": "24.5", "reason": "督办"}
    unit = await town.browsers["bureau"].post("/api/supervisions", json=sent)

    assert [one.status_code for one in (stranger, itself, stale, unit)] == [403, 403, 409, 403]
    assert await cases(town, "water") == []
    assert len(await cases(town, "bureau")) == 1
