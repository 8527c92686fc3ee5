import datetime as dt
from typing import Any

import httpx
from sqlalchemy import select

from backend.people import audit
from backend.people.audit import AuditEntry
from backend.surveys.models import Survey
from tests.backend.reports.city import BAD, GOOD, City

GROUNDS = "诉求人评价的是另一件事，见现场照片和通话记录"
SIDE = "诉求人表示按错了键，愿意更正"
REASON = "双方说法一致，评价对象有误"


async def dispute(city: City, number: str, who: str = "heat-clerk") -> httpx.Response:
    path = f"/api/tickets/{number}/rating-dispute"
    return await city.browsers[who].post(path, json={"grounds": GROUNDS})


async def post(city: City, who: str, path: str, **sent: Any) -> httpx.Response:
    return await city.browsers[who].post(f"/api/rating-disputes/{path}", json=sent)


async def rated(city: City) -> str:
    """Rate a unit ten times well and once badly; return the number of the bad one."""
    at = city.office.now - dt.timedelta(days=5)
    await city.closed(GOOD, many=10, at=at)
    (number,) = await city.closed(BAD, at=at)
    return number


async def test_both_sides_are_kept_and_the_effect_on_the_rates_is_shown(city: City) -> None:
    number = await rated(city)

    raised = await dispute(city, number)
    of = raised.json()["id"]
    await post(city, "agent", f"{of}/citizen", words=SIDE)
    decided = await post(city, "supervisor", f"{of}/decision", decision="void", reason=REASON)

    assert raised.status_code == 200
    told = decided.json()
    assert told["dispute"]["grounds"] == GROUNDS
    assert told["dispute"]["citizen_side"] == SIDE
    assert told["dispute"]["outcome"] == BAD
    assert told["before"]["valid"] == 11
    assert told["before"]["figures"]["contact"]["rate"] == "10/11"
    assert (told["after"]["valid"], told["after"]["closed"]) == (10, 11)
    assert told["after"]["figures"]["contact"]["rate"] == "1"
    report = (await city.browsers["supervisor"].get("/api/reports/2026-12")).json()["report"]
    assert report["total"]["excluded"] == {"voided": 1}


async def test_what_the_citizen_said_stays_in_the_survey_as_it_was(city: City) -> None:
    number = await rated(city)
    of = (await dispute(city, number)).json()["id"]
    await post(city, "agent", f"{of}/citizen", words=SIDE)
    await post(city, "supervisor", f"{of}/decision", decision="void", reason=REASON)

    async with city.office.database.transaction(writes=False) as session:
        surveys = (await session.scalars(select(Survey).where(Survey.answers == BAD))).all()

    assert [one.result for one in surveys] == ["valid"]


async def test_a_rating_that_is_kept_counts_as_before(city: City) -> None:
    number = await rated(city)
    of = (await dispute(city, number)).json()["id"]
    await post(city, "agent", f"{of}/citizen", words="三次拨打均未接通")

    decided = await post(city, "supervisor", f"{of}/decision", decision="keep", reason=REASON)

    assert decided.json()["before"] == decided.json()["after"]


async def test_nothing_is_decided_before_the_citizen_is_heard_nor_twice(city: City) -> None:
    number = await rated(city)
    of = (await dispute(city, number)).json()["id"]

    early = await post(city, "supervisor", f"{of}/decision", decision="void", reason=REASON)
    await post(city, "agent", f"{of}/citizen", words=SIDE)
    first = await post(city, "supervisor", f"{of}/decision", decision="keep", reason=REASON)
    second = await post(city, "supervisor", f"{of}/decision", decision="void", reason=REASON)
    again = await dispute(city, number)

    assert (early.status_code, early.json()["error"]) == (409, "citizen_not_heard")
    assert (first.status_code, second.status_code) == (200, 409)
    assert again.json()["error"] == "disputed_before"


async def test_a_unit_disputes_its_own_ratings_only_and_decides_none(city: City) -> None:
    number = await rated(city)

    foreign = await dispute(city, number, "street-lead")
    of = (await dispute(city, number)).json()["id"]
    own = await post(city, "heat-lead", f"{of}/decision", decision="void", reason=REASON)
    agents = await post(city, "agent", f"{of}/decision", decision="void", reason=REASON)

    assert foreign.status_code == 404
    assert (own.status_code, agents.status_code) == (403, 403)


async def test_units_see_their_disputes_without_the_citizens_words(city: City) -> None:
    number = await rated(city)
    of = (await dispute(city, number)).json()["id"]
    await post(city, "agent", f"{of}/citizen", words=SIDE)

    own = (await city.browsers["heat-lead"].get("/api/rating-disputes")).json()["disputes"]
    other = (await city.browsers["street-lead"].get("/api/rating-disputes")).json()["disputes"]
    hotline = (await city.browsers["supervisor"].get("/api/rating-disputes")).json()["disputes"]

    assert [one["citizen_side"] for one in own] == [None]
    assert other == []
    assert [one["citizen_side"] for one in hotline] == [SIDE]


async def test_no_rating_an_old_one_and_an_unanswered_one_cannot_be_disputed(city: City) -> None:
    (unanswered,) = await city.closed("refused")
    (old,) = await city.closed(GOOD)

    assert (await dispute(city, unanswered)).json()["error"] == "no_rating"
    assert (await dispute(city, old)).json()["error"] == "too_late"


async def test_every_step_stands_in_the_record(city: City) -> None:
    number = await rated(city)
    of = (await dispute(city, number)).json()["id"]
    await post(city, "agent", f"{of}/citizen", words=SIDE)
    await post(city, "supervisor", f"{of}/decision", decision="void", reason=REASON)

    async with city.office.database.transaction(writes=False) as session:
        query = select(AuditEntry).where(AuditEntry.subject == f"ticket:{number}")
        acts = [one.act for one in await session.scalars(query.order_by(AuditEntry.seq))]
        assert await audit.fault(session) is None

    assert acts == ["rating_disputed", "rating_heard", "rating_reviewed"]


async def test_reports_kept_before_a_decision_stay_and_can_be_counted_again(city: City) -> None:
    number = await rated(city)
    browser = city.browsers["supervisor"]
    kept = (await browser.post("/api/reports", json={"span": "2026-12"})).json()
    of = (await dispute(city, number)).json()["id"]
    await post(city, "agent", f"{of}/citizen", words=SIDE)
    await post(city, "supervisor", f"{of}/decision", decision="void", reason=REASON)

    proof = (await browser.get(f"/api/reports/kept/{kept['digest']}/proof")).json()

    assert proof["from_the_database"] is True
