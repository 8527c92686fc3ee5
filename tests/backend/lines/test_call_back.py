"""A citizen in danger who left is called back: at once, up to three times, never twice at once."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from backend.calls import service as calls
from backend.database import Database
from backend.jobs.models import Job
from backend.jobs.service import JobKind
from backend.lines.legs import path_of
from backend.lines.report import left_behind, rescue
from backend.privacy import Seal
from backend.recordings.transcriber import Transcriber
from backend.settings import Settings
from backend.worker import Worker
from tests.backend.lines.exchange import FakeExchange, exchange
from tests.backend.story import START, Story


@pytest.fixture
async def lines() -> AsyncIterator[FakeExchange]:
    async with exchange() as opened:
        yield opened


@pytest.fixture
def worker(settings: Settings, database: Database, seal: Seal, lines: FakeExchange) -> Worker:
    transcriber = Transcriber("http://127.0.0.1:9", "token")
    return Worker(settings, database, transcriber, seal, lines=lines.settings())


def left_while_ringing(*results: str, path: str = "emergency.decided") -> Story:
    story = Story()
    story.opened(channel="PJSIP/trunk-1")
    attempts = [{"number": "119", "dialled_at": START.isoformat(), "result": r} for r in results]
    story.emergency(attempts=attempts)
    story.closed("hung_up")
    story.entries[-1]["data"]["path"] = ["greeting", path]
    return story


async def report(client: httpx.AsyncClient, story: Story) -> None:
    answer = await client.post("/api/journal", json={"entries": story.entries})
    assert {one["status"] for one in answer.json()["results"]} == {"accepted"}


async def turns(database: Database, seal: Seal, call_id: str) -> list[tuple[int, str | None, bool]]:
    async with database.transaction(writes=False) as session:
        picture = await calls.picture_of(session, uuid.UUID(call_id), seal)
    return [(one.turn, one.result, one.reached) for one in picture.called_back]


async def work(worker: Worker) -> None:
    while await worker.do_one("w", JobKind.CALL_BACK):
        pass


def note(media: Path, call_id: str, *moments: str) -> None:
    with path_of(media, uuid.UUID(call_id)).open("a") as file:
        file.writelines(f"{time.time():.3f}|{moment}|119\n" for moment in moments)


async def test_the_citizen_is_called_and_the_service_with_them(
    client: httpx.AsyncClient, worker: Worker, lines: FakeExchange, media: Path, seal: Seal
) -> None:
    story = left_while_ringing("caller_left")
    await report(client, story)
    lines.reasons = ["4"]
    lines.when_answered = lambda: note(
        media, story.call_id, "citizen|answered", "119|dialled", "119|answered", "119|connected"
    )

    await work(worker)

    (asked,) = lines.actions("Originate")
    assert (asked["Channel"], asked["Context"], asked["Exten"]) == (
        "PJSIP/13812345678@trunk",
        "call-back",
        "119",
    )
    assert await turns(worker.database, seal, story.call_id) == [(1, "answered", True)]
    call = (await client.get(f"/api/calls/{story.call_id}")).json()
    assert call["emergency"]["answered_at"] is not None
    assert [one["result"] for one in call["emergency"]["attempts"]] == ["caller_left", "answered"]


async def test_three_turns_at_most_each_with_a_line_of_its_own_and_then_an_alarm(
    client: httpx.AsyncClient, worker: Worker, lines: FakeExchange, seal: Seal
) -> None:
    story = left_while_ringing("caller_left")
    await report(client, story)
    lines.reasons = ["5", "3", "5", "5"]

    await work(worker)

    rung = lines.actions("Originate")
    assert len(rung) == len({one["ChannelId"] for one in rung}) == 3
    assert await turns(worker.database, seal, story.call_id) == [
        (1, "busy", False),
        (2, "no_answer", False),
        (3, "busy", False),
    ]
    alarms = (await client.get("/api/alarms")).json()["items"]
    assert "emergency.not_called_back" in [one["kind"] for one in alarms]


@pytest.mark.parametrize(
    ("results", "path"),
    [
        (["answered"], "emergency.decided"),
        (["busy", "busy"], "emergency.dial_yourself"),
    ],
)
async def test_one_who_was_served_or_told_to_dial_is_not_called(
    client: httpx.AsyncClient,
    worker: Worker,
    lines: FakeExchange,
    results: list[str],
    path: str,
) -> None:
    await report(client, left_while_ringing(*results, path=path))

    await work(worker)

    assert lines.actions("Originate") == []


async def test_one_whose_line_is_still_up_is_not_called(
    client: httpx.AsyncClient, worker: Worker, lines: FakeExchange
) -> None:
    story = left_while_ringing("caller_left")
    await report(client, story)
    lines.channels = {"PJSIP/trunk-1": story.call_id}

    assert await worker.do_one("w", JobKind.CALL_BACK)

    assert lines.actions("Originate") == []


async def test_a_line_of_the_same_name_in_an_exchange_started_anew_is_another_callers(
    client: httpx.AsyncClient, worker: Worker, lines: FakeExchange
) -> None:
    await report(client, left_while_ringing("caller_left"))
    lines.channels = {"PJSIP/trunk-1": str(uuid.uuid4())}
    lines.reasons = ["5"]

    assert await worker.do_one("w", JobKind.CALL_BACK)

    assert len(lines.actions("Originate")) == 1


async def test_one_whose_talk_went_down_with_the_exchange_is_called_back_once_it_is_up(
    client: httpx.AsyncClient, worker: Worker, lines: FakeExchange, media: Path, seal: Seal
) -> None:
    story = left_while_ringing("answered")
    await report(client, story)
    call_id = uuid.UUID(story.call_id)
    talked = ("119|dialled", "119|answered", "119|connected")
    note(media, story.call_id, *talked)
    assert left_behind(media, [call_id]) == []
    note(media, story.call_id, "caller|cut")
    assert left_behind(media, [call_id]) == [call_id]
    async with worker.database.transaction() as session:
        await rescue(session, media, call_id, seal)
    lines.reasons = ["4"]
    lines.when_answered = lambda: note(media, story.call_id, "citizen|answered", *talked)

    await work(worker)

    assert len(lines.actions("Originate")) == 1
    assert await turns(worker.database, seal, story.call_id) == [(1, "answered", True)]
    assert left_behind(media, [call_id]) == []


async def test_a_caller_is_due_one_call_however_often_it_is_reported(
    client: httpx.AsyncClient, database: Database
) -> None:
    story = left_while_ringing("caller_left")
    await report(client, story)
    await client.post("/api/journal", json={"entries": story.entries})

    async with database.transaction(writes=False) as session:
        query = select(Job).where(Job.kind == JobKind.CALL_BACK.value)
        assert len((await session.scalars(query)).all()) == 1


async def test_a_turn_that_was_begun_by_a_worker_that_died_is_not_done_again(
    client: httpx.AsyncClient, worker: Worker, lines: FakeExchange, seal: Seal
) -> None:
    story = left_while_ringing("caller_left")
    await report(client, story)
    async with worker.database.transaction() as session:
        query = select(Job).where(Job.kind == JobKind.CALL_BACK.value)
        job = (await session.scalars(query)).one()
        job.data = {**job.data, "turn": 2}
    lines.reasons = ["5"]

    await work(worker)

    assert [one[0] for one in await turns(worker.database, seal, story.call_id)] == [3]


async def test_without_call_control_the_turn_waits(
    client: httpx.AsyncClient, worker: Worker, lines: FakeExchange, seal: Seal
) -> None:
    lost = lines.settings(ami_port=9, call_back_pause_seconds=60.0)
    worker.call_back._settings = lost
    story = left_while_ringing("caller_left")
    await report(client, story)

    assert await worker.do_one("w", JobKind.CALL_BACK)

    assert await turns(worker.database, seal, story.call_id) == []
    assert not await worker.do_one("w", JobKind.CALL_BACK)


async def test_a_caller_whom_only_the_dialplan_saw_leave_is_called(
    database: Database, worker: Worker, lines: FakeExchange, media: Path, seal: Seal
) -> None:
    call_id = str(uuid.uuid4())
    (media / "recordings" / f"{call_id}.call").write_text("1795400000|13812345678|12345|a@b\n")
    note(media, call_id, "119|dialled", "caller|left")
    assert left_behind(media, [uuid.UUID(call_id)]) == [uuid.UUID(call_id)]
    for _ in range(2):
        async with database.transaction() as session:
            await rescue(session, media, uuid.UUID(call_id), seal)
    lines.reasons = ["3", "3", "3"]

    await work(worker)

    assert lines.actions("Originate")[0]["Channel"] == "PJSIP/13812345678@trunk"
    async with database.transaction(writes=False) as session:
        picture = await calls.picture_of(session, uuid.UUID(call_id), seal)
    assert [one.result for one in picture.emergencies[0].attempts] == ["caller_left"]
