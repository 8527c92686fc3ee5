import asyncio
import datetime as dt

import pytest
from sqlalchemy import select, update

from backend.deadlines import SHANGHAI
from backend.statistics import asking, taking_in
from backend.statistics.counts import Dimension
from backend.statistics.frozen import freeze
from backend.statistics.models import FOREVER, Assessed
from backend.statistics.months import Month
from backend.statistics.report import Report
from backend.tickets.models import Merged, Ticket
from backend.tolerance.models import Tolerance
from backend.units.models import Unit
from tests.backend.reports.city import BAD, GOOD, City

NOVEMBER = Month(2026, 11)


async def live(city: City, by: Dimension = Dimension.UNIT, span: Month = NOVEMBER) -> Report:
    async with city.office.database.transaction() as session:
        return await asking.live(session, span, by, city.office.now)


async def lines(city: City) -> list[Assessed]:
    async with city.office.database.transaction(writes=False) as session:
        return list(await session.scalars(select(Assessed).order_by(Assessed.id)))


async def test_more_than_a_batch_is_taken_in_batch_by_batch(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking_in, "BATCH", 4)
    await city.closed(many=11)
    await live(city)
    city.office.pass_time(taking_in.SETTLED.total_seconds() + 1)
    await city.closed(BAD, many=3)

    report = await live(city)

    assert (report.counts.closed, len(await lines(city))) == (14, 14)


async def test_two_who_count_at_the_same_moment_count_every_ticket_once(city: City) -> None:
    await city.closed(many=9)

    reports = await asyncio.gather(*(live(city) for _ in range(4)))

    assert {report.counts.closed for report in reports} == {9}
    assert len(await lines(city)) == 9


async def test_a_merged_callers_ticket_is_counted_for_the_unit_that_had_the_matter(
    city: City,
) -> None:
    (parent,) = await city.closed()
    (child,) = await city.closed(BAD, unit=None)
    async with city.office.database.transaction() as session:
        query = select(Ticket.id).where(Ticket.number.in_((parent, child))).order_by(Ticket.id)
        one, other = await session.scalars(query)
        session.add(Merged(ticket_id=other, parent_id=one, at=city.office.now))

    report = await live(city)

    assert [(row.key, row.counts.valid) for row in report.rows] == [("市供热公司", 2)]


async def test_nothing_new_adds_no_line(city: City) -> None:
    await city.closed(many=3)

    await live(city)
    await live(city)

    assert len(await lines(city)) == 3


async def test_an_answer_that_comes_late_ends_the_old_line_and_adds_one(city: City) -> None:
    (number,) = await city.closed("pending")
    await live(city)
    city.office.pass_time(3600)
    await city.answered(number, GOOD)

    report = await live(city)

    old, new = await lines(city)
    assert (old.outcome, new.outcome) == ("pending", GOOD)
    assert old.known_until == new.known_from
    assert new.known_until == FOREVER
    assert (report.counts.closed, report.counts.valid) == (1, 1)


async def test_a_ticket_handled_again_leaves_the_month_and_comes_back_where_it_is_closed_again(
    city: City,
) -> None:
    (number,) = await city.closed(BAD)
    before = await live(city)
    later = dt.datetime(2026, 11, 25, 9, tzinfo=SHANGHAI)
    await city.reopened(number, later)
    between = await live(city)
    await city.closed_again(number, GOOD, later)

    november, december = await live(city), await live(city, span=Month(2026, 12))

    assert (before.counts.closed, between.counts.closed, november.counts.closed) == (1, 0, 0)
    assert (december.counts.closed, december.counts.valid) == (1, 1)


async def test_a_tolerated_ticket_is_excluded_under_its_own_name(city: City) -> None:
    numbers = await city.closed(BAD, many=2)
    async with city.office.database.transaction() as session:
        ticket = (await session.scalars(select(Ticket).where(Ticket.number == numbers[0]))).one()
        mark = Tolerance(ticket_id=ticket.id, unit_id=city.units["heat"], ground="reform")
        mark.reason, mark.at, mark.actor = "先行先试", city.office.now, "test"
        session.add(mark)

    report = await live(city)

    assert {one.value: n for one, n in report.counts.excluded.items()} == {"tolerated": 1}
    assert report.counts.valid == 1


async def test_what_a_unit_and_a_matter_were_called_then_stays(city: City) -> None:
    (number,) = await city.closed()
    before = freeze(await live(city))
    async with city.office.database.transaction() as session:
        await session.execute(update(Unit).values(level="department", name=Unit.name + "新"))
        await session.execute(update(Ticket).values(category="噪声", district="易县"))
    await city.answered(number, BAD)

    report = await live(city)
    by_category = await live(city, Dimension.CATEGORY)

    assert '"市供热公司"' in before
    assert [row.key for row in report.rows] == ["市供热公司"]
    assert [row.key for row in by_category.rows] == ["供热"]


async def test_a_kept_month_comes_out_of_the_database_again_bit_for_bit(city: City) -> None:
    first, *_ = await city.closed(GOOD, many=12)
    await city.closed("pending", unit="street", many=2)
    browser = city.browsers["supervisor"]
    kept = (await browser.post("/api/reports", json={"span": "2026-11"})).json()

    await city.answered(first, "not_reached")
    await city.reopened(first, city.office.now)
    await city.closed(BAD, many=5)
    async with city.office.database.transaction() as session:
        await session.execute(update(Unit).values(name=Unit.name + "改"))
    again = (await browser.post("/api/reports", json={"span": "2026-11"})).json()

    for digest in (kept["digest"], again["digest"]):
        proof = (await browser.get(f"/api/reports/kept/{digest}/proof")).json()
        assert proof["from_its_text"] is True
        assert proof["from_the_database"] is True
    assert kept["digest"] != again["digest"]


async def test_a_new_version_of_the_rules_changes_no_month_that_has_begun(city: City) -> None:
    await city.closed(GOOD, many=10)
    browser = city.browsers["supervisor"]
    kept = (await browser.post("/api/reports", json={"span": "2026-11"})).json()
    listed = (await browser.get("/api/rates/settings")).json()["versions"]
    rules = {**listed[0], "version": "2027", "from_month": "2027-02", "month_begins_on": 1}
    rules |= {"smallest_valid": 5, "basically_satisfied": "8/10"}

    sent = {"settings": rules, "reason": "年度考核办法修订"}
    added = await browser.post("/api/rates/settings", json=sent)
    same = await browser.post("/api/rates/settings", json=sent)
    past = {
        "settings": {**rules, "version": "x", "from_month": "2026-12"},
        "reason": "改过去的规则",
    }
    refused = await browser.post("/api/rates/settings", json=past)
    proof = (await browser.get(f"/api/reports/kept/{kept['digest']}/proof")).json()

    assert [one["version"] for one in added.json()["versions"]] == ["2022-11", "2027"]
    assert (same.status_code, refused.status_code) == (409, 422)
    assert refused.json()["field"] == "settings.from_month"
    assert proof["from_the_database"] is True


async def test_wrong_rules_are_refused_with_the_field_named(city: City) -> None:
    browser = city.browsers["supervisor"]
    rules = (await browser.get("/api/rates/settings")).json()["versions"][0]
    wrong = {**rules, "version": "w", "from_month": "2027-05", "contact_weight": "0.5"}

    reply = await browser.post(
        "/api/rates/settings", json={"settings": wrong, "reason": "测试权重"}
    )

    assert reply.status_code == 422
    assert "add up to 1" in reply.json()["message"]
    assert len((await browser.get("/api/rates/settings")).json()["versions"]) == 1
