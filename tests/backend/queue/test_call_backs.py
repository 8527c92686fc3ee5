"""Who is to be called back: kept places by arrival first, whoever gave up, whoever was missed."""

import datetime as dt
import uuid

from backend.people.roles import Role
from backend.queue import service as queue
from backend.queue.models import QueueWait
from backend.queue.watch import QueueWatch
from backend.settings import Settings
from tests.backend.console.desk import Console
from tests.backend.story import Story

MINUTE = dt.timedelta(minutes=1)


async def told(console: Console, story: Story) -> None:
    answer = await console.api.post("/api/journal", json={"entries": story.entries})
    assert answer.status_code == 200, answer.text
    assert {one["status"] for one in answer.json()["results"]} <= {"accepted", "known"}


async def waited(
    console: Console, story: Story, joined: dt.datetime, connected: dt.datetime | None = None
) -> None:
    async with console.app.state.database.transaction() as session:
        wait = QueueWait(call_id=uuid.UUID(story.call_id), joined_at=joined)
        wait.connected_at, wait.left_at = connected, joined + MINUTE
        session.add(wait)


async def asks_to_be_called_back(
    console: Console, caller: str, joined: dt.datetime, words: str = ""
) -> Story:
    story = Story(caller)
    story.opened()
    if words:
        story.heard(words)
    await told(console, story)
    await waited(console, story, joined)
    story._add("call.step", {"step": "keep_place", "reply": "place_kept"})
    story.closed()
    await told(console, story)
    await told(console, story)
    return story


async def listed(console: Console) -> list[queue.Missed]:
    async with console.app.state.database.transaction(writes=False) as session:
        found = await queue.missed(session, 10)
        assert await queue.how_many_missed(session) == len(found)
        return found


async def test_kept_places_are_in_the_order_of_arrival_with_the_words_said(
    console: Console,
) -> None:
    now = dt.datetime.now(dt.UTC)
    later = await asks_to_be_called_back(console, "13800000001", now - 10 * MINUTE)
    words = "莲池区东风路暖气不热，三天了"
    sooner = await asks_to_be_called_back(console, "13800000002", now - 20 * MINUTE, words)

    rows = await listed(console)

    assert [str(one.call.id) for one in rows] == [sooner.call_id, later.call_id]
    assert rows[0].kept is not None
    assert rows[0].kept.arrived_at == now - 20 * MINUTE
    assert rows[0].ticket is not None
    assert rows[1].ticket is None
    page = (await (await console.signed_in(Role.AGENT)).get("/console/desk/missed")).text
    assert page.count("保留位置，") == 2
    assert f"/console/desk/{rows[0].ticket}" in page
    assert "13800000002" not in page


async def test_who_gave_up_in_the_queue_is_called_back_though_words_were_heard(
    console: Console,
) -> None:
    now = dt.datetime.now(dt.UTC)
    gave_up, talked = Story("13800000001"), Story("13800000002")
    for story in (gave_up, talked):
        story.opened()
        story.heard("莲池区东风路暖气不热，三天了")
        story.closed("hung_up")
        await told(console, story)
    await waited(console, gave_up, now - 5 * MINUTE)
    await waited(console, talked, now - 5 * MINUTE, connected=now - 4 * MINUTE)

    assert [str(one.call.id) for one in await listed(console)] == [gave_up.call_id]


async def test_who_was_reached_is_listed_no_more(console: Console) -> None:
    story = await asks_to_be_called_back(console, "13800000001", dt.datetime.now(dt.UTC))
    call_id = uuid.UUID(story.call_id)
    await console.person(Role.AGENT)
    async with console.app.state.database.transaction() as session:
        await queue.note_try(session, call_id, 1, dt.datetime.now(dt.UTC))
    assert len(await listed(console)) == 1

    async with console.app.state.database.transaction() as session:
        await queue.note_reached(session, call_id)

    assert await listed(console) == []


async def test_one_who_goes_from_one_queue_to_another_waits_once(
    console: Console, settings: Settings
) -> None:
    from backend.lines.settings import LineSettings  # noqa: PLC0415

    database, call_id = console.app.state.database, uuid.uuid4()
    watch = QueueWatch(LineSettings().login, database)
    begin = dt.datetime.now(dt.UTC) - 2 * MINUTE
    for seconds, event in (
        (0, "QueueCallerJoin"),
        (5, "QueueCallerLeave"),
        (5.1, "QueueCallerJoin"),
        (14, "AgentConnect"),
        (14, "QueueCallerLeave"),
    ):
        at = (begin + dt.timedelta(seconds=seconds)).timestamp()
        chan = f"HOTLINE_CALL_ID={call_id}"
        await watch.take({"Event": event, "ChanVariable": chan, "Timestamp": f"{at:.6f}"})

    async with database.transaction(writes=False) as session:
        figures = await queue.figures(session, dt.datetime.now(dt.UTC))

    assert (figures.waits, figures.connected, figures.within_seconds) == (1, 1, 1)
