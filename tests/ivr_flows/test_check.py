"""Faults in flow files, each found before any caller does, with its place and remedy."""

from pathlib import Path

import pytest

from ivr_flows.loader import FlowError, load_book

FLOW = """
flow: inbound
start: greeting
anywhere:
  press: {"0": person, "9": person}
  danger: person
  doubtful: person
steps:
  greeting:
    listen: hello
    then: bye
    silent: person
    recorded: bye
  bye: {say: goodbye, then: hang_up}
  person:
    transfer: agents
    say: goodbye
    then: hang_up
    failed: bye
"""
PROMPTS = 'hello: {say: "您好，请讲。"}\ngoodbye: {say: "再见。"}\n'


def faults(tmp_path: Path, flow: str, prompts: str = PROMPTS) -> str:
    (tmp_path / "flows").mkdir()
    (tmp_path / "prompts").mkdir()
    (tmp_path / "flows" / "inbound.yaml").write_text(flow, "utf-8")
    (tmp_path / "prompts" / "all.yaml").write_text(prompts, "utf-8")
    try:
        load_book(tmp_path / "flows", tmp_path / "prompts")
    except FlowError as error:
        return str(error)
    return ""


def test_a_good_flow_has_no_faults(tmp_path: Path) -> None:
    assert faults(tmp_path, FLOW) == ""


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("then: bye\n    silent", "then: by\n    silent", "greeting > then: leads to by"),
        ("start: greeting", "start: hello", "start: no step hello"),
        ("danger: person", "danger: nobody", "anywhere > danger: leads to nobody"),
        ('"0": person', '"0": "@other"', "anywhere > press > 0"),
        ('"0": person, ', "", "greeting: key 0 (a person) does nothing here"),
        (', "9": person', "", "greeting: key 9 (an emergency) does nothing here"),
        ("then: hang_up}", "then: hang_up}\n  lost: {say: goodbye, then: bye}", "lost: no step"),
        ("then: hang_up}", "then: bye}", "bye: comes back to itself without ever asking"),
        ("listen: hello", "listen: hallo", "greeting: there is no prompt hallo"),
        ("say: goodbye, then", "do: make_tea, failed: person, then", "there is no action make_tea"),
        ("say: goodbye, then", 'say: "dial_{service}", then', "names {service} where none"),
        ("say: goodbye, then", "say: goodbye, do: draft, then", "write exactly one of"),
        ("say: goodbye, then", "sya: goodbye, then", "write exactly one of"),
        ("    silent: person\n", "", "greeting > listen > silent: field required; add it"),
        ("    silent: person\n", "    silent: person\n    loud: bye\n", "loud: extra inputs"),
        ("flow: inbound", "flow: outbound", "calls itself outbound; write flow: inbound"),
        ("  bye: {say", "  bye: {say: goodbye, then: bye}\n  bye: {say", "bye is written twice"),
        ("transfer: agents", "transfer: agents\n    service: '110'", "only it takes one"),
        ("transfer: agents", "transfer: emergency", "needs a service"),
        ("steps:", "steps: [", "line"),
        ("listen: hello", "listen: hello\n    tries: 99", "tries"),
    ],
)
def test_a_fault_is_named_with_its_place(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    assert before in FLOW

    found = faults(tmp_path, FLOW.replace(before, after, 1))

    assert said in found
    assert "inbound.yaml" in found
    assert ";" in found


@pytest.mark.parametrize(
    ("prompts", "said"),
    [
        (PROMPTS.replace("您好", "好" * 40), "prompt hello takes 9.3 s"),
        (PROMPTS.replace("您好", "{weather}"), "prompt hello needs weather, which nothing gives"),
        (PROMPTS + 'hello: {say: "二"}\n', "hello is written twice"),
        (PROMPTS.replace("say", "sya", 1), 'write hello: {say: "…"}'),
        ("- a list\n", "holds no names and values"),
        ('Hello: {say: "您好"}\n', "is not a name"),
    ],
)
def test_a_fault_in_a_prompt_is_named(tmp_path: Path, prompts: str, said: str) -> None:
    assert said in faults(tmp_path, FLOW, prompts)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    flow = FLOW.replace("silent: person", "silent: nobody").replace("hello", "hallo")

    found = faults(tmp_path, flow).splitlines()

    assert len(found) == 2


def test_a_file_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_bytes(b"flow: \xff\xfe")

    with pytest.raises(FlowError, match="save it as UTF-8"):
        load_book(tmp_path)


def test_a_folder_without_flows_is_told(tmp_path: Path) -> None:
    with pytest.raises(FlowError, match="holds no flow"):
        load_book(tmp_path)
