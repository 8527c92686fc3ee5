import datetime as dt
import uuid

import pytest
from sqlalchemy import delete

from backend.archive import keeping, retention
from backend.archive.archivist import Archivist
from backend.archive.keeping import Kept
from backend.archive.settings import ArchiveSettings
from backend.archive.verifying import verify
from backend.jobs import service as jobs
from backend.jobs.models import Job
from backend.jobs.service import JobKind
from tests.backend.archive.store import FRAMES, Store, samples, wav

YEARS = dt.timedelta(days=4 * 366)


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)


async def archive(store: Store, call: str) -> Kept | None:
    return await keeping.archive(store.town.office.database, store.shelf, uuid.UUID(call), now())


async def heard(store: Store, call: str) -> bytes:
    url = f"/api/recordings/{call}/listening"
    browser = store.town.browsers["supervisor"]
    told = await browser.post(url, json={"reason": "核对诉求人说的地址"})
    if told.status_code != 200:
        return told.content
    return (await browser.get(told.json()["url"], headers={"Range": "bytes=44-"})).content


async def test_a_call_at_rest_is_sealed_and_sounds_the_same(store: Store) -> None:
    call, _ = await store.call()
    before = await heard(store, call)

    kept = await archive(store, call)

    assert kept == Kept(3, [], [])
    assert [one for one in store.media.rglob("*") if one.is_file()] == []
    sealed = list(store.shelf.vault.directory.rglob("*.sealed"))
    assert len(sealed) == 3
    assert all(samples(64) not in one.read_bytes() for one in sealed)
    assert await heard(store, call) == before
    assert len(before) == FRAMES * 4


async def test_a_call_that_goes_on_or_awaits_words_is_left_alone(store: Store) -> None:
    going_on, _ = await store.call(closed=False)
    town = store.town
    waiting = str(uuid.uuid4())
    await town.report(waiting, "call.opened", {"caller": "13812345678", "flow": "inbound"})
    sound = {"step": "matter", "listen_id": "x", "sound": "utterances/x.wav", "pending": True}
    (store.media / "utterances/x.wav").write_bytes(wav(samples(80)))
    await town.report(waiting, "call.heard", sound)
    await town.report(waiting, "call.closed", {"outcome": "hung_up"})

    assert await archive(store, waiting) is None
    assert (store.media / "utterances/x.wav").exists()
    assert await archive(store, going_on) is None
    assert (store.media / f"recordings/{going_on}-caller.sln").exists()


async def test_a_sound_changed_or_lost_before_it_is_sealed_is_named_for_good(
    store: Store,
) -> None:
    call, _ = await store.call()
    changed = f"recordings/{call}-caller.sln"
    gone = f"recordings/{call}-hotline.sln"
    (store.media / changed).write_bytes(samples(100, 9))
    (store.media / gone).unlink()

    kept = await archive(store, call)
    report = await verify(store.town.office.database, store.shelf)

    assert kept == Kept(2, [changed], [gone])
    assert {str(one) for one in report.faults} == {
        f"file {changed}: it was changed before it could be sealed",
        f"file {gone}: it was missing before it could be sealed",
    }


async def test_killed_before_the_plain_file_is_deleted_it_is_done_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, _ = await store.call()
    with monkeypatch.context() as patch:
        patch.setattr(keeping, "_enter", None)
        with pytest.raises(TypeError):
            await archive(store, call)
    copy = {one: one.read_bytes() for one in store.media.rglob("*") if one.is_file()}
    assert len(copy) == 3

    first = await archive(store, call)
    for path, content in copy.items():
        path.write_bytes(content)
    again = await archive(store, call)

    assert first == Kept(3, [], [])
    assert again == Kept(0, [], [])
    assert [one for one in store.media.rglob("*") if one.is_file()] == []
    assert (await verify(store.town.office.database, store.shelf)).faults == []


async def test_after_its_time_a_sound_is_gone_unless_it_is_held(store: Store) -> None:
    held, number = await store.call()
    old, _ = await store.call()
    for call in (held, old):
        await archive(store, call)
    database, shelf = store.town.office.database, store.shelf
    url, supervisor = "/api/legal-holds", store.town.browsers["supervisor"]
    order = {"subject": f"ticket:{number}", "reason": "法院调取证据"}
    hold = (await supervisor.post(url, json=order)).json()

    early = await retention.remove_old(database, shelf, now() + YEARS / 2)
    due = await retention.remove_old(database, shelf, now() + YEARS)

    assert (early, due) == (0, 3)
    assert b"recording_removed" in await heard(store, old)
    assert len(await heard(store, held)) == FRAMES * 4
    assert (await verify(database, shelf)).faults == []

    lifted = await supervisor.post(f"{url}/{hold['id']}/lift", json={"reason": "案件已经审结"})
    twice = await supervisor.post(f"{url}/{hold['id']}/lift", json={"reason": "案件已经审结"})
    after = await retention.remove_old(database, shelf, now() + YEARS)

    assert (lifted.status_code, twice.status_code, after) == (200, 409, 3)
    assert list(shelf.vault.directory.rglob("*.sealed")) == []
    listed = (await supervisor.get(url)).json()["items"]
    assert [one["lifted_why"] for one in listed] == ["案件已经审结"]
    assert (await verify(database, shelf)).faults == []


async def test_a_call_from_before_the_archive_is_sealed_in_its_next_round(store: Store) -> None:
    old, _ = await store.call()
    await store.call(closed=False)
    office = store.town.office
    chosen = ArchiveSettings(archive=store.shelf.vault.directory, seal_after_seconds=0)
    archivist = Archivist(office.app.state.settings, office.database, chosen, now)
    async with office.database.transaction() as session:
        await session.execute(delete(Job))
        await jobs.ask(session, JobKind.ARCHIVE, "archive", {}, now())
    done = []
    for _ in range(2):
        async with office.database.transaction() as session:
            job = await jobs.claim(session, "w", now(), 60, only=JobKind.ARCHIVE)
        assert job
        done.append(job.key)
        await archivist.do(job, "w")

    assert done == ["archive:archive", f"archive:{old}"]
    left = [one.name for one in store.media.rglob("*") if one.is_file()]
    assert not [one for one in left if one.startswith(old)]
    assert left


async def test_the_worker_archives_a_call_once_and_then_looks_after_it(store: Store) -> None:
    call, _ = await store.call()
    office = store.town.office
    chosen = ArchiveSettings(archive=store.shelf.vault.directory, seal_after_seconds=0)
    archivist = Archivist(office.app.state.settings, office.database, chosen, now)
    done = []

    async def do_one(later: dt.timedelta) -> bool:
        async with office.database.transaction() as session:
            job = await jobs.claim(session, "w", now() + later, 60, only=JobKind.ARCHIVE)
        if job is None:
            return False
        done.append(job.key)
        await archivist.do(job, "w")
        return True

    while await do_one(dt.timedelta(minutes=2)):
        pass
    assert done == [f"archive:{call}", "archive:archive"]
    assert await do_one(dt.timedelta(hours=2))
    assert [one for one in store.media.rglob("*") if one.is_file()] == []
