"""Where replies lead: tables, and what must hold for any sequence of them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr_flows.loader import load_book
from ivr_flows.schema import ENDS, Ask, Do, Listen, Menu, Say, Step, Transfer
from ivr_flows.walk import (
    Danger,
    Done,
    Failed,
    Heard,
    NoInput,
    Pressed,
    Recorded,
    Reply,
    Walk,
    chosen,
)

BOOK = load_book()
FLOWS = BOOK.flows
LONGEST_WAY_WITHOUT_A_QUESTION = 8

words = st.sampled_from(["对", "不对", "是七一路", "没错", "再说一遍", "4711", "火警", "", " "])
replies: st.SearchStrategy[Reply] = st.one_of(
    st.builds(Done, st.sampled_from([None, "place_missing", "not_found", "locked", "no_number"])),
    st.builds(Pressed, st.sampled_from([*"0123456789*", "", "2611230042", "4711"])),
    st.builds(Heard, words),
    st.just(Recorded()),
    st.just(NoInput()),
    st.builds(Danger, st.sampled_from(["110", "119", "120", "122"]), st.booleans(), words),
    st.just(Failed()),
)


def fits(step: Step, reply: Reply) -> Reply:
    """Give a reply that this kind of step can have."""
    match step:
        case Say():
            return Done()
        case Do():
            return reply if isinstance(reply, Done | Failed) else Done()
        case Transfer():
            return Failed() if isinstance(reply, Failed) else Done()
        case Menu() | Ask() | Listen():
            return NoInput() if isinstance(reply, Done | Failed) else reply


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(FLOWS)), st.lists(replies, min_size=1, max_size=60))
def test_any_sequence_of_replies_ends_or_stays_on_the_map(name: str, told: list[Reply]) -> None:
    walk, without_question = Walk(FLOWS, name), 0

    for reply in told:
        if (step := walk.step) is None:
            break
        asks = isinstance(step, Menu | Ask | Listen)
        without_question = 0 if asks else without_question + 1
        walk.take(fits(step, reply))

        assert without_question <= LONGEST_WAY_WITHOUT_A_QUESTION
        assert walk.ending in ENDS or walk.at in walk.flow.steps
        assert walk.tries <= 5


@pytest.mark.parametrize("name", sorted(FLOWS))
def test_a_caller_who_stays_silent_comes_to_an_end(name: str) -> None:
    walk = Walk(FLOWS, name)

    for _ in range(50):
        if walk.step is None:
            break
        walk.take(fits(walk.step, Failed()))

    assert walk.ending in ENDS


@pytest.mark.parametrize(
    ("name", "step"),
    [
        (name, step_name)
        for name, flow in FLOWS.items()
        if name != "emergency"
        for step_name, step in flow.steps.items()
        if isinstance(step, Menu | Ask | Listen)
    ],
)
def test_certain_danger_leads_to_the_call_from_every_question(name: str, step: str) -> None:
    walk = Walk(FLOWS, name)
    walk.at = step

    walk.take(Danger("119", certain=True, text="着火了"))

    assert (walk.flow.flow, walk.at, walk.service) == ("emergency", "decided", "119")


def test_a_second_service_by_key_replaces_the_first() -> None:
    walk = Walk(FLOWS, "emergency")
    walk.take(Danger("119", certain=True))
    walk.take(Failed())
    assert walk.service == "119"

    by_key = Walk(FLOWS, "emergency")
    by_key.take(Pressed("3"))
    by_key.take(Failed())

    assert by_key.service == "120"


@pytest.mark.parametrize(
    ("said", "leads"),
    [
        ("对", "ticket_number"),
        ("没错对的", "ticket_number"),
        ("不对", "correction"),
        ("不是", "correction"),
        ("对不起没听清", "read_back"),
        ("啊", None),
    ],
)
def test_the_longest_word_is_what_the_caller_meant(said: str, leads: str | None) -> None:
    menu = FLOWS["inbound"].steps["read_back"]
    assert isinstance(menu, Menu)

    choice = chosen(menu, Heard(said))

    assert (choice.then if choice else None) == leads


def test_a_walk_that_is_over_takes_no_reply() -> None:
    walk = Walk(FLOWS, "leave_message")
    walk.take(Heard("路灯坏了"))
    walk.take(Done())
    assert walk.ending == "message_left"

    with pytest.raises(ValueError, match="over"):
        walk.take(Done())


def test_the_path_names_the_flow_of_steps_elsewhere() -> None:
    walk = Walk(FLOWS, "inbound")
    walk.take(Pressed("1"))

    assert walk.path == ["greeting", "progress.number"]
