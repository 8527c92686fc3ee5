"""What the agent's telephone asks for while somebody is on the line."""

import datetime as dt
import uuid

import httpx
from sqlalchemy import select

from backend.desk.models import AgentSeat
from backend.desk.seats import SeatState
from backend.people.models import Person
from backend.people.roles import Role
from tests.backend.console.desk import Browser, Console
from tests.backend.story import Story


async def at_the_telephone(console: Console, call_id: uuid.UUID) -> Browser:
    """Sign an agent in whose telephone this call has reached."""
    login = await console.person(Role.AGENT)
    browser = console.browser()
    await browser.sign_in(login)
    await browser.get("/console/account")
    async with console.app.state.database.transaction() as session:
        person_id = await session.scalar(select(Person.id).where(Person.login == login))
        state, now = SeatState.READY.value, dt.datetime.now(dt.UTC)
        seat = AgentSeat(person_id=person_id, state=state, since=now, call_id=call_id)
        session.add(seat)
    return browser


async def taken(browser: Browser, call_id: uuid.UUID | str) -> httpx.Response:
    path, form = f"/console/telephone/calls/{call_id}/taken", {"X-Form-Token": browser.token}
    return await browser.http.post(path, json={}, headers=form)


async def test_an_answered_call_has_one_draft_though_nothing_was_understood(
    console: Console,
) -> None:
    story = Story()
    story.opened()
    await console.api.post("/api/journal", json={"entries": story.entries})
    browser = await at_the_telephone(console, uuid.UUID(str(story.call_id)))

    first = (await taken(browser, story.call_id)).json()
    again = (await taken(browser, story.call_id)).json()

    assert first["ticket"]
    assert first["ticket"] == again["ticket"]
    page = await browser.get(f"/console/desk/{first['ticket']}")
    assert "没有识别到文字" in page.text


async def test_another_agents_call_is_not_taken(console: Console) -> None:
    story = Story()
    story.opened()
    await console.api.post("/api/journal", json={"entries": story.entries})
    browser = await at_the_telephone(console, uuid.uuid4())

    assert (await taken(browser, story.call_id)).status_code == 403
