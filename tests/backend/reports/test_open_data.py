import csv
import datetime as dt
import io
import json

import httpx

from backend.deadlines import SHANGHAI
from tests.backend.reports.city import BAD, GOOD, City


async def published(city: City) -> httpx.Response:
    return await city.browsers["supervisor"].post("/api/figures", json={"month": "2026-11"})


async def filled(city: City) -> None:
    await city.closed(GOOD, many=20)
    await city.closed(BAD, many=6, district="竞秀区", category="噪声")
    await city.closed(GOOD, many=2, district="易县", unit="street", category="噪声")
    await city.closed("refused", many=1)


async def test_anybody_reads_published_figures_and_small_counts_are_hidden_with_a_companion(
    city: City,
) -> None:
    await filled(city)
    assert (await published(city)).status_code == 200

    async with city.office.client() as anybody:
        months = (await anybody.get("/api/open/figures")).json()
        reply = await anybody.get("/api/open/figures/2026-11", params={"by": "district"})
        text = await anybody.get(
            "/api/open/figures/2026-11", params={"by": "district", "format": "csv"}
        )

    assert months["months"] == ["2026-11"]
    figures = reply.json()["figures"]
    rows = {row["key"]: row["valid"] for row in figures["rows"]}
    assert rows == {"莲池区": 20, "竞秀区": None, "易县": None}
    assert figures["total"]["valid"] == 28
    assert figures["endings"]["refused"] is None
    lines = {
        line[0]: line for line in csv.reader(io.StringIO(text.content.decode("utf-8-sig"))) if line
    }
    assert lines["易县"][1] == "不公开"
    assert reply.headers["access-control-allow-origin"] == "*"


async def test_nothing_hidden_follows_from_the_lists_together(city: City) -> None:
    await filled(city)
    await published(city)

    async with city.office.client() as anybody:
        for by in ("district", "category", "unit"):
            figures = (await anybody.get("/api/open/figures/2026-11", params={"by": by})).json()[
                "figures"
            ]
            shown = [row["valid"] for row in figures["rows"] if row["valid"] is not None]
            hidden = figures["total"]["valid"] - sum(shown)
            assert hidden == 0 or hidden >= 5
            assert all(count >= 5 for count in shown)


async def test_what_is_public_stays_as_it_is(city: City) -> None:
    await filled(city)
    await published(city)
    await city.closed(GOOD, many=50, district="易县")

    again = await published(city)

    async with city.office.client() as anybody:
        reply = await anybody.get("/api/open/figures/2026-11")
    assert again.status_code == 409
    assert reply.json()["figures"]["total"]["valid"] == 28


async def test_a_month_that_is_not_over_or_has_too_few_callbacks_is_not_published(
    city: City,
) -> None:
    await city.closed(GOOD, many=3)
    browser = city.browsers["supervisor"]

    few = await published(city)
    early = await browser.post("/api/figures", json={"month": "2026-12"})
    year = await browser.post("/api/figures", json={"month": "2026"})
    past = await browser.post("/api/figures", json={"month": "2025"})

    assert few.json()["error"] == "too_few"
    assert early.json()["error"] == "not_over"
    assert year.json()["error"] == "not_over"
    assert past.json()["error"] == "no_months"
    async with city.office.client() as anybody:
        assert (await anybody.get("/api/open/figures")).json()["months"] == []
        assert (await anybody.get("/api/open/figures/2026-11")).status_code == 404


async def test_a_year_is_published_as_its_public_months_said_and_hides_what_they_hide(
    city: City,
) -> None:
    october = dt.datetime(2026, 10, 10, 10, tzinfo=SHANGHAI)
    await filled(city)
    await city.closed(GOOD, many=20, at=october)
    await city.closed(GOOD, many=20, district="竞秀区", at=october)
    await city.closed(GOOD, many=20, district="易县", at=october)
    browser = city.browsers["supervisor"]
    for month in ("2026-10", "2026-11"):
        assert (await browser.post("/api/figures", json={"month": month})).status_code == 200
    await city.closed(GOOD, many=1, district="易县", at=october)
    city.office.now = dt.datetime(2027, 1, 4, 9, tzinfo=SHANGHAI)

    made = await browser.post("/api/figures", json={"month": "2026"})

    async with city.office.client() as anybody:
        figures = (await anybody.get("/api/open/figures/2026")).json()["figures"]
        page = await anybody.get("/citizen/figures", params={"month": "2026"})
    assert made.json()["years"] == ["2026"]
    assert made.json()["months"] == ["2026-11", "2026-10"]
    rows = {row["key"]: row["valid"] for row in figures["rows"]}
    assert rows == {"莲池区": 40, "竞秀区": None, "易县": None}
    assert figures["total"]["valid"] == 88
    assert "2026 考核年" in page.text


async def test_only_who_may_publish_publishes(city: City) -> None:
    for who in ("agent", "auditor", "heat-lead"):
        reply = await city.browsers[who].post("/api/figures", json={"month": "2026-11"})

        assert reply.status_code == 403


async def test_nothing_personal_is_in_any_public_answer(city: City) -> None:
    numbers = await city.closed(GOOD, many=20)
    await published(city)

    async with city.office.client() as anybody:
        texts = [
            (await anybody.get(address)).text
            for address in (
                "/api/open/figures",
                "/api/open/figures/2026-11",
                "/api/open/figures/2026-11?by=unit&format=csv",
                "/citizen/figures?by=unit",
            )
        ]

    everything = json.dumps(texts, ensure_ascii=False)
    assert not any(number in everything for number in numbers)
    assert "13812345678" not in everything
    assert "暖气不热" not in everything
    assert "person:" not in everything
