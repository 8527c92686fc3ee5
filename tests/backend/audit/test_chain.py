import pytest

from backend.audit.chain import START, Link, first_fault, hash_of


def chain(*facts: dict) -> list[Link]:
    links, previous = [], START
    for seq, fact in enumerate(facts, 1):
        links.append(Link(seq, fact, previous, hash_of(previous, seq, fact)))
        previous = links[-1].hash
    return links


LINKS = chain({"kind": "drafted"}, {"kind": "corrected"}, {"kind": "redrafted"})
HEAD = LINKS[-1].hash


def test_an_untouched_history_is_whole() -> None:
    assert first_fault(LINKS, 3, HEAD) is None


def test_the_order_of_keys_is_no_matter() -> None:
    assert hash_of(START, 1, {"a": 1, "b": 2}) == hash_of(START, 1, {"b": 2, "a": 1})


@pytest.mark.parametrize(
    ("links", "fault"),
    [
        ([LINKS[0], Link(2, {"kind": "x"}, LINKS[1].previous, LINKS[1].hash), LINKS[2]], "event 2"),
        ([LINKS[0], LINKS[2]], "event 2 is missing"),
        ([LINKS[1], LINKS[0], LINKS[2]], "event 1 is missing"),
        (LINKS[:2], "the end is missing"),
    ],
    ids=["changed", "removed", "reordered", "cut"],
)
def test_a_history_that_was_tampered_with_is_named(links: list[Link], fault: str) -> None:
    assert fault in (first_fault(links, 3, HEAD) or "")
