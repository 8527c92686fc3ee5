"""The real client and the real backend: what one sends the other understands."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet

from agi.backend_client import BackendAway, BackendClient, BackendRefused
from agi.call import carry
from agi.entries import Entry
from agi.hotline import Hotline, Outcome
from agi.program import Outbox
from agi.sender import Sender
from agi.spool import Spool
from agi.transfer import Routes
from ivr_flows.loader import load_book
from tests.agi.real_backend import TOKEN, RealBackend
from tests.fakes import PARTY, FakePhone, FakeRecogniser, Story

BOOK = load_book()
KEY = Fernet.generate_key().decode()
WORDS = "我家在莲池区裕华路，暖气停了三天了"


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealBackend]:
    running = RealBackend(tmp_path_factory.mktemp("backend"), KEY)
    running.start()
    yield running
    running.kill()


@pytest.fixture
def client(backend: RealBackend) -> Iterator[BackendClient]:
    opened = BackendClient(backend.url, TOKEN)
    yield opened
    opened.close()


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    opened = Spool(tmp_path / "spool.db", KEY)
    yield opened
    opened.close()


class PatientPhone(FakePhone):
    """A caller who waits while a slow machine asks for a moment."""

    def play(self, sound: str, stop_keys: str = "") -> str:
        return "" if sound.endswith("/one_moment") else super().play(sound, stop_keys)


def call(
    turns: list[dict[str, str]],
    client: BackendClient,
    spool: Spool,
    media: Path,
    caller: str = "13800000000",
    **more: object,
) -> tuple[str, Outcome]:
    story = Story([dict(turn) for turn in turns], BOOK.prompts)
    recogniser = FakeRecogniser(story)
    phone = PatientPhone(story, recogniser, media, **more)  # type: ignore[arg-type]
    phone.party = replace(PARTY, call_id=str(uuid4()), caller=caller)
    with ThreadPoolExecutor(1) as helpers:
        routes = Routes({"119": ("119",)})
        outbox = Outbox(spool)
        hotline = Hotline(BOOK, recogniser, client, outbox, routes, media, helpers)
        outcome = carry(phone, hotline, "inbound")
    assert story.turns == []
    return phone.party.call_id, outcome


AGREES = [
    {"plays": "greeting", "says": WORDS},
    {"plays": "read_back", "says": "对"},
    {"plays": "ticket_number"},
    {"plays": "ticket_number_again"},
    {"plays": "goodbye"},
]


def empty(spool: Spool, client: BackendClient) -> None:
    sender = Sender(spool, client)
    while spool.counts()["waiting"]:
        sender.send_once()


def test_a_call_becomes_one_ticket(
    backend: RealBackend, client: BackendClient, spool: Spool, tmp_path: Path
) -> None:
    call_id, outcome = call(AGREES, client, spool, tmp_path)
    empty(spool, client)

    kept = backend.get(f"/api/calls/{call_id}")
    assert outcome is Outcome.COMPLETED
    assert kept["outcome"] == "completed"
    assert kept["path"][0] == "greeting"
    assert WORDS in kept["transcript"]
    assert kept["caller"] == "13800000000"
    fields = kept["ticket"]["fields"]
    assert (fields["district"], fields["category"]) == ("莲池区", "供热")
    assert spool.counts() == {"waiting": 0, "set_aside": 0}


def test_progress_is_told_by_number_and_by_code_and_the_code_is_guarded(
    client: BackendClient,
) -> None:
    call_id, caller = str(uuid4()), "13911112222"
    entries = [
        Entry(call_id, "call.opened", {"caller": caller, "called": "12345", "flow": "inbound"}),
        Entry(call_id, "call.heard", {"step": "greeting", "text": WORDS, "profile": "statement"}),
    ]

    made = client.draft(call_id, entries)
    again = client.draft(call_id, entries)

    assert (again.number, again.code) == (made.number, made.code)
    assert made.read_back
    assert client.progress({"number": made.number}).found
    assert client.progress({"caller": caller, "code": made.code}).found
    wrong = "0000" if made.code != "0000" else "1111"
    answers = [client.progress({"caller": caller, "code": wrong}) for _ in range(6)]
    assert not any(answer.found for answer in answers)
    assert answers[-1].locked


def test_an_emergency_makes_a_ticket_with_its_attempts(
    backend: RealBackend, client: BackendClient, spool: Spool, tmp_path: Path
) -> None:
    turns = [
        {"plays": "greeting", "says": "我家着火了快来人", "certain": "119"},
        {"plays": "agent_for_emergency"},
    ]
    dials = [{"number": "119", "result": "busy"}]

    call_id, outcome = call(turns, client, spool, tmp_path, dials=dials)
    empty(spool, client)

    kept = backend.get(f"/api/calls/{call_id}")
    assert outcome is Outcome.TRANSFERRED_AGENT
    assert kept["emergency"]["service"] == "119"
    assert [one["result"] for one in kept["emergency"]["attempts"]] == ["busy"]
    assert kept["ticket"] is not None


def test_an_entry_the_backend_cannot_read_is_set_aside_alone(
    client: BackendClient, spool: Spool
) -> None:
    call_id = str(uuid4())
    spool.write(Entry(call_id, "call.opened", {"caller": "1"})).result(5)
    spool.write(Entry(call_id, "call.sneezed", {})).result(5)
    spool.write(Entry("not-a-uuid", "call.step", {"step": "x"})).result(5)
    spool.write(Entry(call_id, "call.closed", {"outcome": "hung_up", "path": []})).result(5)

    empty(spool, client)

    assert spool.counts() == {"waiting": 0, "set_aside": 2}


def test_a_wrong_token_is_refused_and_nothing_is_lost(backend: RealBackend, spool: Spool) -> None:
    stranger = BackendClient(backend.url, "another-token-altogether")
    spool.write(Entry(str(uuid4()), "call.opened", {"caller": "1"})).result(5)

    with pytest.raises(BackendAway, match="refuses us"):
        Sender(spool, stranger).send_once()
    with pytest.raises(BackendRefused):
        stranger.progress({"number": "2611230001"})

    assert spool.counts() == {"waiting": 1, "set_aside": 0}
    stranger.close()


def test_a_backend_killed_during_the_call_gets_one_ticket_after_its_restart(
    tmp_path: Path, spool: Spool
) -> None:
    backend = RealBackend(tmp_path, KEY)
    client = BackendClient(backend.url, TOKEN)
    turns = [
        {"plays": "greeting", "says": WORDS},
        {"plays": "noted"},
        {"plays": "goodbye"},
    ]

    call_id, outcome = call(turns, client, spool, tmp_path)
    assert spool.counts()["waiting"] > 0
    backend.start()
    waiting = [one.entry for one in spool.waiting() if one.entry]
    client.journal(waiting)
    backend.kill()
    backend.start()
    empty(spool, client)

    kept = backend.get(f"/api/calls/{call_id}")
    tickets = backend.get("/api/tickets")
    backend.kill()
    client.close()
    assert outcome is Outcome.COMPLETED
    assert kept["ticket"]["fields"]["district"] == "莲池区"
    assert len(next(v for v in tickets.values() if isinstance(v, list))) == 1
