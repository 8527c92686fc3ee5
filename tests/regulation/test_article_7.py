"""第七条: 承办单位健全办理机制、办理交办事项、分析集中诉求、维护知识库、协调其他工作。"""

from backend.knowledge import endpoints as knowledge
from backend.people.rights import TABLE, Right
from backend.people.roles import UNIT_ROLES, Role
from tests.backend.dispatch import fixtures
from tests.backend.dispatch.town import Town
from tests.backend.supervision.watch import round_of

town = fixtures.town


async def test_item_1_each_unit_has_people_of_its_own_who_act_for_it_alone(town: Town) -> None:
    number = await town.draft()
    await town.dispatch(number)

    stranger = await town.try_to("water", "sign", number, version=1)
    signed = await town.do("clerk", "sign", number)

    assert stranger.status_code == 404
    assert signed["assignments"][0]["unit_id"] == town.units["bureau"]
    event = (await town.events(number))[-1]
    assert event.actor.startswith("person:")


def test_item_1_handling_is_the_right_of_units_and_of_nobody_else() -> None:
    for right in (Right.SIGN, Right.HANDLE, Right.REPLY):
        assert TABLE[right].roles == UNIT_ROLES
    assert TABLE[Right.ESCALATE].roles == {Role.UNIT_LEAD}


async def test_item_2_what_the_hotline_gives_is_handled_to_the_end(town: Town) -> None:
    number = await town.signed()
    await town.do("clerk", "start", number)

    stands = await town.do("clerk", "reply", number, **town.reply())

    assert stands["state_chinese"] == "已答复"


async def test_item_3_what_many_reported_is_shown_to_the_unit_it_concerns(town: Town) -> None:
    for n in range(5):
        await town.dispatch(await town.draft(caller=f"1380000000{n}"))

    await round_of(town)

    (case,) = (await town.browsers["bureau"].get("/api/supervisions")).json()["items"]
    assert (case["clause"], len(case["tickets"])) == ("24.3", 5)


async def test_item_4_the_unit_writes_its_knowledge_and_the_hotline_approves_it(
    town: Town,
) -> None:
    town.office.app.include_router(knowledge.router)
    text = {
        "title": "夜间施工时限",
        "body": "每日22时至次日6时禁止产生噪声的施工",
        "keywords": "噪声",
    }

    written = await town.browsers["clerk"].post(
        "/api/knowledge", json={"category": "噪声油烟", **text}
    )
    assert written.status_code == 201, written.text
    article = written.json()
    sent = {"version": article["version"], "reason": "内容属实"}
    own = await town.browsers["clerk"].post(f"/api/knowledge/{article['id']}/approve", json=sent)
    done = await town.browsers["supervisor"].post(
        f"/api/knowledge/{article['id']}/approve", json=sent
    )
    found = await town.browsers["agent"].get("/api/knowledge", params={"q": "夜间施工"})

    assert own.status_code == 403
    assert done.status_code == 200, done.text
    assert [one["title"] for one in found.json()] == ["夜间施工时限"]


async def test_item_5_the_unit_gives_its_opinion_on_what_is_unclear(town: Town) -> None:
    number = await town.draft()
    asked = {"question": "职责交叉", "units": [town.units["bureau"]]}
    dispute = (await town.try_to("agent", "dispute", number, **asked)).json()

    said = {"takes": True, "opinion": "属于我单位职责", "basis": "三定方案"}
    given = await town.browsers["bureau"].post(f"/api/disputes/{dispute['id']}/opinion", json=said)

    assert given.json()["opinions"][0]["takes"] is True
