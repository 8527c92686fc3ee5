"""第二十九条 All data together: every closed ticket is counted, by one account (全口径汇总).

市热线工作机构应当对诉求受理与办理情况的数据进行全口径汇总，建立诉求数据库，……对诉求数据进行动态监测、深入挖掘与
结构分析，为科学决策、精准施策提供数据支持。
"""

from backend.surveys.codes import EXCLUSIONS
from tests.backend.reports import fixtures
from tests.backend.reports.city import BAD, GOOD, City

city = fixtures.city
PENDING_OR_VOID = {"pending", "voided", "tolerated"}
"""Endings that no survey has of itself."""


async def test_every_closed_ticket_is_in_the_account_once_however_it_ended(city: City) -> None:
    endings = [one.value for one in EXCLUSIONS if one.value not in PENDING_OR_VOID]
    for ending in (GOOD, BAD, None, *endings):
        await city.closed(ending)

    reply = await city.browsers["supervisor"].get("/api/reports/2026-11")

    total = reply.json()["report"]["total"]
    assert total["closed"] == 3 + len(endings)
    assert total["valid"] == 2
    assert total["excluded"] == {"pending": 1, **dict.fromkeys(endings, 1)}


async def test_the_same_account_is_looked_at_from_every_side(city: City) -> None:
    await city.closed(GOOD, many=4)
    await city.closed(BAD, many=3, unit="street", district="竞秀区", category="噪声")
    await city.closed("refused", many=2, unit=None, district=None)

    totals = set()
    for by in ("unit", "level", "district", "category", "month", "year"):
        browser = city.browsers["supervisor"]
        report = (await browser.get("/api/reports/2026-11", params={"by": by})).json()["report"]
        totals.add((report["total"]["closed"], report["total"]["valid"]))

    assert totals == {(9, 7)}


async def test_it_is_watched_as_it_goes_before_the_month_is_over(city: City) -> None:
    await city.closed(GOOD, at=city.office.now)
    browser = city.browsers["supervisor"]

    first = (await browser.get("/api/reports/2026-12")).json()["report"]
    await city.closed(GOOD, at=city.office.now)
    second = (await browser.get("/api/reports/2026-12")).json()["report"]

    assert (first["total"]["closed"], second["total"]["closed"]) == (1, 2)
    assert first["preliminary"] is True
