"""The outbox: nothing is lost or sent twice, whatever dies and when."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from agi.backend_client import BackendAway, BackendClient
from agi.entries import Entry
from agi.sender import Sender
from agi.spool import Spool, SpoolError
from tests.agi.backend_on_a_port import BackendOnAPort

KEY = Fernet.generate_key().decode()


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    opened = Spool(tmp_path / "agi.db", KEY)
    yield opened
    opened.close()


@pytest.fixture
def backend() -> Iterator[BackendOnAPort]:
    started = BackendOnAPort()
    yield started
    started.close()


@pytest.fixture
def client(backend: BackendOnAPort) -> Iterator[BackendClient]:
    opened = BackendClient(backend.url, "token", answer_seconds=2)
    yield opened
    opened.close()


def write(spool: Spool, *numbers: int, call: str = "call", **data: Any) -> None:
    for number in numbers:
        spool.write(Entry(call, "call.step", {"step": f"s{number}"} | data)).result(5)


def steps(backend: BackendOnAPort) -> list[str]:
    return [entry["data"]["step"] for entry in backend.accepted]


def empty(spool: Spool, sender: Sender) -> None:
    for _ in range(100):
        try:
            sender.send_once()
        except BackendAway:
            continue
        if not spool.counts()["waiting"]:
            return
    raise AssertionError("the spool never gets empty")


def test_entries_arrive_once_and_in_order(
    spool: Spool, backend: BackendOnAPort, client: BackendClient
) -> None:
    write(spool, *range(250))

    empty(spool, Sender(spool, client))

    assert steps(backend) == [f"s{n}" for n in range(250)]
    assert spool.counts() == {"waiting": 0, "set_aside": 0}


@pytest.mark.parametrize(
    "wrong",
    [
        "dies before",
        "dies after",
        "dies in the answer",
        "talks nonsense",
        "500",
        "502",
        "503",
        "401",
        "429",
    ],
)
def test_a_backend_that_dies_at_any_moment_gets_every_entry_once(
    wrong: str, spool: Spool, backend: BackendOnAPort, client: BackendClient
) -> None:
    moments = count()
    backend.wrong = lambda _: wrong if next(moments) % 3 != 2 else None
    write(spool, *range(7))

    empty(spool, Sender(spool, client))

    assert steps(backend) == [f"s{n}" for n in range(7)]
    assert spool.counts() == {"waiting": 0, "set_aside": 0}


def test_a_backend_that_is_not_there_leaves_everything_in_the_spool(spool: Spool) -> None:
    client = BackendClient("http://127.0.0.1:9", "token")
    write(spool, 1, 2)

    with pytest.raises(BackendAway):
        Sender(spool, client).send_once()

    assert spool.counts()["waiting"] == 2
    client.close()


def test_a_rejected_entry_is_set_aside_and_the_others_arrive(
    spool: Spool, backend: BackendOnAPort, client: BackendClient
) -> None:
    write(spool, 1)
    write(spool, 2, poison=True)
    write(spool, 3)

    empty(spool, Sender(spool, client))

    assert steps(backend) == ["s1", "s3"]
    assert spool.counts() == {"waiting": 0, "set_aside": 1}


def test_a_batch_refused_for_one_entry_is_sent_one_by_one(
    spool: Spool, backend: BackendOnAPort, client: BackendClient
) -> None:
    backend.wrong = lambda entries: "422" if any("bad" in e["data"] for e in entries) else None
    write(spool, 1)
    write(spool, 2, bad=True)
    write(spool, 3)

    empty(spool, Sender(spool, client))

    assert steps(backend) == ["s1", "s3"]
    assert spool.counts() == {"waiting": 0, "set_aside": 1}


def test_an_entry_that_breaks_the_backend_makes_only_its_own_call_wait(
    spool: Spool, backend: BackendOnAPort, client: BackendClient
) -> None:
    backend.wrong = lambda entries: "500" if any("bad" in e["data"] for e in entries) else None
    write(spool, 1, call="a", bad=True)
    write(spool, 2, call="a")
    write(spool, 3, call="b")
    sender = Sender(spool, client)

    for _ in range(6):
        try:
            sender.send_once()
        except BackendAway:
            continue

    assert steps(backend) == ["s3"]
    assert spool.counts() == {"waiting": 2, "set_aside": 0}


def test_the_thread_sends_what_an_earlier_run_left(
    tmp_path: Path, backend: BackendOnAPort, client: BackendClient
) -> None:
    first = Spool(tmp_path / "agi.db", KEY)
    write(first, 1, 2)
    first.close()
    second = Spool(tmp_path / "agi.db", KEY)
    sender = Sender(second, client)

    sender.start()
    write(second, 3)
    for _ in range(500):
        if not second.counts()["waiting"]:
            break
        second.changed.wait(0.02)
    sender.stop()

    assert steps(backend) == ["s1", "s2", "s3"]
    second.close()


def test_what_is_kept_cannot_be_read_from_the_disk(spool: Spool, tmp_path: Path) -> None:
    write(spool, 1, text="裕华路的暖气停了", caller="13800000000")

    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert "裕华路".encode() not in raw
    assert b"13800000000" not in raw


def test_entries_of_another_key_are_set_aside(
    tmp_path: Path, backend: BackendOnAPort, client: BackendClient
) -> None:
    old = Spool(tmp_path / "agi.db", Fernet.generate_key().decode())
    write(old, 1)
    old.close()
    spool = Spool(tmp_path / "agi.db", KEY)
    write(spool, 2)

    empty(spool, Sender(spool, client))

    assert steps(backend) == ["s2"]
    assert spool.counts() == {"waiting": 0, "set_aside": 1}
    spool.close()


def test_a_disk_that_is_full_is_told_and_the_entries_are_sent_from_memory(
    spool: Spool,
    tmp_path: Path,
    backend: BackendOnAPort,
    client: BackendClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write(spool, 1)

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(spool, "_insert", full)
    with pytest.raises(SpoolError, match="free the disk"):
        spool.write(Entry("call", "call.step", {"step": "s2"})).result(5)
    empty(spool, Sender(spool, client))

    assert steps(backend) == ["s1", "s2"]


def test_after_a_full_disk_what_waited_in_memory_is_written_first(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(spool, "_insert", full)
        with pytest.raises(SpoolError):
            spool.write(Entry("call", "call.step", {"step": "s1"})).result(5)
    write(spool, 2)

    kept = [one.entry.data["step"] for one in spool.waiting() if one.entry]
    assert kept == ["s1", "s2"]


def test_a_place_that_cannot_be_written_is_told_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("a file, not a folder")

    with pytest.raises(SpoolError, match="mend its rights"):
        Spool(tmp_path / "spool" / "agi.db", KEY)


def test_pending_entries_of_one_call_are_found(spool: Spool) -> None:
    write(spool, 1, call="a")
    write(spool, 2, call="b")

    assert [one.call_id for one in spool.waiting(call_id="b")] == ["b"]


WRITER = """
import sys
from pathlib import Path
from agi.entries import Entry
from agi.spool import Spool

spool = Spool(Path(sys.argv[1]), sys.argv[2])
number = 0
while True:
    spool.write(Entry("call", "call.step", {"step": f"s{number}"})).result(10)
    print(number, flush=True)
    number += 1
"""


@pytest.mark.parametrize("killed_after", [1, 20, 150])
def test_what_was_confirmed_outlives_a_kill(
    tmp_path: Path, killed_after: int, backend: BackendOnAPort, client: BackendClient
) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path / "agi.db"), KEY]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        while int(writer.stdout.readline()) < killed_after:
            pass
        os.kill(writer.pid, signal.SIGKILL)
        rest = writer.stdout.read().split()
    confirmed = max([killed_after, *map(int, rest)])

    spool = Spool(tmp_path / "agi.db", KEY)
    empty(spool, Sender(spool, client))

    arrived = steps(backend)
    assert arrived == [f"s{n}" for n in range(len(arrived))]
    assert len(arrived) >= confirmed + 1
    spool.close()
