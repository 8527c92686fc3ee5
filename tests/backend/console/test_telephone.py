"""What the agent's telephone asks for while somebody is on the line."""

import datetime as dt
import json
import uuid

import httpx
import pytest
from sqlalchemy import select

from backend.calls.fold import AGENT_STEP
from backend.console.stream import Stream
from backend.desk import seats
from backend.desk.models import AgentSeat
from backend.desk.seats import SeatState
from backend.errors import Conflict
from backend.people.identity import of_person
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


async def test_a_call_is_offered_only_to_a_colleague_who_is_free(console: Console) -> None:
    call, other = uuid.uuid4(), uuid.uuid4()
    await at_the_telephone(console, other)
    async with console.app.state.database.transaction() as session:
        seat = (await session.scalars(select(AgentSeat))).one()
        busy, nobody = seat.person_id, seat.person_id + 1000

        for person_id in (busy, nobody):
            with pytest.raises(Conflict):
                await seats.offer(session, person_id, call)
        await seats.clear(session, busy, call)
        assert seat.call_id == other
        await seats.clear(session, busy, other)
        await seats.offer(session, busy, call)

        assert seat.call_id == call


async def test_a_telephone_that_has_hung_up_is_free_again(console: Console) -> None:
    call = uuid.uuid4()
    browser = await at_the_telephone(console, call)

    form = {"X-Form-Token": browser.token}
    answer = await browser.http.post(f"/console/telephone/calls/{call}/left", json={}, headers=form)
    ringing = (await browser.http.get("/console/telephone/ringing")).json()

    assert answer.status_code == 200
    assert ringing["call_id"] is None


async def test_both_sides_stand_apart_on_the_draft(console: Console) -> None:
    story = Story()
    story.opened()
    story.heard("暖气不热", step="talk")
    story.heard("您家住哪里", step=AGENT_STEP)
    story.closed("transferred_agent")
    await console.api.post("/api/journal", json={"entries": story.entries})
    browser = await console.signed_in(Role.AGENT)
    found = (await console.api.get(f"/api/calls/{story.call_id}")).json()

    page = (await browser.get(f"/console/desk/{found['ticket']['number']}")).text
    ticket = (await console.api.get(f"/api/tickets/{found['ticket']['number']}")).json()

    assert page.count('class="said by-agent"') == 1
    assert "您家住哪里" in page
    assert "您家住哪里" not in str(ticket["fields"])


async def test_words_on_their_way_say_whose_they_are() -> None:
    agent = of_person(1, [Role.AGENT], None, session_id=1)
    stream, words = Stream("redis://127.0.0.1:1"), {"kind": "partial", "call_id": "c", "text": "好"}
    told = aiter(stream.listen(agent))
    await anext(told)

    stream.tell({"kind": "call.overheard", "call_id": "c", "listen_id": "a", "side": "agent"})
    for listen_id in ("a", "b"):
        stream.tell({**words, "listen_id": listen_id})
    lines = [json.loads((await anext(told)).removeprefix("data: ")) for _ in range(3)]
    await stream.stop()

    assert [one["side"] for one in lines] == ["agent", "agent", "citizen"]
