from typing import Any

import httpx
import pytest

from tests.backend.forms.test_links import survey_of
from tests.backend.reports.city import GOOD, City

ANSWERS = {"contact": "contacted", "solution": "solved", "satisfaction": "satisfied"}


async def owed(city: City) -> str:
    """Close a ticket whose callback a person owes; return its number."""
    (number,) = await city.closed("unsure")
    async with city.office.database.transaction() as session:
        (await survey_of(session, number)).follow_up = "person"
    return number


async def fill_in(city: City, number: str, who: str = "agent", **sent: Any) -> httpx.Response:
    return await city.browsers[who].post(f"/api/tickets/{number}/callback", json=sent)


async def test_agents_see_which_callbacks_are_owed_and_fill_in_what_the_citizen_says(
    city: City,
) -> None:
    number = await owed(city)
    listed = (await city.browsers["agent"].get("/api/callbacks")).json()["callbacks"]

    reply = await fill_in(city, number, result="answered", answers=ANSWERS)
    after = (await city.browsers["agent"].get("/api/callbacks")).json()["callbacks"]
    report = (await city.browsers["supervisor"].get("/api/reports/2026-11")).json()["report"]

    assert [(one["number"], one["result"]) for one in listed] == [(number, "unsure")]
    assert reply.status_code == 200
    assert (reply.json()["result"], reply.json()["channel"]) == ("valid", "agent")
    assert reply.json()["tries"][-1]["actor"].startswith("person:")
    assert after == []
    assert report["total"]["answers"] == {GOOD: 1}


async def test_a_second_answer_does_not_replace_the_first(city: City) -> None:
    number = await owed(city)
    await fill_in(city, number, result="answered", answers=ANSWERS)

    worse = {**ANSWERS, "satisfaction": "not_satisfied"}
    again = await fill_in(city, number, result="answered", answers=worse)
    refused = await fill_in(city, number, result="refused")

    assert (again.status_code, refused.status_code) == (409, 409)
    view = (await city.browsers["agent"].get(f"/api/tickets/{number}/callback")).json()
    assert view["answers"] == GOOD


@pytest.mark.parametrize(
    ("said", "ends_in"), [("refused", "refused"), ("wrong_person", "wrong_person")]
)
async def test_a_call_without_answers_is_recorded_as_what_it_was(
    city: City, said: str, ends_in: str
) -> None:
    number = await owed(city)

    reply = await fill_in(city, number, result=said)

    assert (reply.json()["result"], reply.json()["answers"]) == (ends_in, None)
    report = (await city.browsers["supervisor"].get("/api/reports/2026-11")).json()["report"]
    assert report["total"]["excluded"] == {ends_in: 1}


@pytest.mark.parametrize(
    "sent",
    [
        {"result": "answered"},
        {"result": "busy", "answers": ANSWERS},
        {"result": "answered", "answers": {"contact": "contacted", "solution": "solved"}},
        {"result": "answered", "answers": {**ANSWERS, "satisfaction": "fine"}},
        {"result": "happy"},
        {"result": "busy", "reason": "不热"},
        {},
    ],
)
async def test_half_an_answer_is_refused_and_nothing_is_recorded(
    city: City, sent: dict[str, Any]
) -> None:
    number = await owed(city)

    reply = await fill_in(city, number, **sent)

    assert reply.status_code == 422
    view = (await city.browsers["agent"].get(f"/api/tickets/{number}/callback")).json()
    assert view["result"] == "unsure"
    assert view["tries"] == []


async def test_units_neither_see_nor_fill_in_callbacks(city: City) -> None:
    number = await owed(city)

    for who in ("heat-lead", "heat-clerk"):
        filled = await fill_in(city, number, who, result="answered", answers=ANSWERS)
        seen = await city.browsers[who].get(f"/api/tickets/{number}/callback")
        assert (filled.status_code, seen.status_code) == (403, 403)


async def test_a_ticket_whose_callback_is_not_owed_yet_says_so(city: City) -> None:
    (number,) = await city.closed(None)

    filled = await fill_in(city, number, result="answered", answers=ANSWERS)
    seen = await city.browsers["agent"].get(f"/api/tickets/{number}/callback")

    assert (filled.status_code, seen.status_code) == (409, 404)
