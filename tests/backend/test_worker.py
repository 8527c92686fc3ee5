import asyncio
import hashlib
import struct
import uuid
import wave
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from backend.database import Database
from backend.privacy import Seal
from backend.recordings.transcriber import Transcriber
from backend.settings import Settings
from backend.worker import Worker
from tests.backend.conftest import TOKEN
from tests.backend.recogniser import Recogniser, recogniser
from tests.backend.story import HEATING, Story


@pytest.fixture
def asr() -> Iterator[Recogniser]:
    with recogniser() as server:
        yield server


@pytest.fixture
async def worker(
    settings: Settings, database: Database, asr: Recogniser, seal: Seal
) -> AsyncIterator[Worker]:
    async with Transcriber(f"http://127.0.0.1:{asr.port}", TOKEN) as transcriber:
        yield Worker(settings, database, transcriber, seal)


def note(media: Path, call_id: str) -> Path:
    path = media / "recordings" / f"{call_id}.call"
    path.write_text("1795400000|13812345678|12345|abc@exchange\n")
    return path


def side(media: Path, call_id: str, seconds: int = 2) -> str:
    name = f"recordings/{call_id}-caller.sln"
    (media / name).write_bytes(struct.pack("<h", 900) * 8000 * seconds)
    return name


def message(media: Path, call_id: str) -> str:
    name = f"messages/{call_id}-1.wav"
    with wave.open(str(media / name), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(struct.pack("<h", 900) * 16000)
    return name


async def all_done(worker: Worker) -> None:
    """Do what is due, and what that makes due."""
    await worker.scan()
    while await worker.do_one("w"):
        pass


async def shown(client: httpx.AsyncClient, call_id: str) -> dict:
    return (await client.get(f"/api/calls/{call_id}")).json()


async def report(client: httpx.AsyncClient, story: Story) -> None:
    await client.post("/api/journal", json={"entries": story.entries})


async def test_a_pending_sound_of_a_closed_call_becomes_its_ticket(
    client: httpx.AsyncClient, worker: Worker, asr: Recogniser
) -> None:
    story = Story()
    story.opened(), story.pending("utterances/one.wav"), story.closed()
    asr.words["utterances/one.wav"] = HEATING
    await report(client, story)
    before = await shown(client, story.call_id)

    await all_done(worker)

    after = await shown(client, story.call_id)
    assert (before["ticket"], before["pending"]) == (None, 1)
    assert after["ticket"]["fields"]["district"] == "莲池区"
    assert after["utterances"][0]["late"] is True


async def test_a_pending_sound_that_holds_silence_makes_no_ticket_but_a_call_back(
    client: httpx.AsyncClient, worker: Worker, asr: Recogniser
) -> None:
    story = Story()
    story.opened(), story.pending("utterances/one.wav"), story.closed("hung_up")
    asr.words["utterances/one.wav"] = ""
    await report(client, story)

    await all_done(worker)

    after = await shown(client, story.call_id)
    assert after["ticket"] is None
    assert after["pending"] == 0
    assert after["needs_call_back"] is True


async def test_late_words_fill_a_draft_but_never_a_persons_field(
    client: httpx.AsyncClient, worker: Worker, asr: Recogniser
) -> None:
    story = Story()
    story.pending("utterances/one.wav")
    asr.words["utterances/one.wav"] = HEATING
    draft = await client.post(f"/api/calls/{story.call_id}/draft", json={"entries": story.entries})
    number = draft.json()["number"]
    person = {"version": 1, "district": "竞秀区"}
    await client.patch(f"/api/tickets/{number}", json=person)

    await all_done(worker)

    ticket = (await client.get(f"/api/tickets/{number}")).json()
    assert ticket["fields"]["category"] == "供热"
    assert ticket["fields"]["district"] == "竞秀区"
    assert ticket["authors"] == {"district": "person"}
    assert [one["kind"] for one in ticket["events"]] == ["drafted", "corrected", "redrafted"]


async def test_a_sound_that_cannot_be_decoded_is_given_up_with_its_reason(
    client: httpx.AsyncClient, worker: Worker
) -> None:
    story = Story()
    story.pending("utterances/broken.wav"), story.closed("hung_up")
    await report(client, story)

    await all_done(worker)
    await asyncio.sleep(0.05)
    await all_done(worker)

    after = await shown(client, story.call_id)
    assert after["pending"] == 0
    assert "cannot be decoded" in after["utterances"][0]["error"]


async def test_a_recogniser_that_is_full_is_asked_again_until_it_answers(
    client: httpx.AsyncClient, worker: Worker, asr: Recogniser, settings: Settings
) -> None:
    story = Story()
    story.pending("utterances/one.wav"), story.closed()
    asr.words["utterances/one.wav"], asr.full = HEATING, True
    await report(client, story)
    for _ in range(settings.transcription_tries + 2):
        await all_done(worker)
        await asyncio.sleep(0.2)

    asr.full = False
    for _ in range(50):
        await all_done(worker)
        if (after := await shown(client, story.call_id))["ticket"]:
            break
        await asyncio.sleep(0.1)

    assert after["ticket"]["fields"]["category"] == "供热"


async def test_a_message_left_while_no_script_ran_becomes_a_ticket(
    client: httpx.AsyncClient, worker: Worker, asr: Recogniser, media: Path
) -> None:
    call_id = str(uuid.uuid4())
    path, recording, left = note(media, call_id), side(media, call_id), message(media, call_id)
    asr.words[left] = HEATING

    await all_done(worker)

    after = await shown(client, call_id)
    assert after["outcome"] == "recovered"
    assert after["caller"] == "13812345678"
    assert after["ticket"]["fields"]["district"] == "莲池区"
    digests = {one["file"]: one["sha256"] for one in after["recordings"]}
    assert digests[recording] == hashlib.sha256((media / recording).read_bytes()).hexdigest()
    assert asr.asked == [left]
    assert not path.exists()


async def test_a_call_that_broke_off_is_transcribed_from_the_callers_side(
    client: httpx.AsyncClient, worker: Worker, asr: Recogniser, media: Path
) -> None:
    story = Story()
    await client.post("/api/journal", json={"entries": [story.opened()]})
    note(media, story.call_id)
    asr.words[side(media, story.call_id)] = HEATING

    await all_done(worker)

    after = await shown(client, story.call_id)
    assert after["outcome"] == "recovered"
    assert after["transcript"] == HEATING
    assert after["ticket"]["fields"]["category"] == "供热"


async def test_what_the_script_reports_after_the_adoption_replaces_it_in_the_one_ticket(
    client: httpx.AsyncClient, worker: Worker, asr: Recogniser, media: Path
) -> None:
    story = Story()
    note(media, story.call_id)
    asr.words[side(media, story.call_id)] = "喂你好莲池区裕华路的暖气停了三天了好的再见"
    await all_done(worker)
    adopted = await shown(client, story.call_id)

    story.opened(), story.heard(), story.closed("completed")
    await report(client, story)

    after = await shown(client, story.call_id)
    assert adopted["ticket"]["number"] == after["ticket"]["number"]
    assert (adopted["outcome"], after["outcome"]) == ("recovered", "completed")
    assert after["transcript"] == HEATING


async def test_a_closed_call_only_has_its_recordings_hashed(
    client: httpx.AsyncClient, worker: Worker, asr: Recogniser, media: Path
) -> None:
    story = Story()
    story.opened(), story.heard(), story.closed()
    await report(client, story)
    path, recording = note(media, story.call_id), side(media, story.call_id)

    await all_done(worker)

    after = await shown(client, story.call_id)
    assert [one["file"] for one in after["recordings"]] == [recording]
    assert after["outcome"] == "completed"
    assert asr.asked == []
    assert not path.exists()


async def test_who_spoke_while_no_step_listened_gets_a_ticket_from_the_recording(
    client: httpx.AsyncClient, worker: Worker, asr: Recogniser, media: Path
) -> None:
    story = Story()
    story.opened(), story.pending("utterances/after-the-tone.wav"), story.closed("hung_up")
    asr.words["utterances/after-the-tone.wav"] = ""
    await report(client, story)
    note(media, story.call_id)
    asr.words[side(media, story.call_id)] = HEATING

    await all_done(worker)

    after = await shown(client, story.call_id)
    assert after["transcript"] == HEATING
    assert after["ticket"]["fields"]["district"] == "莲池区"
    assert after["needs_call_back"] is False


async def test_a_recording_that_holds_silence_is_read_once_and_the_caller_called_back(
    client: httpx.AsyncClient, worker: Worker, asr: Recogniser, media: Path
) -> None:
    story = Story()
    story.opened(), story.closed("hung_up")
    await report(client, story)
    note(media, story.call_id)
    recording = side(media, story.call_id)
    asr.words[recording] = ""

    await all_done(worker)
    await all_done(worker)

    after = await shown(client, story.call_id)
    assert asr.asked == [recording]
    assert after["ticket"] is None
    assert after["needs_call_back"] is True


async def test_a_call_whose_files_still_change_is_left_alone(
    client: httpx.AsyncClient, worker: Worker, media: Path, settings: Settings
) -> None:
    settings.settle_seconds = 60
    call_id = str(uuid.uuid4())
    path = note(media, call_id)
    side(media, call_id)

    await all_done(worker)

    assert path.exists()
    assert (await client.get(f"/api/calls/{call_id}")).status_code == 404


async def test_a_note_with_a_strange_name_or_line_harms_nothing(
    client: httpx.AsyncClient, worker: Worker, media: Path
) -> None:
    (media / "recordings" / "not-a-call.call").write_text("x")
    call_id = str(uuid.uuid4())
    (media / "recordings" / f"{call_id}.call").write_bytes(b"\xff|\n|;DROP||\x00")

    await all_done(worker)

    assert (await shown(client, call_id))["outcome"] == "recovered"


async def test_two_workers_transcribe_a_sound_once(
    client: httpx.AsyncClient, worker: Worker, asr: Recogniser
) -> None:
    stories = [Story() for _ in range(6)]
    for number, story in enumerate(stories):
        asr.words[f"utterances/{number}.wav"] = HEATING
        story.pending(f"utterances/{number}.wav"), story.closed()
        await report(client, story)

    async def lane(name: str) -> None:
        while await worker.do_one(name):
            pass

    await asyncio.gather(lane("a"), lane("b"), lane("c"))
    await lane("d")

    assert sorted(asr.asked) == sorted(asr.words)


async def test_a_worker_told_to_stop_gives_back_what_it_has_in_hand(
    client: httpx.AsyncClient, worker: Worker, asr: Recogniser
) -> None:
    story = Story()
    asr.words["utterances/one.wav"], asr.slow_seconds = HEATING, 30.0
    story.pending("utterances/one.wav"), story.closed()
    await report(client, story)
    work = asyncio.create_task(worker.run())
    while not asr.asked:  # noqa: ASYNC110
        await asyncio.sleep(0.02)

    work.cancel()
    await asyncio.wait([work], timeout=5)
    asr.slow_seconds = 0.0
    await all_done(worker)

    assert work.done()
    assert (await shown(client, story.call_id))["ticket"] is not None
