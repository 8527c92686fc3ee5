"""第三十七条 Openness: how the work goes is made public in time, and holds nothing personal.

市热线工作机构与承办单位应当建立接诉即办工作公开制度，扩大信息公开内容和范围，完善公众查询渠道，及时向社会公布接
诉即办工作情况，接受公众和媒体监督。
"""

from backend.people.doors import doors
from backend.people.rights import TABLE, Right
from backend.people.roles import Role
from backend.statistics import publishing
from backend.statistics.counts import Dimension
from tests.backend.people.test_every_door import APP
from tests.backend.reports import fixtures
from tests.backend.reports.city import GOOD, City

city = fixtures.city


def test_open_figures_and_progress_need_no_account() -> None:
    open_paths = {door.path for door in doors(APP) if door.open_because and not door.rights}

    assert {"/api/open/figures/{month}", "/citizen/figures", "/citizen/progress"} <= open_paths


def test_a_supervisor_decides_what_is_made_public_and_the_law_stands_beside_it() -> None:
    assert TABLE[Right.PUBLISH].roles == {Role.SUPERVISOR}
    assert TABLE[Right.PUBLISH].articles == (37,)


def test_the_work_is_shown_by_place_by_kind_and_by_unit() -> None:
    assert set(publishing.PUBLISHED) == {Dimension.DISTRICT, Dimension.CATEGORY, Dimension.UNIT}


async def test_a_published_month_can_be_read_by_people_and_by_programs(city: City) -> None:
    await city.closed(GOOD, many=12)
    await city.browsers["supervisor"].post("/api/figures", json={"month": "2026-11"})

    async with city.office.client() as anybody:
        page = await anybody.get("/citizen/figures", params={"month": "2026-11"})
        data = await anybody.get("/api/open/figures/2026-11")
        table = await anybody.get("/api/open/figures/2026-11", params={"format": "csv"})

    assert "莲池区" in page.text
    assert data.json()["figures"]["total"]["valid"] == 12
    assert "莲池区,12,100.00%" in table.text
