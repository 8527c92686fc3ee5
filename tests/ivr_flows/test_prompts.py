"""The sentences callers hear."""

import re

import pytest

from ivr_flows.loader import load_book
from ivr_flows.prompts import Prompt, load_prompts, spoken_seconds

PROMPTS = load_prompts()
OF_THE_DIALPLAN = [
    "apology",
    "transfer_agent",
    "leave_message",
    "message_thanks",
    "hold",
    "lines_busy",
    "called_back",
    "queue_offer",
    *(name for name in PROMPTS if name.startswith(("place_", "wait_"))),
]
OF_THE_CALL_SCRIPTS = ["one_moment", "please_record", "noted", "read_back_unclear"]


@pytest.mark.parametrize("name", OF_THE_DIALPLAN + OF_THE_CALL_SCRIPTS)
def test_prompts_said_outside_flows_exist_and_need_nothing(name: str) -> None:
    assert not PROMPTS[name].dynamic


def test_the_greeting_asks_at_once_and_takes_at_most_eight_seconds() -> None:
    assert PROMPTS["greeting"].seconds <= 8
    assert all(word in PROMPTS["greeting"].say for word in ["请说", "零", "一", "九"])


@pytest.mark.parametrize("prompt", PROMPTS.values(), ids=lambda p: p.name)
def test_numbers_are_written_as_they_are_said(prompt: Prompt) -> None:
    assert not re.search(r"[0-9A-Za-z]", re.sub(r"\{[a-z_]+\}", "", prompt.say))


def test_every_prompt_is_said_somewhere() -> None:
    book = load_book()
    said = {p for flow in book.flows.values() for s in flow.steps.values() for p in s.prompts()}
    said |= {p.replace("{service}", n) for p in said for n in ["110", "119", "120", "122"]}

    unused = PROMPTS.keys() - said - {*OF_THE_DIALPLAN, *OF_THE_CALL_SCRIPTS}

    assert unused == set()


def test_filling_puts_in_what_is_known_and_no_more() -> None:
    prompt = Prompt("p", "工单号{number}，{other}。")

    assert prompt.fill({"number": "二六"}) == "工单号二六，。"
    assert prompt.placeholders == {"number", "other"}


def test_punctuation_takes_no_time() -> None:
    assert spoken_seconds("，。！") == 0
    assert spoken_seconds("九个汉字说两秒钟吧") == 2
