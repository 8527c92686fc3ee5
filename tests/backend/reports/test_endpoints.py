import csv
import io
import json
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.backend.reports.city import BAD, GOOD, City

Json = dict[str, Any]


async def month(city: City, who: str = "supervisor", **asked: str) -> Json:
    reply = await city.browsers[who].get("/api/reports/2026-11", params=asked)
    assert reply.status_code == 200, reply.text
    return dict(reply.json()["report"])


def rows(report: Json) -> dict[str, Json]:
    return {row["key"]: row for row in report["rows"]}


async def test_a_report_counts_closed_tickets_by_unit_with_v_and_every_exclusion(
    city: City,
) -> None:
    await city.closed(GOOD, many=12)
    await city.closed(BAD, many=3)
    await city.closed("not_reached", many=4)
    await city.closed("refused")
    await city.closed(None, many=2)
    await city.closed(GOOD, unit="street", many=9)

    report = await month(city)

    heat = rows(report)["市供热公司"]
    assert heat["total"]["closed"] == 22
    assert heat["total"]["valid"] == 15
    assert heat["total"]["excluded"] == {"not_reached": 4, "pending": 2, "refused": 1}
    assert heat["pooled"]["contact"]["rate"] == "4/5"
    street = rows(report)["莲池区/裕华街道"]
    assert street["pooled"] == {"rated": False, "valid": 9, "smallest_valid": 10}
    assert report["total"]["closed"] == 31


@pytest.mark.parametrize(
    ("by", "keys"),
    [
        ("level", {"公共服务单位", "乡镇、街道", "市热线工作机构"}),
        ("district", {"莲池区", "易县", "地点不详"}),
        ("category", {"供热", "噪声"}),
        ("month", {"2026-11"}),
        ("year", {"2026"}),
    ],
)
async def test_the_same_tickets_are_grouped_in_each_way(
    city: City, by: str, keys: set[str]
) -> None:
    await city.closed(many=2)
    await city.closed(BAD, unit="street", district="易县", category="噪声")
    await city.closed(unit=None, district=None)

    report = await month(city, by=by)

    assert set(rows(report)) == keys
    assert report["total"]["closed"] == 4


async def test_a_lead_sees_its_own_branch_only(city: City) -> None:
    await city.closed(many=3)
    await city.closed(unit="street", many=2)

    assert set(rows(await month(city, "heat-lead"))) == {"市供热公司"}
    assert set(rows(await month(city, "county-lead"))) == {"莲池区/裕华街道"}
    assert (await month(city, "auditor"))["total"]["closed"] == 5


async def test_whoever_has_not_the_right_gets_no_report(city: City) -> None:
    for who in ("agent", "heat-clerk"):
        reply = await city.browsers[who].get("/api/reports/2026-11")

        assert reply.status_code == 403


@pytest.mark.parametrize("span", ["2026-13", "26", "november", "0000"])
async def test_a_span_that_is_none_is_refused_by_name(city: City, span: str) -> None:
    reply = await city.browsers["supervisor"].get(f"/api/reports/{span}")

    assert reply.status_code == 422
    assert reply.json()["field"] == "span" or "span" in reply.json()["field"]


async def test_csv_and_excel_hold_the_same_numbers_as_json(city: City) -> None:
    await city.closed(GOOD, many=14)
    await city.closed("contacted/solved/basically")
    browser = city.browsers["supervisor"]

    text = (await browser.get("/api/reports/2026-11", params={"format": "csv"})).content
    lines = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
    book = (await browser.get("/api/reports/2026-11", params={"format": "xlsx"})).content
    table = load_workbook(io.BytesIO(book))["考核报表"]
    heads = [cell.value for cell in table[2]]
    first = dict(zip(heads, [cell.value for cell in table[3]], strict=True))

    assert lines[0]["满意率"] == "99.33%"
    assert lines[0]["有效回访数V"] == "15"
    assert first["满意率"] == pytest.approx(149 / 150)
    assert table[3][heads.index("满意率")].number_format == "0.00%"
    assert first["承办单位"] == "市供热公司"
    assert [line["承办单位"] for line in lines] == ["市供热公司", "合计"]


async def test_the_page_to_print_has_charts_and_nothing_from_elsewhere(city: City) -> None:
    await city.closed(GOOD, many=14)

    reply = await city.browsers["supervisor"].get("/api/reports/2026-11", params={"format": "html"})

    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert reply.text.count("<svg") == 6
    assert "<script" not in reply.text
    assert " style=" not in reply.text
    assert "http" not in reply.text.replace("http://www.w3.org/2000/svg", "")
    assert "校验码" in reply.text


async def test_a_month_not_over_is_marked_preliminary(city: City) -> None:
    reply = await city.browsers["supervisor"].get("/api/reports/2026-12")

    assert reply.json()["report"]["preliminary"] is True


async def test_a_trend_has_a_point_for_each_month_and_a_gap_where_nothing_was_rated(
    city: City,
) -> None:
    await city.closed(GOOD, many=10)

    reply = await city.browsers["supervisor"].get("/api/rates/trend", params={"months": 3})

    points = {point["month"]: point for point in reply.json()["months"]}
    assert list(points) == ["2026-10", "2026-11", "2026-12"]
    assert points["2026-11"]["figures"]["score"] == "1"
    assert points["2026-12"]["figures"] == {"rated": False, "valid": 0, "smallest_valid": 10}


async def test_a_kept_report_is_given_byte_for_byte_and_cannot_be_changed(city: City) -> None:
    await city.closed(many=11)
    browser = city.browsers["supervisor"]

    kept = (await browser.post("/api/reports", json={"span": "2026-11"})).json()
    text = (await browser.get(f"/api/reports/kept/{kept['digest']}")).text
    listed = (await browser.get("/api/reports/kept")).json()["reports"]

    assert json.loads(text)["total"]["closed"] == 11
    assert [one["digest"] for one in listed] == [kept["digest"]]
    assert (await browser.get(f"/api/reports/kept/{'0' * 64}")).status_code == 404
    refused = await city.browsers["heat-lead"].get(f"/api/reports/kept/{kept['digest']}")
    assert refused.status_code == 403
