"""Hidden counts of a list: none can be worked out from the total."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.statistics import TOTAL, hidden_in_list
from tests.backend.statistics.given import MANY


@pytest.mark.parametrize(
    ("counts", "gone"),
    [
        ({"a": 10, "b": 20}, set()),
        ({"a": 0, "b": 20}, set()),
        ({"a": 3, "b": 20, "c": 30}, {"a", "b"}),
        ({"a": 3, "b": 4, "c": 30}, {"a", "b"}),
        ({"a": 1, "b": 2, "c": 30, "d": 9}, {"a", "b", "d"}),
        ({"a": 3}, {"a", TOTAL}),
        ({"a": 1, "b": 2}, {"a", "b", TOTAL}),
        ({"a": 1, "b": 0, "c": 7}, {"a", "c"}),
        ({}, set()),
    ],
)
def test_small_counts_take_others_with_them(counts: dict[str, int], gone: set[str]) -> None:
    assert hidden_in_list(counts, 5) == gone


def test_what_is_known_from_elsewhere_protects_nothing() -> None:
    assert hidden_in_list({"a": 1, "b": 9, "c": 30}, 5, frozenset({"b"})) == {"a", "c"}


@MANY
@given(
    st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 40), max_size=7), st.integers(2, 12)
)
def test_no_small_count_is_shown_and_none_follows_from_the_total(
    counts: dict[str, int], smallest: int
) -> None:
    gone = hidden_in_list(counts, smallest)

    assert all(count == 0 or count >= smallest for key, count in counts.items() if key not in gone)
    if gone and TOTAL not in gone:
        together = sum(counts[key] for key in gone)
        assert len(gone) >= 2
        assert together >= smallest


def test_whoever_reads_the_list_is_left_with_more_than_one_possibility_for_every_count() -> None:
    names = "abc"
    for values in product(range(9), repeat=3):
        counts = dict(zip(names, values, strict=True))
        gone = hidden_in_list(counts, 4)
        unknown = sorted(gone - {TOTAL})
        if not unknown or TOTAL in gone:
            continue
        rest = sum(counts[key] for key in unknown)
        fitting = [
            guess
            for guess in product(range(1, rest + 1), repeat=len(unknown))
            if sum(guess) == rest
        ]
        for at, _ in enumerate(unknown):
            assert len({guess[at] for guess in fitting}) > 1
