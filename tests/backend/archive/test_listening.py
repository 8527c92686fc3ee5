import struct

import httpx
import pytest
from sqlalchemy import select

from backend.people.audit import AuditEntry, fault
from tests.backend.archive.store import FRAMES, Store, samples, wav

WHY = {"reason": "核对诉求人说的地址"}


async def listen(
    store: Store, call: str, who: str = "supervisor", **sent: object
) -> httpx.Response:
    return await store.town.browsers[who].post(
        f"/api/recordings/{call}/listening", json={**WHY, **sent}
    )


async def test_a_whole_call_is_heard_with_both_sides_and_the_look_is_recorded(
    store: Store,
) -> None:
    call, number = await store.call()

    told = (await listen(store, call)).json()
    sound = await store.town.browsers["supervisor"].get(told["url"])

    assert (told["seconds"], told["channels"]) == (2.0, 2)
    assert sound.headers["content-type"] == "audio/wav"
    assert sound.content[:4] == b"RIFF"
    assert len(sound.content) == 44 + FRAMES * 4
    assert struct.unpack("<4h", sound.content[44:52]) == (0, 7, 1, 8)
    async with store.town.office.database.transaction() as session:
        entry = await session.scalar(select(AuditEntry).where(AuditEntry.seq == told["entry"]))
        assert entry
        assert (entry.act, entry.subject) == ("heard_recording", f"ticket:{number}")
        assert entry.reason == WHY["reason"]
        assert await fault(session) is None


async def test_the_part_of_one_utterance_is_cut_out(store: Store) -> None:
    call, _ = await store.call()
    shown = (await store.town.browsers["supervisor"].get(f"/api/calls/{call}")).json()
    one = shown["utterances"][0]["listen_id"]

    told = (await listen(store, call, listen_id=one, from_seconds=0.1, to_seconds=0.2)).json()
    sound = await store.town.browsers["supervisor"].get(told["url"])

    assert told["seconds"] == pytest.approx(0.1)
    assert sound.content == wav(samples(800, 800))


@pytest.mark.parametrize(
    ("asked", "status", "first", "last"),
    [
        ("bytes=0-", 206, 0, None),
        ("bytes=40-99", 206, 40, 99),
        ("bytes=1001-20000", 206, 1001, 20_000),
        ("bytes=-100", 206, -100, None),
        ("bytes=99999999-", 416, 0, 0),
        ("pages=1-2", 200, 0, None),
    ],
)
async def test_a_player_gets_the_bytes_it_asks_for(
    store: Store, asked: str, status: int, first: int, last: int | None
) -> None:
    call, _ = await store.call()
    player = store.town.browsers["supervisor"]
    url = (await listen(store, call)).json()["url"]
    whole = (await player.get(url)).content

    part = await player.get(url, headers={"Range": asked})

    assert part.status_code == status
    if status == 416:
        assert part.headers["content-range"] == f"bytes */{len(whole)}"
    else:
        assert part.content == whole[first : None if last is None else last + 1]
        assert part.headers["content-length"] == str(len(part.content))


async def test_nobody_hears_without_reason_right_or_sight(store: Store) -> None:
    call, number = await store.call()

    unreasoned = await listen(store, call, reason="。")
    handler = await listen(store, call, "clerk")
    unit = await listen(store, call, "bureau")
    await store.town.dispatch(number)
    own = await listen(store, call, "bureau")

    assert (unreasoned.status_code, unreasoned.json()["field"]) == (422, "reason")
    assert (handler.status_code, unit.status_code, own.status_code) == (403, 404, 200)


async def test_a_permit_is_its_holders_alone_and_ends(store: Store) -> None:
    call, _ = await store.call()
    url = (await listen(store, call)).json()["url"]

    other = await store.town.browsers["agent"].get(url)
    forged = await store.town.browsers["supervisor"].get("/api/sound/abc")
    store.town.pass_time(hours=1)
    late = await store.town.browsers["supervisor"].get(url)

    assert (other.status_code, forged.status_code, late.status_code) == (403, 404, 403)


async def test_a_confidential_caller_is_heard_by_supervisors_only(store: Store) -> None:
    call, number = await store.call()
    await store.town.browsers["agent"].put(f"/api/tickets/{number}/confidential")

    agent, supervisor = await listen(store, call, "agent"), await listen(store, call)

    assert (agent.status_code, supervisor.status_code) == (403, 200)


@pytest.mark.parametrize("sent", [{"file": "../../etc/passwd"}, {"listen_id": "x"}])
async def test_only_sounds_of_the_call_are_given(store: Store, sent: dict) -> None:
    call, _ = await store.call()

    answer = await listen(store, call, **sent)

    assert (answer.status_code, answer.json()["field"]) == (404, next(iter(sent)))


async def test_a_sound_outside_the_media_directory_is_never_opened(store: Store) -> None:
    call, _ = await store.call()
    heard = {"step": "x", "listen_id": "far", "text": "x", "sound": "../secret.sln"}
    (store.media.parent / "secret.sln").write_bytes(samples(80))
    await store.town.report(call, "call.heard", heard)

    answer = await listen(store, call, listen_id="far")

    assert answer.status_code == 404
