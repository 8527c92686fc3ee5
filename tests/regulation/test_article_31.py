"""第三十一条: 发现可能发生突发事件的情况或者风险，即时向有关单位发出风险预警。"""

from sqlalchemy import select

from backend.alarms.models import Alarm
from backend.duties import sheets
from backend.duties.importing import HEADINGS
from backend.duties.sheets import Format
from tests.backend.dispatch import fixtures
from tests.backend.dispatch.town import Town
from tests.backend.supervision.watch import round_of

town = fixtures.town
NO_WATER = "莲池区{}停水了，家里一滴水都没有"
PLACES = ("裕华路", "东风路", "五四路", "七一路", "阳光大街")
WATER = ("GS-1", "供水", "", "莲池区", "", "市供水总公司", "2h", "供水企业负责")


async def test_many_callers_on_a_risky_matter_in_one_district_warn_the_unit_once(
    town: Town,
) -> None:
    content = sheets.write(Format.CSV, HEADINGS, [WATER])
    await town.browsers["dispatcher"].post(
        "/api/duties/import",
        files={"file": ("duties.csv", content)},
        data={"version": "w", "note": "供水"},
    )
    for n, place in enumerate(PLACES):
        await town.draft(NO_WATER.format(place), caller=f"1380000000{n}")

    await round_of(town)
    await round_of(town)

    (warning,) = (await town.browsers["water"].get("/api/warnings")).json()["items"]
    assert (warning["category"], warning["district"]) == ("供水", "莲池区")
    assert warning["facts"]["callers"] == 5
    async with town.office.database.transaction(writes=False) as session:
        kinds = list(await session.scalars(select(Alarm.kind)))
    assert kinds.count("risk") == 1


async def test_the_warned_unit_says_what_it_has_done_and_nobody_else_for_it(town: Town) -> None:
    sent = {"unit_id": town.units["water"], "category": "供水", "what": "东风路管网压力骤降"}
    made = (await town.browsers["supervisor"].post("/api/warnings", json=sent)).json()
    path = f"/api/warnings/{made['id']}/answer"

    stranger = await town.browsers["bureau"].post(path, json={"answer": "与我无关"})
    done = await town.browsers["water"].post(path, json={"answer": "已关阀抢修"})
    again = await town.browsers["water"].post(path, json={"answer": "再次答复"})

    assert [stranger.status_code, done.status_code, again.status_code] == [404, 200, 409]
    assert done.json()["answer"] == "已关阀抢修"


async def test_only_a_supervisor_warns(town: Town) -> None:
    sent = {"unit_id": town.units["water"], "category": "供水", "what": "东风路管网压力骤降"}

    refused = await town.browsers["agent"].post("/api/warnings", json=sent)

    assert refused.status_code == 403
