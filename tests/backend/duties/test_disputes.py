"""Disputed matters: put to units, heard, decided with a reason."""

from typing import Any

from tests.backend.dispatch.town import Json, Town

WHY = {"reason": "经会商，属地管理", "basis": "属地管理原则"}


async def put(town: Town, number: str, *units: str, who: str = "agent") -> Json:
    sent: dict[str, Any] = {"question": "施工还是商铺噪声，职责交叉"}
    sent["units"] = [town.units[one] for one in units or ("bureau", "street")]
    reply = await town.try_to(who, "dispute", number, **sent)
    assert reply.status_code == 201, reply.text
    return dict(reply.json())


async def decide(town: Town, dispute: int, number: str, unit: str, who: str = "dispatcher") -> Any:
    sent = {"version": (await town.stands(number))["version"], "unit_id": town.units[unit], **WHY}
    return await town.browsers[who].post(f"/api/disputes/{dispute}/decide", json=sent)


async def opine(town: Town, who: str, dispute: int, *, takes: bool) -> int:
    said = {"takes": takes, "opinion": "不属于我单位职责", "basis": "三定方案"}
    reply = await town.browsers[who].post(f"/api/disputes/{dispute}/opinion", json=said)
    return int(reply.status_code)


async def test_units_give_opinions_and_the_hotline_decides_with_a_reason(town: Town) -> None:
    number = await town.draft("莲池区裕华路夜里噪声很大，我的电话13812345678")
    dispute = (await put(town, number))["id"]
    seen_by_unit = (await town.browsers["street"].get("/api/disputes")).json()["items"]
    assert await opine(town, "clerk", dispute, takes=False) == 200
    assert await opine(town, "street", dispute, takes=True) == 200

    decided = await decide(town, dispute, number, "street")

    assert decided.json()["state_chinese"] == "已派发"
    assert [one["ticket"] for one in seen_by_unit] == [number]
    assert "13812345678" not in str(seen_by_unit)
    kinds = [one.kind for one in await town.events(number)]
    assert kinds[-4:] == ["disputed", "opined", "opined", "moved"]
    told = await town.last_event(number)
    assert (told["dispute"], told["reason"]) == (dispute, WHY["reason"])
    shown = (await town.browsers["dispatcher"].get("/api/disputes")).json()["items"][0]
    assert (shown["state"], shown["unit"]) == ("decided", "裕华街道")
    assert [one["takes"] for one in shown["opinions"]] == [False, True]


async def test_while_it_is_disputed_nobody_dispatches_past_the_decision(town: Town) -> None:
    number = await town.draft()
    dispute = (await put(town, number))["id"]
    sent = {"unit_id": town.units["bureau"], "basis": "目录"}

    refused = await town.try_to("agent", "dispatch", number, **sent)
    again = await town.try_to("agent", "dispute", number, question="？？", units=[1])
    await town.browsers["dispatcher"].post(
        f"/api/disputes/{dispute}/drop", json={"reason": "已查明"}
    )

    assert (refused.status_code, refused.json()["error"]) == (409, "disputed")
    assert again.status_code == 409
    assert (await town.dispatch(number))["state_chinese"] == "已派发"
    late = await decide(town, dispute, number, "street")
    assert (late.status_code, late.json()["error"]) == (409, "decided_already")


async def test_who_was_not_asked_has_no_opinion_and_sees_nothing(town: Town) -> None:
    dispute = (await put(town, await town.draft()))["id"]

    assert await opine(town, "water", dispute, takes=True) == 403
    assert (await town.browsers["water"].get("/api/disputes")).json()["items"] == []


async def test_an_agent_puts_the_question_and_does_not_decide(town: Town) -> None:
    number = await town.draft()
    dispute = (await put(town, number))["id"]

    assert (await decide(town, dispute, number, "street", who="agent")).status_code == 403


async def test_a_ticket_in_a_units_hands_is_not_put_to_others(town: Town) -> None:
    number = await town.signed()

    refused = await town.try_to("agent", "dispute", number, question="不清", units=[1])

    assert refused.status_code == 409
