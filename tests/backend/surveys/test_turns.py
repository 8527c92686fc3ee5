"""Whose turn it is: oldest first within a unit, units in turn, and nobody starves."""

from datetime import UTC, datetime, timedelta
from itertools import count, groupby
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.deadlines import NaiveTime
from backend.surveys.turns import Waiting, in_turn

MANY = settings(max_examples=200, derandomize=True, database=None, deadline=None)
START = datetime(2026, 11, 23, tzinfo=UTC)


def one(name: str, unit: str, hours: int) -> Waiting:
    return Waiting(name, unit, START + timedelta(hours=hours))


def test_units_take_turns_and_each_begins_with_its_oldest() -> None:
    waiting = [one("a2", "A", 2), one("a1", "A", 1), one("b9", "B", 9), one("a3", "A", 3)]

    assert [w.id for w in in_turn(waiting, {})] == ["a1", "b9", "a2", "a3"]


def test_the_unit_longest_not_served_begins() -> None:
    waiting = [one("a1", "A", 1), one("b9", "B", 9), one("c5", "C", 5)]
    served = {"A": START, "B": START - timedelta(hours=1)}

    assert [w.id for w in in_turn(waiting, served)] == ["c5", "b9", "a1"]


def test_equal_ages_are_ordered_by_id_so_that_the_order_is_always_the_same() -> None:
    waiting = [one(name, unit, 1) for unit in "BA" for name in (f"{unit}2", f"{unit}1")]

    assert [w.id for w in in_turn(waiting, {})] == ["A1", "B1", "A2", "B2"]


def test_nothing_waiting_is_no_turn_and_a_naive_time_is_refused() -> None:
    assert in_turn([], {}) == []
    with pytest.raises(NaiveTime):
        in_turn([Waiting("a", "A", datetime(2026, 11, 23))], {})  # noqa: DTZ001


@MANY
@given(st.lists(st.tuples(st.sampled_from("ABCD"), st.integers(0, 99)), max_size=60), st.randoms())
def test_every_survey_has_one_turn_and_units_advance_together(
    drawn: list[tuple[str, int]], chance: Random
) -> None:
    waiting = [one(f"{n:03}", unit, hours) for n, (unit, hours) in enumerate(drawn)]
    shuffled = chance.sample(waiting, len(waiting))

    order = in_turn(shuffled, {})

    assert order == in_turn(waiting, {})
    assert sorted(w.id for w in order) == sorted(w.id for w in waiting)
    for unit, mine in groupby(sorted(order, key=lambda w: w.unit), key=lambda w: w.unit):
        ages = [(w.closed_at, w.id) for w in mine]
        assert ages == sorted(ages), unit
    for length in range(len(order)):
        taken = {u: sum(w.unit == u for w in order[:length]) for u in "ABCD"}
        left = {u for u in "ABCD" if any(w.unit == u for w in order[length:])}
        assert all(max(taken.values()) - taken[u] <= 1 for u in left)


@MANY
@given(
    st.dictionaries(st.sampled_from("ABCDE"), st.integers(1, 12), min_size=1),
    st.integers(1, 4),
    st.integers(0, 6),
)
def test_under_a_flood_of_newer_tickets_every_older_one_is_still_dialled(
    backlog: dict[str, int], slots: int, flood: int
) -> None:
    names = count()
    waiting = [
        one(f"{next(names):06}", unit, -n) for unit, many in backlog.items() for n in range(many)
    ]
    old, served = {w.id for w in waiting}, dict[str, datetime]()
    enough = max(backlog.values()) * (len(backlog) + 1)

    for turn in range(enough):
        now = START + timedelta(minutes=turn)
        waiting += [Waiting(f"{next(names):06}", "F", now) for _ in range(flood)]
        for dialled in in_turn(waiting, served)[:slots]:
            waiting.remove(dialled)
            served[dialled.unit] = now
            old.discard(dialled.id)

    assert old == set()
