"""Administration: each form changes the database, and each page opens for its role alone."""

import io
import re

import pytest

from backend.people.models import Person
from backend.people.service import by_login
from backend.units.models import Unit
from tests.backend.console_pages.district import PARTS, District

SCRIPT = "<script>alert(1)</script>"
PAGES = {
    "/console/unit/inbox": {"clerk", "bureau", "street", "county"},
    "/console/supervisor": {"supervisor"},
    "/console/decisions": {"dispatcher", "supervisor"},
    "/console/late": {"dispatcher", "supervisor"},
    "/console/unit/cases": {"clerk", "bureau", "street", "county"},
    "/console/supervisions": {"supervisor"},
    "/console/disputes": {"dispatcher", "supervisor"},
    "/console/statistics": set(PARTS) - {"agent", "clerk", "keeper"},
    "/console/knowledge": set(PARTS) - {"auditor", "keeper"},
    "/console/flows": {"dispatcher", "supervisor", "auditor", "keeper"},
    "/console/people": {"supervisor", "bureau", "street", "county", "auditor", "keeper"},
    "/console/units": {"keeper"},
    "/console/duties": {"dispatcher", "supervisor"},
    "/console/settings": {"supervisor"},
    "/console/audit": {"auditor"},
}
"""Page -> whom it opens for."""


async def person(district: District, login: str) -> Person:
    async with district.console.app.state.database.transaction(writes=False) as session:
        found = await by_login(session, login)
        assert found
        return found


async def added(district: District, login: str = "zhang.san", **more: str) -> str:
    """Add a person by the form; return the password that was shown."""
    fields = {"login": login, "name": "张三", "roles.0": "agent", **more}
    answer = await district.send("keeper", "/console/people", **fields)
    found = re.search(r"<code>(.+?)</code>", answer.text)
    assert found, answer.text
    return found[1]


async def test_a_page_opens_for_its_roles_alone(district: District) -> None:
    wrong = []
    for who in PARTS:
        links = (await district.get(who, "/console/account")).text
        for path, lets_in in PAGES.items():
            page = await district.get(who, path)
            linked = f'href="{path}"' in links
            if (page.status_code, linked) != ((200, True) if who in lets_in else (403, False)):
                wrong.append((who, path, page.status_code, linked))

    assert wrong == []


async def test_a_person_is_added_with_a_password_shown_once(district: District) -> None:
    password = await added(district)
    browser = district.console.browser()

    answer = await browser.sign_in("zhang.san", password)

    assert answer.status_code == 303
    assert (await person(district, "zhang.san")).must_change
    assert password not in (await district.get("keeper", "/console/people")).text


async def test_a_person_is_changed_locked_out_and_given_a_new_password(district: District) -> None:
    await added(district)
    one = await person(district, "zhang.san")
    address = f"/console/people/{one.id}"

    roles = {"roles.0": "agent", "roles.1": "dispatcher"}
    await district.send("keeper", address, version=one.version, name="张三丰", **roles)
    changed = await person(district, "zhang.san")
    reset = await district.send("keeper", f"{address}/password")
    stopped = await person(district, "zhang.san")
    await district.send("keeper", address, version=stopped.version, active="false")

    assert (changed.name, changed.roles) == ("张三丰", ["agent", "dispatcher"])
    assert "只显示这一次" in reset.text
    assert not (await person(district, "zhang.san")).active


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"login": "x y"}, "账号"),
        ({"roles.0": "agent", "roles.1": "auditor"}, "角色"),
        ({"roles.0": "unit_handler"}, "承办单位"),
        ({"name": ""}, "名称"),
    ],
)
async def test_a_wrong_person_is_refused_in_chinese(
    district: District, fields: dict[str, str], said: str
) -> None:
    whole = {"login": "li.si", "name": "李四", "roles.0": "agent", **fields}

    answer = await district.send("keeper", "/console/people", **whole)

    assert answer.status_code == 422
    assert said in answer.text
    assert "li.si" not in (await district.get("keeper", "/console/people")).text


async def test_a_unit_is_added_renamed_and_taken_out_of_service(district: District) -> None:
    parent = district.units["county"]
    fields = {"name": f"莲池区住建局{SCRIPT}", "level": "department", "parent_id": parent}
    await district.send("keeper", "/console/units", **fields)
    tree = (await district.get("keeper", "/console/units")).text
    bureau = district.units["bureau"]
    await district.send("keeper", f"/console/units/{bureau}", version=1, name="莲池区城市管理局")
    await district.send("keeper", f"/console/units/{bureau}", version=2, active="false")

    async with district.console.app.state.database.transaction(writes=False) as session:
        changed = await session.get_one(Unit, bureau)
    assert SCRIPT not in tree
    assert "&lt;script&gt;" in tree
    assert (changed.name, changed.active) == ("莲池区城市管理局", False)


async def test_a_catalogue_with_wrong_rows_is_refused_row_by_row(district: District) -> None:
    exported = await district.get("dispatcher", "/api/duties/export?form=csv")
    lines = exported.text.splitlines()
    wrong = "\n".join([lines[0], lines[1].replace(lines[1].split(",")[1], "无此类别", 1)])

    browser = await district.who("dispatcher")
    fields = {
        "form_token": browser.token,
        "version": "2026-2",
        "note": "试",
        "unknown_units": "true",
    }
    refused = await browser.http.post(
        "/console/duties", data=fields, files={"file": ("d.csv", io.BytesIO(wrong.encode()))}
    )
    right = "\n".join(lines[:3])
    taken = await browser.http.post(
        "/console/duties", data=fields, files={"file": ("d.csv", io.BytesIO(right.encode()))}
    )
    page = (await district.get("dispatcher", "/console/duties")).text

    assert refused.status_code == 422
    assert "第2行" in refused.text
    assert taken.status_code == 303, taken.text
    assert "2026-2（现行）" in page


async def test_new_rules_begin_with_a_month_to_come(district: District) -> None:
    page = (await district.get("supervisor", "/console/settings")).text
    month = re.search(r'name="from_month" value="([0-9-]+)"', page)
    assert month
    fields = {
        "version": "试行二",
        "from_month": month[1],
        "contact_weight": "0.2",
        "solution_weight": "0.4",
        "satisfaction_weight": "0.4",
        "partly_solved": "0",
        "basically_satisfied": "0.8",
        "smallest_valid": "10",
        "reason": "联席会议决定调整权重",
    }

    past = await district.send(
        "supervisor", "/console/settings", **fields | {"from_month": "2024-01"}
    )
    wrong = await district.send(
        "supervisor", "/console/settings", **fields | {"contact_weight": "三"}
    )
    done = await district.send("supervisor", "/console/settings", **fields)

    assert past.status_code in (409, 422)
    assert wrong.status_code == 422
    assert done.status_code == 303, done.text
    assert "试行二" in (await district.get("supervisor", "/console/settings")).text


async def test_the_auditor_finds_who_looked_at_a_number_and_why(district: District) -> None:
    number = await district.signed()
    why = "联系诉求人核实地点"
    await district.send("clerk", f"/console/unit/tickets/{number}/contact", reason=why)

    found = (await district.get("auditor", f"/console/audit?subject=ticket:{number}")).text
    none = (await district.get("auditor", "/console/audit?day=2020-01-01")).text
    odd = await district.get("auditor", "/console/audit?day=昨天")
    whole = (await district.get("auditor", "/console/audit/check")).text

    assert "查看号码" in found
    assert why in found
    assert "没有符合条件的记录" in none
    assert (odd.status_code, "日期请写成" in odd.text) == (200, True)
    assert "审计记录完整" in whole
