"""Calls told as stories: tests/scenarios/*.yaml."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from agi.backend_client import Callback, Progress
from agi.call import carry
from agi.hotline import Hotline
from agi.transfer import Routes
from ivr_flows.loader import load_book
from tests.fakes import FakeBackend, FakeJournal, FakePhone, FakeRecogniser, Story

BOOK = load_book()
FOLDER = Path(__file__).parent.parent / "scenarios"
SCENARIOS = sorted(FOLDER.glob("*.yaml"))
ROUTES = Routes({"110": ("110",), "119": ("119", "03125119119"), "120": ("120",), "122": ("122",)})


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_call_goes_as_its_story_tells(path: Path, tmp_path: Path) -> None:
    told: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
    story = Story([dict(turn) for turn in told["call"]], BOOK.prompts)
    recogniser = FakeRecogniser(story, away=told.get("recogniser") == "away")
    backend = FakeBackend(away=told.get("backend") == "away", fields=told.get("draft"))
    backend.progress_answers = [
        Progress("status" in one, one.get("status", ""), one.get("locked") == "yes")
        for one in told.get("progress", [])
    ]
    if about := told.get("callback"):
        backend.about = Callback(about["subject"], about.get("confidential") == "yes")
    agents = told.get("agents", "answered")
    phone = FakePhone(story, recogniser, tmp_path, dials=told.get("dials", []), agents=agents)
    phone.party = replace(phone.party, caller=told.get("caller", phone.party.caller))
    journal = FakeJournal()

    with ThreadPoolExecutor(1) as helpers:
        hotline = Hotline(BOOK, recogniser, backend, journal, ROUTES, tmp_path, helpers)
        outcome = carry(phone, hotline, told["flow"])

    assert outcome.value == told["ends"]
    assert story.turns == []
    assert phone.to_dial == []
    assert journal.of("call.closed")[-1]["outcome"] == told["ends"]
    _kept(told, journal)


def _kept(told: dict[str, Any], journal: FakeJournal) -> None:
    heard = journal.of("call.heard")
    if "keeps_words" in told:
        assert [h["text"] for h in heard if h["text"]] == told["keeps_words"]
    if "keeps_answers" in told:
        steps = [one for one in journal.of("call.step") if "answer" in one]
        assert {one["question"]: one["answer"] for one in steps} == told["keeps_answers"]
    if "keeps_sounds" in told:
        assert sum(bool(h["pending"]) for h in heard) == int(told["keeps_sounds"])
    if "keeps_emergency" in told:
        kept, wanted = journal.of("call.emergency")[-1], told["keeps_emergency"]
        assert kept["service"] == wanted["service"]
        assert kept["source"] == wanted["source"]
        assert kept["also"] == wanted.get("also", [])
        assert [one["result"] for one in kept["attempts"]] == wanted["attempts"]


def test_every_step_of_every_flow_is_told_in_some_story() -> None:
    told = {path.stem: path.read_text("utf-8") for path in SCENARIOS}

    said = {
        prompt
        for flow in BOOK.flows.values()
        for step in flow.steps.values()
        for prompt in step.prompts()
        if "{" not in prompt
    }

    assert {prompt for prompt in said if not any(prompt in text for text in told.values())} == set()
