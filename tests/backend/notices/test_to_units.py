"""Units on duty are told of what cannot wait, and of supervision by its level."""

import pytest

from backend.notices.settings import NoticeSettings
from backend.people.roles import Role
from tests.backend.dispatch.town import Json, Town
from tests.backend.notices.receiver import receiver
from tests.backend.notices.test_notices import notices
from tests.backend.supervision.watch import FakeSms, keeper_of, round_of, work

NUMBERS = {"bureau": "13900000001", "county": "13900000002", "street": "13900000003"}
DISCIPLINE = "13900000009"


async def on_duty(town: Town) -> None:
    async with await town.office.as_role(Role.ADMINISTRATOR) as keeper:
        for name, number in NUMBERS.items():
            path = f"/api/units/{town.units[name]}/contact"
            reply = await keeper.put(path, json={"number": number, "version": 0})
            assert reply.status_code == 200, reply.text


def told(sms: FakeSms) -> list[tuple[str, str]]:
    return [(to, text) for to, text in sms.sent if to.startswith("1390000000")]


async def supervised(town: Town) -> tuple[str, Json]:
    number = await town.signed()
    sent = {"tickets": [number], "clause": "24.5", "reason": "办理不力", "level": 1}
    made = await town.browsers["supervisor"].post("/api/supervisions", json=sent)
    assert made.status_code == 201, made.text
    return number, dict(made.json())


async def step(town: Town, case: Json, what: str) -> Json:
    path = f"/api/supervisions/{case['id']}/{what}"
    sent = {"version": case["version"], "reason": "逾期未报告"}
    done = await town.browsers["supervisor"].post(path, json=sent)
    assert done.status_code == 200, done.text
    return dict(done.json())


async def test_a_ticket_of_two_hours_rings_the_units_on_duty_others_do_not(town: Town) -> None:
    await on_duty(town)
    sms, slow, urgent = FakeSms(), await town.draft(), await town.draft()
    joined = [{"unit_id": town.units["street"], "tier": "2h"}]
    await town.dispatch(slow)
    await town.dispatch(urgent, tier="2h", co_handlers=joined)

    await work(town, keeper_of(town, sms))

    assert sorted(to for to, _ in told(sms)) == [NUMBERS["bureau"], NUMBERS["street"]]
    assert all(urgent in text and "3月2日12时00分" in text for _, text in told(sms))
    assert "13812345678" not in str(told(sms))


async def test_nearly_due_then_overdue_is_said_once_each(town: Town) -> None:
    await on_duty(town)
    sms, number = FakeSms(), await town.signed(tier="24h")
    keeper = keeper_of(town, sms)
    await work(town, keeper)
    for hours in (23, 2):
        town.pass_time(hours=hours)
        for _ in range(2):
            await round_of(town, keeper)

    said = [text for to, text in told(sms) if number in text and to == NUMBERS["bureau"]]
    assert ["到期" in said[0], "逾期" in said[1], len(said)] == [True, True, 2]


async def test_each_level_of_supervision_reaches_further_up_and_so_does_its_release(
    town: Town,
) -> None:
    await on_duty(town)
    sms = FakeSms()
    keeper = keeper_of(town, sms)
    keeper.post.settings = NoticeSettings(discipline_number=DISCIPLINE)
    _, case = await supervised(town)
    reached = []
    for what in ("raise", "raise", "release", None):
        await work(town, keeper)
        reached.append([to for to, _ in told(sms)])
        sms.sent.clear()
        case = await step(town, case, what) if what else case

    bureau, county = NUMBERS["bureau"], NUMBERS["county"]
    everybody = [bureau, county, DISCIPLINE]
    assert reached == [[bureau], [bureau, county], everybody, everybody]


async def test_discipline_may_be_told_by_webhook_and_is_left_out_when_nobody_named_it(
    town: Town,
) -> None:
    number, case = await supervised(town)
    keeper = keeper_of(town)
    with receiver() as kept:
        case = await step(town, case, "raise")
        await step(town, case, "raise")
        keeper.post.settings = NoticeSettings(discipline_url=kept.url)
        await work(town, keeper)

    ((_, content),) = kept.got
    assert "挂牌督办" in content.decode()
    shown = [(one["channel"], one["state"]) for one in await notices(town, number, "supervisor")]
    assert ("discipline", "sent") in shown
    assert ("unit", "no_number") in shown


@pytest.mark.parametrize("number", ["0312123456", "13812", "", "1381234567八"])
async def test_a_number_that_cannot_be_told_is_refused_by_field(town: Town, number: str) -> None:
    path = f"/api/units/{town.units['bureau']}/contact"
    async with await town.office.as_role(Role.ADMINISTRATOR) as keeper:
        refused = await keeper.put(path, json={"number": number, "version": 0})

    assert (refused.status_code, refused.json()["field"]) == (422, "number")


async def test_a_contact_read_before_anothers_change_is_not_overwritten(town: Town) -> None:
    await on_duty(town)
    path = f"/api/units/{town.units['bureau']}/contact"
    async with await town.office.as_role(Role.ADMINISTRATOR) as keeper:
        stale = await keeper.put(path, json={"number": None, "version": 0})
        shown = (await keeper.get(path)).json()

    assert stale.status_code == 409
    assert (shown["number"], shown["version"]) == ("139****0001", 1)
