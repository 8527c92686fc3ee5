"""What holds for every call, whatever breaks in it."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from agi.backend_client import Draft
from agi.call import carry
from agi.entries import Entry
from agi.hotline import Hotline, Outcome
from agi.phone import CallerLeft
from agi.transfer import Routes
from ivr_flows.loader import load_book
from tests.fakes import PARTY, FakeBackend, FakeJournal, FakePhone, FakeRecogniser, Story

BOOK = load_book()
ROUTES = Routes({"110": ("110",), "119": ("119",), "120": ("120",), "122": ("122",)})
WORDS = "莲池区裕华路的暖气停了"


@pytest.fixture
def helpers() -> Iterator[Executor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


class Line:
    """One call with its fakes, ready to be carried."""

    def __init__(self, turns: list[dict[str, Any]], media: Path, helpers: Executor) -> None:
        self.story = Story(turns, BOOK.prompts)
        self.recogniser = FakeRecogniser(self.story)
        self.phone = FakePhone(self.story, self.recogniser, media)
        self.backend, self.journal = FakeBackend(), FakeJournal()
        self.media, self.helpers = media, helpers

    def carry(self, entrance: str = "inbound") -> Outcome:
        hotline = Hotline(
            BOOK, self.recogniser, self.backend, self.journal, ROUTES, self.media, self.helpers
        )
        return carry(self.phone, hotline, entrance)

    def kinds(self) -> list[str]:
        return [entry.kind for entry in self.journal.entries]


def test_a_call_is_opened_stepped_heard_and_closed_in_that_order(
    tmp_path: Path, helpers: Executor
) -> None:
    turns = [{"plays": "message", "says": "路灯坏了"}, {"plays": "message_thanks"}]
    line = Line(turns, tmp_path, helpers)

    line.carry("leave_message")

    steps = ["call.opened", "call.heard", "call.step", "call.step", "call.closed"]
    assert line.kinds() == steps
    opened = line.journal.of("call.opened")[0]
    assert (opened["caller"], opened["flow"]) == (PARTY.caller, "leave_message")
    assert line.journal.of("call.closed")[0]["path"] == ["message", "thanks"]
    assert line.phone.done


def test_something_broken_leaves_the_caller_to_the_exchange_and_a_record(
    tmp_path: Path, helpers: Executor
) -> None:
    line = Line([{"plays": "greeting", "says": WORDS}], tmp_path, helpers)

    def broken(call_id: str, entries: Sequence[Entry]) -> Draft:
        raise RuntimeError("boom")

    line.backend.draft = broken  # type: ignore[method-assign]

    outcome = line.carry()

    assert outcome is Outcome.BROKEN
    assert not line.phone.done
    assert line.journal.of("call.closed")[0]["outcome"] == "broken"
    assert line.journal.of("call.heard")[0]["text"] == WORDS


def test_a_caller_who_left_before_the_answer_has_a_record_too(
    tmp_path: Path, helpers: Executor
) -> None:
    line = Line([], tmp_path, helpers)

    def gone() -> None:
        raise CallerLeft("hung up")

    line.phone.answer = gone  # type: ignore[method-assign]

    assert line.carry() is Outcome.HUNG_UP
    assert line.kinds() == ["call.closed"]


def test_a_disk_that_takes_nothing_stops_no_call(tmp_path: Path, helpers: Executor) -> None:
    turns = [{"plays": "message", "says": "路灯坏了"}, {"plays": "message_thanks"}]
    line = Line(turns, tmp_path, helpers)
    line.journal.full = True

    assert line.carry("leave_message") is Outcome.MESSAGE_LEFT
    assert line.phone.done


def test_a_caller_who_waits_for_words_hears_that_they_are_coming(
    tmp_path: Path, helpers: Executor
) -> None:
    turns = [
        {"plays": "message", "says": "路灯坏了"},
        {"plays": "one_moment"},
        {"plays": "one_moment"},
        {"plays": "message_thanks"},
    ]
    line = Line(turns, tmp_path, helpers)
    line.recogniser.slow = 2

    assert line.carry("leave_message") is Outcome.MESSAGE_LEFT
    assert line.story.turns == []


def test_a_caller_who_waits_for_the_draft_hears_that_it_is_coming(
    tmp_path: Path, helpers: Executor
) -> None:
    asked_twice = threading.Event()
    turns: list[dict[str, Any]] = [
        {"plays": "greeting", "says": WORDS},
        {"plays": "one_moment"},
        {"plays": "read_back", "presses": "0"},
        {"plays": "transfer_agent"},
    ]
    line = Line(turns, tmp_path, helpers)
    play = line.phone.play

    def playing(sound: str, stop_keys: str = "") -> str:
        if sound.endswith("one_moment"):
            asked_twice.set()
        return play(sound, stop_keys)

    draft = line.backend.draft

    def slow(call_id: str, entries: Sequence[Entry]) -> Draft:
        assert asked_twice.wait(10)
        return draft(call_id, entries)

    line.phone.play = playing  # type: ignore[method-assign]
    line.backend.draft = slow  # type: ignore[method-assign]

    assert line.carry() is Outcome.TRANSFERRED_AGENT
    assert line.story.turns == []


def test_the_draft_is_given_all_that_was_said_so_far(tmp_path: Path, helpers: Executor) -> None:
    turns = [
        {"plays": "greeting", "says": WORDS},
        {"plays": "read_back", "presses": "0"},
        {"plays": "transfer_agent"},
    ]
    line = Line(turns, tmp_path, helpers)

    line.carry()

    given = [entry.data.get("text") for entry in line.backend.drafts[0]]
    assert WORDS in given


def test_an_emergency_is_written_down_before_the_first_ring(
    tmp_path: Path, helpers: Executor
) -> None:
    line = Line([{"plays": "greeting", "says": "着火了", "certain": "119"}], tmp_path, helpers)
    line.phone.to_dial = [{"number": "119", "result": "answered"}]
    before: list[list[str]] = []
    dial = line.phone.dial

    def dialling(service: str, route: str, second: str | None) -> Any:
        before.append(line.kinds())
        assert (service, route, line.phone.danger) == ("119", "119", "119")
        return dial(service, route, second)

    line.phone.dial = dialling  # type: ignore[method-assign]

    assert line.carry() is Outcome.TRANSFERRED_EMERGENCY
    assert "call.emergency" in before[0]
    decided = {entry["decided_at"] for entry in line.journal.of("call.emergency")}
    assert len(decided) == 1


def test_a_caller_who_hangs_up_while_talking_to_the_service_was_transferred(
    tmp_path: Path, helpers: Executor
) -> None:
    line = Line([{"plays": "greeting", "says": "着火了", "certain": "119"}], tmp_path, helpers)
    line.phone.to_dial = [{"number": "119", "result": "caller_leaves"}]
    (tmp_path / "recordings").mkdir()
    notes = "1700000000.100|119|dialled|119\n1700000002.500|119|connected|119\n"
    (tmp_path / "recordings" / f"{PARTY.call_id}.legs").write_text(notes)

    outcome = line.carry()

    assert outcome is Outcome.TRANSFERRED_EMERGENCY
    kept = line.journal.of("call.emergency")[-1]
    assert kept["attempts"][0]["result"] == "answered"
    assert kept["answered_at"] == "2023-11-14T22:13:22.500000+00:00"


def test_a_caller_who_hangs_up_while_talking_to_an_agent_was_transferred(
    tmp_path: Path, helpers: Executor
) -> None:
    turns = [{"plays": "greeting", "presses": "0"}, {"plays": "transfer_agent"}]
    line = Line(turns, tmp_path, helpers)
    line.phone.agents = "caller_leaves"
    (tmp_path / "recordings").mkdir()
    (tmp_path / "recordings" / f"{PARTY.call_id}.legs").write_text("1.5|agents|answered\n")

    assert line.carry() is Outcome.TRANSFERRED_AGENT


def test_a_call_that_goes_round_in_circles_is_left_to_a_person(
    tmp_path: Path, helpers: Executor
) -> None:
    again = {"plays": "read_back", "says": "再说一遍"}
    turns = [{"plays": "greeting", "says": WORDS}, *(dict(again) for _ in range(100))]
    line = Line(turns, tmp_path, helpers)

    assert line.carry() is Outcome.BROKEN
    assert not line.phone.done


def test_the_ticket_number_is_made_into_sound_while_the_caller_hears_the_read_back(
    tmp_path: Path, helpers: Executor
) -> None:
    turns = [
        {"plays": "greeting", "says": WORDS},
        {"plays": "read_back", "presses": "0"},
        {"plays": "transfer_agent"},
    ]
    line = Line(turns, tmp_path, helpers)
    said: list[str] = []
    made = threading.Event()

    def speech(text: str, within_seconds: float = 1.5) -> str:
        said.append(line.story.name_of(text))
        if len(said) == 2:
            made.set()
        return "speech/x"

    line.recogniser.speech = speech  # type: ignore[method-assign]

    line.carry()

    assert made.wait(10)
    assert sorted(said) == ["ticket_number", "ticket_number_again"]
