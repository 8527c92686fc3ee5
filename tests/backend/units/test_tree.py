import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.units.levels import UNDER, Level
from backend.units.tree import MOST_DEPTH, bounds, contains, ids_in, path_under, placement_fault

STANDS = """
        city county township department utility
city       -      -        -          -       -
county     x      -        -          -       -
township   -      x        -          -       -
department x      x        -          x       -
utility    x      x        -          x       x
"""
ids = st.lists(st.integers(1, 2**31), min_size=1, max_size=MOST_DEPTH)


def path_of(numbers: list[int]) -> str:
    path = None
    for number in numbers:
        path = path_under(path, number)
    assert path is not None
    return path


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("parent", Level)
def test_which_level_stands_under_which(level: Level, parent: Level) -> None:
    heads, *rows = [line.split() for line in STANDS.strip().splitlines()]
    row = next(cells for cells in rows if cells[0] == level)

    fault = placement_fault(level, (parent, "/1/"))

    assert (fault is None) == (row[1 + heads.index(parent)] == "x")


@pytest.mark.parametrize("level", Level)
def test_only_the_city_stands_under_nothing(level: Level) -> None:
    fault = placement_fault(level, None)

    assert (fault is None) == (level is Level.CITY) == (not UNDER[level])
    assert fault is None or all(allowed in fault.remedy for allowed in UNDER[level])


def test_a_unit_does_not_move_under_itself_or_its_own_branch() -> None:
    for parent in ("/1/5/", "/1/5/9/"):
        assert placement_fault(Level.DEPARTMENT, (Level.DEPARTMENT, parent), own_path="/1/5/")

    assert not placement_fault(Level.DEPARTMENT, (Level.DEPARTMENT, "/1/55/"), own_path="/1/5/")


@pytest.mark.parametrize(("height", "fits"), [(1, True), (2, False)])
def test_a_branch_does_not_grow_deeper_than_the_limit(height: int, fits: bool) -> None:
    parent = path_of(list(range(1, MOST_DEPTH)))

    fault = placement_fault(Level.UTILITY, (Level.UTILITY, parent), height=height)

    assert (fault is None) == fits


@given(ids)
def test_a_path_gives_back_its_ids(numbers: list[int]) -> None:
    assert ids_in(path_of(numbers)) == numbers


@given(ids, ids)
def test_the_range_of_a_branch_holds_just_the_paths_that_begin_with_it(
    one: list[int], other: list[int]
) -> None:
    path, candidate = path_of(one), path_of(other)
    low, high = bounds(path)

    assert (low <= candidate < high) == contains(path, candidate) == (other[: len(one)] == one)


@given(ids, ids)
def test_what_stands_below_a_unit_is_in_its_range(one: list[int], more: list[int]) -> None:
    low, high = bounds(path_of(one))

    assert low <= path_of(one + more) < high
