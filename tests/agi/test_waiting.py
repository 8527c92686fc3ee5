"""Waiting for an agent: who is rung first, and which keys end it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from agi.hotline import Hotline
from agi.phone import Queued
from agi.state import Call
from agi.transfer import Emergency, Routes
from agi.waiting import wait_for_agent
from ivr_flows.loader import load_book
from ivr_flows.walk import Walk
from tests.fakes import FakeBackend, FakeJournal, FakePhone, FakeRecogniser, Story

BOOK = load_book()
UNCLEAR = {"ended_by": "silence", "text": "", "pending": False}
KEYS = frozenset("129")


@pytest.fixture
def call(tmp_path: Path) -> Call:
    story = Story([], BOOK.prompts)
    recogniser = FakeRecogniser(story)
    phone = FakePhone(story, recogniser, tmp_path)
    with ThreadPoolExecutor(1) as helpers:
        backend, journal = FakeBackend(), FakeJournal()
        hotline = Hotline(BOOK, recogniser, backend, journal, Routes({}), tmp_path, helpers)
        return Call(phone, hotline, Walk(BOOK.flows, "inbound"))


def phone_of(call: Call) -> FakePhone:
    assert isinstance(call.phone, FakePhone)
    return call.phone


def test_who_was_understood_waits_for_whoever_is_free(call: Call) -> None:
    call.note("call.heard", UNCLEAR)

    assert wait_for_agent(call, KEYS) is Queued.TALKED
    assert phone_of(call).queued == [("agents", False)]


@pytest.mark.parametrize(("district", "dialect"), [("莲池区", "baoding"), ("定州市", "dingzhou")])
def test_who_was_not_understood_twice_is_offered_to_agents_of_the_dialect(
    call: Call, district: str, dialect: str
) -> None:
    call.matter.known["district"] = district
    call.note("call.heard", UNCLEAR)
    call.note("call.heard", UNCLEAR | {"text": "嗯", "confidence": 0.2})

    assert wait_for_agent(call, KEYS) is Queued.TALKED
    assert phone_of(call).queued == [(f"agents-{dialect}", False)]


def test_who_was_read_back_something_wrong_twice_is_too(call: Call) -> None:
    call.walk.path.append("draft_corrected")

    wait_for_agent(call, KEYS)

    assert phone_of(call).queued == [("agents-baoding", False)]


def test_the_key_for_the_dialect_asks_those_who_speak_it_then_everybody(call: Call) -> None:
    phone_of(call).agents = "dialect"

    assert wait_for_agent(call, KEYS) is Queued.TALKED
    assert phone_of(call).queued == [("agents", False), ("agents-baoding", True), ("agents", True)]


def test_a_key_that_leads_nowhere_goes_on_waiting_before_others(call: Call) -> None:
    call.emergency = Emergency("119", "key")
    phone = phone_of(call)
    phone.agents = "call_back_once"

    assert wait_for_agent(call, frozenset("9")) is Queued.TALKED
    assert phone.queued == [("agents", True), ("agents", True)]
