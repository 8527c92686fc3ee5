import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from backend.database import Database
from backend.emergencies.export import cases
from backend.emergencies.masking import anonymous
from backend.jobs.models import Job
from backend.jobs.service import JobKind
from backend.people.passwords import Passwords
from backend.people.roles import Role
from backend.people.schemas import PersonIn
from backend.people.service import add as add_person
from backend.people.settings import PeopleSettings
from backend.privacy import Seal
from ivr_flows.emergency.labelled import read_cases
from tests.backend.story import START, Story

PASSWORD = "correct horse battery"
FIRE = "我家着火了在莲池区裕华路，我叫王小明，电话13812345678"


async def send(client: httpx.AsyncClient, story: Story) -> None:
    reply = await client.post("/api/journal", json={"entries": story.entries})
    assert all(one["status"] != "rejected" for one in reply.json()["results"]), reply.text


async def packet(client: httpx.AsyncClient, story: Story) -> dict[str, Any]:
    reply = await client.get(f"/api/emergencies/{story.call_id}")
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def kinds(found: dict[str, Any]) -> list[str]:
    return sorted(one["kind"].removeprefix("emergency.") for one in found["alarms"])


async def test_an_emergency_raises_one_alarm_and_its_packet_tells_everything(
    client: httpx.AsyncClient,
) -> None:
    story = Story()
    story.opened(), story.heard(FIRE, sound="utterances/one.wav")
    story.emergency("busy", "answered", answered_at=START.isoformat())
    await send(client, story)
    await send(client, story)
    story.closed("transferred_emergency")
    await send(client, story)

    found = await packet(client, story)

    assert kinds(found) == ["raised", "route_failed"]
    assert found["article"] == "第十六条第五项"
    assert (found["handover"], found["reached_service"]) == ("reached", "119")
    assert found["reached_at"] is not None
    assert found["caller"] == "13812345678"
    assert "裕华路" in found["place"]
    assert found["sounds"] == ["utterances/one.wav"]
    assert [one["result"] for one in found["rung"][0]["attempts"]] == ["busy", "answered"]
    assert any("占线" in one["text"] for one in found["alarms"])
    ticket = (await client.get(f"/api/tickets/{found['ticket']}")).json()
    assert ticket["emergency"]["handover"] == "reached"


@pytest.mark.parametrize(
    ("outcome", "handover", "kind"),
    [
        ("hung_up", "caller_left", "caller_left"),
        ("completed", "not_reached", "not_reached"),
        ("broken", "not_reached", "not_reached"),
        ("recovered", "not_reached", "not_reached"),
        ("transferred_agent", "with_agent", "with_agent"),
    ],
)
async def test_a_service_that_was_not_reached_is_alarmed_and_recorded(
    client: httpx.AsyncClient, outcome: str, handover: str, kind: str
) -> None:
    story = Story()
    story.opened(), story.heard(FIRE), story.emergency("no_answer", "failed")
    story.closed(outcome)
    await send(client, story)

    found = await packet(client, story)

    assert kinds(found) == sorted(["raised", "route_failed", "route_failed", kind])
    assert found["handover"] == handover
    ticket = (await client.get(f"/api/tickets/{found['ticket']}")).json()
    told = ticket["events"][-1]["data"]
    assert (told["handover"], told["article"]) == (handover, "第十六条第五项")


async def test_danger_in_late_words_of_a_caller_nobody_helped_is_alarmed(
    client: httpx.AsyncClient,
) -> None:
    story = Story()
    story.opened(), story.heard("快来人我家着火了楼上有人出不来"), story.closed("hung_up")
    await send(client, story)

    found = await packet(client, story)

    assert kinds(found) == ["unheard"]
    assert (found["handover"], found["review"]["sources"]) == ("none", [])


@pytest.mark.parametrize(("minutes_ago", "due"), [(5, ["119"]), (90, [])])
async def test_a_caller_whose_danger_is_read_from_a_recording_is_called_back_at_once(
    client: httpx.AsyncClient, database: Database, minutes_ago: int, due: list[str]
) -> None:
    story = Story()
    story.opened(), story.pending(), story.closed("message_left")
    ended = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=minutes_ago)
    story.entries[-1]["data"]["ended_at"] = ended.isoformat()
    heard = story.entries[1]["data"]["listen_id"]
    await send(client, story)

    story.transcribed({"listen_id": heard, "text": "快来人我家着火了楼上有人出不来"})
    await send(client, story)

    async with database.transaction(writes=False) as session:
        query = select(Job).where(Job.kind == JobKind.CALL_BACK.value)
        jobs = (await session.scalars(query)).all()
    assert [job.data["service"] for job in jobs] == due
    assert kinds(await packet(client, story)) == ["unheard"]


async def test_a_doubt_that_the_caller_denied_is_listed_and_alarms_nobody(
    client: httpx.AsyncClient,
) -> None:
    story = Story()
    story.opened(), story.heard("楼道里冒烟是不是着火了")
    story._add("call.step", {"step": "matter", "reply": "perhaps danger 119"})
    story.closed()
    await send(client, story)

    found = await packet(client, story)

    assert kinds(found) == []
    assert (found["review"]["decision"], found["review"]["sources"]) == ("doubtful", ["word"])


async def test_a_key_without_any_word_is_listed_as_heard_by_no_word(
    client: httpx.AsyncClient,
) -> None:
    story = Story()
    story.opened(), story.emergency("answered", source="key", cue=None)
    await send(client, story)

    found = await packet(client, story)

    assert (found["review"]["decision"], found["review"]["sources"]) == ("none", ["key"])


async def test_harmless_calls_are_not_listed(client: httpx.AsyncClient) -> None:
    story = Story()
    story.opened(), story.heard(), story.closed()
    await send(client, story)

    reply = await client.get("/api/emergencies")

    assert reply.json()["items"] == []
    assert (await client.get(f"/api/emergencies/{story.call_id}")).status_code == 404


async def test_a_second_service_is_an_agents_task_until_it_is_told(
    client: httpx.AsyncClient,
) -> None:
    story = Story()
    story.opened(), story.heard("撞车了有人受伤流了很多血")
    story.emergency("answered", service="120", also=["122"])
    await send(client, story)
    [task] = (await client.get("/api/emergencies/tasks")).json()["items"]

    done = await client.post(
        f"/api/emergencies/tasks/{task['id']}/done", json={"result": "told", "note": "已告知"}
    )
    again = await client.post(f"/api/emergencies/tasks/{task['id']}/done", json={"result": "told"})

    assert task["service"] == "122"
    assert (done.json()["done_by"], again.status_code) == ("service", 409)
    assert (await client.get("/api/emergencies/tasks")).json()["items"] == []
    found = await packet(client, story)
    assert "second_service" in kinds(found)
    ticket = (await client.get(f"/api/tickets/{found['ticket']}")).json()
    assert [one["kind"] for one in ticket["events"]][-2:] == ["task_set", "task_done"]


async def test_a_second_service_that_answers_in_the_same_call_is_no_task_any_more(
    client: httpx.AsyncClient,
) -> None:
    story = Story()
    story.opened(), story.emergency("answered", service="120", also=["122"])
    await send(client, story)
    later = START.replace(minute=5).isoformat()
    story.emergency("answered", service="122", decided_at=later, answered_at=later)
    await send(client, story)

    assert (await client.get("/api/emergencies/tasks")).json()["items"] == []
    assert (await packet(client, story))["tasks"][0]["result"] == "told"


async def test_each_review_becomes_a_labelled_case_without_personal_data(
    client: httpx.AsyncClient, database: Database, seal: Seal, tmp_path: Path
) -> None:
    true, false, missed = Story(), Story(), Story()
    true.opened(), true.heard(FIRE), true.emergency("answered"), true.closed()
    false.opened(), false.heard("楼道里冒烟是烧烤的着火了没有"), false.emergency("answered")
    missed.opened(), missed.heard("他躺那儿半天了身子都硬了"), missed.closed()
    for story in (true, false, missed):
        await send(client, story)

    supervisor = await signed_in(client, database)
    said = [
        (true, {"verdict": "true", "critical": True}),
        (false, {"verdict": "false", "note": "烧烤"}),
        (missed, {"verdict": "missed", "right_service": "120", "critical": True}),
    ]
    for story, review in said:
        where = f"/api/emergencies/{story.call_id}/review"
        reply = await client.post(where, json=review, headers=supervisor)
        assert reply.status_code == 200, reply.text
        assert reply.json()["reviewed_by"].startswith("person:")

    async with database.transaction(writes=False) as session:
        lines = await cases(session, seal)
    path = tmp_path / "reviewed.tsv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    labelled = {case.text: case for case in read_cases(path)}
    assert "王小明" not in path.read_text("utf-8")
    assert "138" not in path.read_text("utf-8")
    case = labelled["我家着火了在莲池区裕华路，我叫某某，电话某号码"]
    assert (case.label.value, case.service, case.critical) == ("certain", "119", True)
    assert labelled["他躺那儿半天了身子都硬了"].service == "120"
    assert sum(one.harmless for one in labelled.values()) == 1


async def signed_in(client: httpx.AsyncClient, database: Database) -> dict[str, str]:
    """Add a supervisor and return the headers of their browser."""
    hashed = await Passwords(PeopleSettings()).hash(PASSWORD)
    sent = PersonIn(login="supervisor", name="王小明", roles=[Role.SUPERVISOR])
    async with database.transaction() as session:
        await add_person(session, sent, hashed, must_change=False, actor="test", now=START)
    body = {"login": "supervisor", "password": PASSWORD}
    token = (await client.post("/api/sessions", json=body)).json()["token"]
    return {"Authorization": f"Bearer {token}"}


async def test_the_hotlines_own_programs_review_nothing(client: httpx.AsyncClient) -> None:
    where = f"/api/emergencies/{uuid.uuid4()}/review"

    assert (await client.post(where, json={"verdict": "true"})).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"verdict": "missed"},
        {"verdict": "wrong_service"},
        {"verdict": "false", "right_service": "119"},
        {"verdict": "perhaps"},
    ],
)
async def test_a_review_that_cannot_be_meant_is_refused(
    client: httpx.AsyncClient, database: Database, wrong: dict[str, str]
) -> None:
    headers = await signed_in(client, database)

    where = f"/api/emergencies/{uuid.uuid4()}/review"
    assert (await client.post(where, json=wrong, headers=headers)).status_code == 422


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("我叫救护车", "我叫救护车"),
        ("快打120", "快打120"),
        ("我姓李住12号楼3单元五楼着火了", "我姓某住某号楼某单元五楼着火了"),
        ("冀F12345撞人跑了", "某车牌撞人跑了"),
        ("身份证130602199001011234", "身份证某号码"),
    ],
)
def test_what_could_name_a_caller_is_taken_out_and_the_danger_stays(words: str, left: str) -> None:
    assert anonymous(words) == left
