"""Five faults seen in such systems, on the way from the database to the file; counted by hand:

| unit   | closed | satisfied | basically | not | none | V   | contact | solved | satisfied |
|--------|--------|-----------|-----------|-----|------|-----|---------|--------|-----------|
| heat   | 25     | 16        | 2         | 2   | 5    | 20  | 18/20   | 18/20  | 17.8/20   |
| street | 130    | 40        | 0         | 60  | 30   | 100 | 40/100  | 40/100 | 40/100    |
| county | 7      | 0         | 0         | 0   | 7    | 0   | not rated                    |
| all    | 162    | 56        | 2         | 62  | 42   | 120 | 58/120  | 58/120 | 57.8/120  |
"""

import csv
import datetime as dt
import io
from fractions import Fraction
from typing import Any

import pytest

from backend.deadlines import SHANGHAI
from tests.backend.reports.city import BAD, GOOD, City

BASICALLY = "contacted/solved/basically"
ENDINGS = {
    "heat": {GOOD: 16, BASICALLY: 2, BAD: 2, "not_reached": 5},
    "street": {GOOD: 40, BAD: 60, "refused": 30},
    "county": {"not_reached": 7},
}
Json = dict[str, Any]


async def counted(city: City, span: str = "2026-11", **asked: str) -> Json:
    for unit, endings in ENDINGS.items():
        for outcome, many in endings.items():
            await city.closed(outcome, unit=unit, many=many)
    reply = await city.browsers["supervisor"].get(f"/api/reports/{span}", params=asked)
    return dict(reply.json()["report"])


def row(report: Json, key: str) -> Json:
    return next(one for one in report["rows"] if one["key"] == key)


async def test_a_unit_without_valid_callbacks_is_not_rated_instead_of_scoring_nothing(
    city: City,
) -> None:
    report = await counted(city)

    county = row(report, "莲池区")
    assert county["pooled"] == {"rated": False, "valid": 0, "smallest_valid": 10}
    assert county["mean"] is None
    assert report["mean"]["rated"] == 2
    assert report["mean"]["members"] == 3


async def test_the_total_is_pooled_and_not_an_average_of_rates(city: City) -> None:
    report = await counted(city)

    heat, street = row(report, "市供热公司")["pooled"], row(report, "莲池区/裕华街道")["pooled"]
    assert heat["satisfaction"]["rate"] == "89/100"
    assert Fraction(heat["score"]) == Fraction(9 + 45, 100) + Fraction(356, 1000)
    assert Fraction(street["score"]) == Fraction(2, 5)
    assert Fraction(report["pooled"]["satisfaction"]["rate"]) == Fraction(578, 1200)
    assert Fraction(report["pooled"]["contact"]["rate"]) == Fraction(58, 120)
    assert Fraction(report["mean"]["satisfaction"]) == (Fraction(89, 100) + Fraction(2, 5)) / 2


async def test_a_share_is_multiplied_by_a_hundred_once_whatever_it_is_written_to(
    city: City,
) -> None:
    await counted(city)
    browser = city.browsers["supervisor"]

    text = await browser.get("/api/reports/2026-11", params={"format": "csv"})
    page = await browser.get("/api/reports/2026-11", params={"format": "html"})

    lines = {line["承办单位"]: line for line in csv.DictReader(io.StringIO(text.text[1:]))}
    assert lines["市供热公司"]["满意率"] == "89.00%"
    assert lines["市供热公司"]["综合得分"] == "89.60%"
    assert lines["莲池区"]["满意率"] == "不予评价"
    assert lines["合计"]["满意率"] == "48.17%"
    assert "89.00%" in page.text
    assert "8900" not in page.text


@pytest.mark.parametrize(
    ("closed", "month"),
    [
        (dt.datetime(2026, 10, 18, 23, 59, 59, 999999, tzinfo=SHANGHAI), "2026-10"),
        (dt.datetime(2026, 10, 19, 0, 0, tzinfo=SHANGHAI), "2026-11"),
        (dt.datetime(2026, 11, 18, 23, 59, 59, 999999, tzinfo=SHANGHAI), "2026-11"),
        (dt.datetime(2026, 11, 19, 0, 0, tzinfo=SHANGHAI), "2026-12"),
        (dt.datetime(2026, 11, 18, 16, 0, tzinfo=dt.UTC), "2026-12"),
    ],
)
async def test_a_ticket_at_the_edge_of_two_months_is_in_just_one(
    city: City, closed: dt.datetime, month: str
) -> None:
    await city.closed(at=closed)

    browser = city.browsers["supervisor"]
    found = {}
    for span in ("2026-10", "2026-11", "2026-12"):
        reply = await browser.get(f"/api/reports/{span}")
        found[span] = reply.json()["report"]["total"]["closed"]

    assert {span for span, closed_then in found.items() if closed_then} == {month}
    assert sum(found.values()) == 1


async def test_v_and_every_reason_to_leave_a_ticket_out_stand_beside_each_rate(
    city: City,
) -> None:
    report = await counted(city)

    for one in report["rows"]:
        total = one["total"]
        assert total["valid"] + sum(total["excluded"].values()) == total["closed"]
    assert row(report, "市供热公司")["total"]["valid"] == 20
    assert row(report, "莲池区/裕华街道")["total"]["excluded"] == {"refused": 30}
    assert report["total"]["closed"] == 162
    assert report["total"]["valid"] == 120


async def test_a_year_is_its_twelve_months_counted_together(city: City) -> None:
    await city.closed(BAD, many=10, at=dt.datetime(2026, 5, 2, 9, tzinfo=SHANGHAI))

    report = await counted(city, "2026", by="unit")

    heat = row(report, "市供热公司")
    assert heat["total"]["valid"] == 30
    assert set(heat["members"]) == {"2026-05", "2026-11"}
    assert Fraction(heat["pooled"]["contact"]["rate"]) == Fraction(18, 30)
