import asyncio
from typing import Any

import httpx
import pytest

from backend.people.roles import Role
from backend.units.levels import Level
from tests.backend.people.office import Office


@pytest.fixture
async def tree(office: Office) -> dict[str, int]:
    city = await office.unit("保定市", Level.CITY)
    county = await office.unit("莲池区政府", Level.COUNTY, city, district="莲池区")
    heat = await office.unit("供热公司", Level.UTILITY, city, duties=["供热"])
    street = await office.unit("联盟街道", Level.TOWNSHIP, county)
    return {"city": city, "county": county, "heat": heat, "street": street}


async def names(browser: httpx.AsyncClient, **asked: Any) -> list[str]:
    answer = await browser.get("/api/units", params=asked)
    assert answer.status_code == 200, answer.text
    return [unit["name"] for unit in answer.json()["items"]]


async def test_the_tree_is_listed_each_unit_after_its_parent(
    office: Office, tree: dict[str, int]
) -> None:
    async with await office.as_role(Role.AGENT) as browser:
        assert await names(browser) == ["保定市", "莲池区政府", "联盟街道", "供热公司"]
        assert await names(browser, under=tree["county"]) == ["莲池区政府", "联盟街道"]
        assert await names(browser, district="莲池区", level="township") == ["联盟街道"]
        assert await names(browser, duty="供热") == ["供热公司"]
        assert await names(browser, duty="供水") == []
        assert await names(browser, active=False) == []


async def test_pages_hold_each_unit_once(office: Office, tree: dict[str, int]) -> None:
    seen: list[str] = []
    async with await office.as_role(Role.AGENT) as browser:
        cursor: str | None = ""
        while cursor is not None:
            more = {"cursor": cursor} if cursor else {}
            page = (await browser.get("/api/units", params={"limit": 1, **more})).json()
            seen += [unit["name"] for unit in page["items"]]
            cursor = page["next_cursor"]

    assert seen == ["保定市", "莲池区政府", "联盟街道", "供热公司"]


async def test_a_unit_tells_whom_it_reports_to(office: Office, tree: dict[str, int]) -> None:
    async with await office.as_role(Role.AGENT) as browser:
        above = (await browser.get(f"/api/units/{tree['street']}/above")).json()

    assert [unit["name"] for unit in above] == ["保定市", "莲池区政府", "联盟街道"]
    assert above[-1]["path"] == [tree["city"], tree["county"], tree["street"]]


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"name": ""}, 422, "name"),
        ({"name": "\x00"}, 422, "name"),
        ({"level": "village"}, 422, "level"),
        ({"parent_id": None}, 422, "parent_id"),
        ({"parent_id": 99}, 404, "parent_id"),
        ({"parent_id": 0}, 422, "parent_id"),
        ({"level": "city", "parent_id": None}, 409, "level"),
        ({"level": "city"}, 422, "parent_id"),
        ({"level": "county"}, 422, "parent_id"),
        ({"district": "海淀区"}, 422, "district"),
        ({"district": "定州市"}, 422, "district"),
        ({"district": "竞秀区"}, 422, "district"),
        ({"duties": ["下棋"]}, 422, "duties"),
        ({"name": "联盟街道"}, 409, "name"),
    ],
    ids=str,
)
async def test_a_unit_that_cannot_be_is_refused_by_field_and_nothing_is_written(
    office: Office, tree: dict[str, int], change: dict[str, Any], status: int, field: str
) -> None:
    new = {"name": "红星街道", "level": "township", "parent_id": tree["county"]} | change
    async with await office.as_role(Role.ADMINISTRATOR) as administrator:
        before = (await administrator.get("/api/units")).json()
        answer = await administrator.post("/api/units", json=new)
        after = (await administrator.get("/api/units")).json()

    assert (answer.status_code, answer.json()["field"]) == (status, field)
    assert answer.json()["remedy"]
    assert before == after


async def test_a_unit_in_use_is_not_deactivated(office: Office, tree: dict[str, int]) -> None:
    await office.person("zhao.gang", Role.UNIT_HANDLER, unit_id=tree["heat"])
    async with await office.as_role(Role.ADMINISTRATOR) as administrator:
        off = {"version": 1, "active": False}
        staffed = await administrator.patch(f"/api/units/{tree['heat']}", json=off)
        parent = await administrator.patch(f"/api/units/{tree['county']}", json=off)
        free = await administrator.patch(f"/api/units/{tree['street']}", json=off)

    assert [staffed.status_code, parent.status_code, free.status_code] == [409, 409, 200]
    assert "zhao.gang" in staffed.json()["message"]
    assert "联盟街道" in parent.json()["message"]


async def test_a_change_read_at_an_older_version_is_refused(
    office: Office, tree: dict[str, int]
) -> None:
    async with await office.as_role(Role.ADMINISTRATOR) as administrator:
        address = f"/api/units/{tree['heat']}"
        answers = await asyncio.gather(
            administrator.patch(address, json={"version": 1, "duties": ["供热", "供水"]}),
            administrator.patch(address, json={"version": 1, "name": "热力公司"}),
        )

    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_two_moves_at_the_same_moment_make_no_circle(
    office: Office, tree: dict[str, int]
) -> None:
    one, two = [
        await office.unit(name, Level.DEPARTMENT, tree["city"]) for name in ("甲局", "乙局")
    ]
    async with await office.as_role(Role.ADMINISTRATOR) as administrator:
        answers = await asyncio.gather(
            administrator.patch(f"/api/units/{one}", json={"version": 1, "parent_id": two}),
            administrator.patch(f"/api/units/{two}", json={"version": 1, "parent_id": one}),
        )
        listed = await names(administrator)

    assert sorted(answer.status_code for answer in answers)[0] == 200
    assert sorted(answer.status_code for answer in answers)[1] in (409, 422)
    assert len(listed) == 6
