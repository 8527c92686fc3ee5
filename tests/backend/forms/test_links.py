import asyncio
import datetime as dt
import json
import re
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from backend.citizen.limits import MOST_WRONG
from backend.forms import links
from backend.forms.models import SurveyLink
from backend.forms.settings import FormSettings
from backend.jobs import service as jobs
from backend.jobs.service import JobKind
from backend.notices.delivery import Post
from backend.notices.models import Notice
from backend.notices.settings import NoticeSettings
from backend.surveys.models import Channel, Survey, SurveyTry
from backend.tickets.models import Ticket
from tests.backend.citizen.test_pages import sound
from tests.backend.reports.city import BAD, GOOD, City

SETTINGS = FormSettings(public_url="https://12345.test", survey_link_hours=24)
SATISFIED = {"contact": "contacted", "solution": "solved", "satisfaction": "satisfied"}


@dataclass
class Phone:
    """Keeps what it is sent."""

    messages: list[tuple[str, str]] = field(default_factory=list)

    async def send(self, number: str, text: str, key: str) -> str:
        self.messages.append((number, text))
        return "ok"


async def unreached(city: City) -> str:
    """Close a ticket whose citizen no call reached; return its number."""
    (number,) = await city.closed("not_reached")
    async with city.office.database.transaction() as session:
        survey = await survey_of(session, number)
        survey.follow_up = "link"
    return number


async def survey_of(session, number: str) -> Survey:  # type: ignore[no-untyped-def]
    query = select(Survey).join(Ticket, Ticket.id == Survey.ticket_id)
    query = query.where(Ticket.number == number).order_by(Survey.id.desc()).limit(1)
    return (await session.scalars(query)).one()


async def offered(city: City, number: str, settings: FormSettings = SETTINGS) -> bool:
    async with city.office.database.transaction() as session:
        survey = await survey_of(session, number)
        seal = city.office.app.state.seal
        return await links.offer(session, survey.id, seal, city.office.now, settings)


async def delivered(city: City) -> list[tuple[str, str]]:
    """Let a worker send what waits; return what arrived."""
    phone, real = Phone(), city.office.now
    post = Post(NoticeSettings(), city.office.database, city.office.app.state.seal, phone)
    while True:
        async with city.office.database.transaction() as session:
            job = await jobs.claim(session, "w", real, 60, JobKind.NOTIFY)
        if job is None:
            return phone.messages
        await post.deliver(job, "w", real)


async def link_of(city: City) -> tuple[str, str]:
    """Return a ticket's number and the path of the link that its citizen was sent."""
    number = await unreached(city)
    assert await offered(city, number)
    ((_, text),) = await delivered(city)
    found = re.search(r"https://12345\.test(/s/\S+)", text)
    assert found
    return number, found[1]


async def test_the_link_reaches_the_citizen_and_is_kept_nowhere(city: City) -> None:
    number = await unreached(city)
    assert await offered(city, number)
    ((to, text),) = await delivered(city)
    token = text.split("/s/")[1].split()[0]

    async with city.office.database.transaction(writes=False) as session:
        notice = (await session.scalars(select(Notice))).one()
        kept = (await session.scalars(select(SurveyLink))).one()

    assert to == "13812345678"
    assert number in text
    assert len(token) * 6 >= 128
    assert token not in notice.text + json.dumps(notice.data) + kept.token_digest
    assert notice.data == {}


async def test_a_link_is_offered_once_and_only_where_one_is_owed(city: City) -> None:
    number = await unreached(city)
    (refused,) = await city.closed("refused")

    assert [await offered(city, number) for _ in range(2)] == [True, False]
    assert not await offered(city, refused)
    assert not await offered(city, await unreached(city), FormSettings())


async def test_the_page_asks_three_questions_with_nothing_chosen_and_nothing_personal(
    city: City,
) -> None:
    number, path = await link_of(city)

    async with city.office.client() as citizen:
        page = await citizen.get(path)

    assert page.status_code == 200
    sound(page)
    assert page.text.count("<fieldset") == 3
    assert "checked" not in page.text
    for secret in (number, "13812345678", "暖气", "供热", "莲池区"):
        assert secret not in page.text
    assert number[-4:] in page.text


async def test_an_answer_makes_the_same_record_as_a_call_and_counts(city: City) -> None:
    number, path = await link_of(city)

    async with city.office.client() as citizen:
        thanks = await citizen.post(path, data=SATISFIED)
    report = (await city.browsers["supervisor"].get("/api/reports/2026-11")).json()["report"]
    view = (await city.browsers["agent"].get(f"/api/tickets/{number}/callback")).json()

    assert thanks.status_code == 200
    assert "感谢" in thanks.text
    assert report["total"]["answers"] == {GOOD: 1}
    assert (view["result"], view["channel"], view["answers"]) == ("valid", Channel.LINK, GOOD)
    assert view["tries"][-1]["actor"] == "citizen"


async def test_a_link_is_used_once(city: City) -> None:
    number, path = await link_of(city)

    async with city.office.client() as citizen:
        await citizen.post(path, data=SATISFIED)
        again = await citizen.post(path, data={**SATISFIED, "satisfaction": "not_satisfied"})
        shown = await citizen.get(path)

    assert (again.status_code, shown.status_code) == (410, 410)
    async with city.office.database.transaction(writes=False) as session:
        assert (await survey_of(session, number)).answers == GOOD


async def test_of_two_answers_at_the_same_moment_one_is_recorded(city: City) -> None:
    _, path = await link_of(city)

    async with city.office.client() as citizen:
        replies = await asyncio.gather(*(citizen.post(path, data=SATISFIED) for _ in range(6)))

    assert sorted(reply.status_code for reply in replies) == [200] + [410] * 5
    async with city.office.database.transaction(writes=False) as session:
        tries = (await session.scalars(select(SurveyTry))).all()
    assert len(tries) == 1


@pytest.mark.parametrize("missing", ["contact", "solution", "satisfaction"])
async def test_a_question_left_out_is_asked_again_and_never_taken_as_an_answer(
    city: City, missing: str
) -> None:
    _, path = await link_of(city)
    given = {name: value for name, value in SATISFIED.items() if name != missing}

    async with city.office.client() as citizen:
        again = await citizen.post(path, data={**given, "reason": "<b>冷</b>"})
        wrong = await citizen.post(path, data={**SATISFIED, missing: "great"})
        fine = await citizen.post(path, data=SATISFIED)

    assert (again.status_code, wrong.status_code, fine.status_code) == (400, 400, 200)
    sound(again)
    assert "&lt;b&gt;" in again.text


async def test_a_link_dies_after_its_hours(city: City) -> None:
    _, path = await link_of(city)
    city.office.now += dt.timedelta(hours=24)

    async with city.office.client() as citizen:
        late = await citizen.post(path, data=SATISFIED)

    assert late.status_code == 410


async def test_guessing_links_ends_soon(city: City) -> None:
    _, path = await link_of(city)

    async with city.office.client(address="203.0.113.9") as guesser:
        wrong = [await guesser.get(f"/s/guess{n}") for n in range(MOST_WRONG)]
        refused = await guesser.get(path)

    assert {reply.status_code for reply in wrong} == {404}
    assert refused.status_code == 429


async def test_a_reason_is_kept_sealed_and_a_wish_to_reopen_is_followed(city: City) -> None:
    number, path = await link_of(city)
    answers = dict(zip(SATISFIED, BAD.split("/"), strict=True))

    async with city.office.client() as citizen:
        await citizen.post(path, data={**answers, "reason": "还是不热", "reopen": "yes"})

    async with city.office.database.transaction(writes=False) as session:
        survey = await survey_of(session, number)
        ticket = await session.get_one(Ticket, survey.ticket_id)
        assert survey.reason_sealed is not None
        assert city.office.app.state.seal.open(survey.reason_sealed) == "还是不热"
        assert survey.proposal == "redo"
        assert ticket.state != "closed"
