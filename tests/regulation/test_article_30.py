"""第三十条 Reports and notices: the assessment of the units is reported and made known to them.

市热线工作机构应当健全报告、分析、通报机制，对阶段性热点问题和群众突出诉求进行汇总分析，提出工作建议并对承办单位考
评情况进行通报。
"""

import pytest

from backend.people import audit
from backend.people.audit import AuditEntry
from tests.backend.reports import fixtures
from tests.backend.reports.city import GOOD, City

city = fixtures.city


@pytest.mark.parametrize(
    ("format", "begins"), [("csv", "\ufeff承办单位".encode()), ("xlsx", b"PK"), ("html", b"<!doc")]
)
async def test_the_report_leaves_as_a_file_that_can_be_passed_on(
    city: City, format: str, begins: bytes
) -> None:
    await city.closed(GOOD, many=10)

    reply = await city.browsers["supervisor"].get("/api/reports/2026-11", params={"format": format})

    assert reply.content.startswith(begins)


async def test_what_the_units_were_told_is_kept_word_for_word_and_recorded(city: City) -> None:
    await city.closed(GOOD, many=10)
    browser = city.browsers["supervisor"]

    kept = (await browser.post("/api/reports", json={"span": "2026-11"})).json()
    text = await browser.get(f"/api/reports/kept/{kept['digest']}")

    assert "市供热公司" in text.text
    async with city.office.database.transaction(writes=False) as session:
        entry = await session.get_one(AuditEntry, (await audit.hold(session)).count)
    assert (entry.act, entry.data["digest"]) == ("report_kept", kept["digest"])


async def test_each_unit_learns_its_own_figures(city: City) -> None:
    await city.closed(GOOD, many=10)
    await city.closed(GOOD, unit="street", many=10)

    own = (await city.browsers["heat-lead"].get("/api/reports/2026-11")).json()

    assert own["scope"] == "本单位及所属单位"
    assert [row["key"] for row in own["report"]["rows"]] == ["市供热公司"]
