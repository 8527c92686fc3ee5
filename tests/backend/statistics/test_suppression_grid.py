"""Hidden counts of a table: none follows from rows, columns and totals, tried by linear algebra."""

import time
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from backend.statistics import TOTAL, hidden_in_grid, hidden_in_list
from backend.statistics.suppression_grid import with_totals
from tests.backend.statistics.algebra import solved
from tests.backend.statistics.given import FEW

Place = tuple[str, str]
tables = st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz")),
    st.integers(0, 25),
    min_size=1,
    max_size=16,
)


@FEW
@given(tables, st.integers(2, 8))
def test_no_hidden_count_follows_from_what_is_shown(table: dict[Place, int], smallest: int) -> None:
    cells = with_totals(table)

    gone = hidden_in_grid(table, smallest)

    assert solved(cells, gone) == set()
    assert all(count == 0 or count >= smallest for p, count in cells.items() if p not in gone)


@FEW
@given(tables, st.integers(2, 8))
def test_a_line_with_its_total_shown_hides_enough_together(
    table: dict[Place, int], smallest: int
) -> None:
    cells = with_totals(table)
    gone = hidden_in_grid(table, smallest)

    for row in {row for row, _ in table}:
        inside = [cells[p] for p in gone if p[0] == row and p[1] != TOTAL]
        assert not inside or (row, TOTAL) in gone or sum(inside) >= smallest


def test_a_ring_of_single_tickets_takes_others_with_it() -> None:
    ring = {(row, column): 1 for row in "ab" for column in "wx"}
    rest = {(row, column): 20 for row, column in ("ay", "by", "cw", "cx", "cy")}

    gone = hidden_in_grid({**ring, **rest}, 5)

    assert set(ring) < gone
    assert all(gone & {(row, "y"), (row, TOTAL)} for row in "ab")


def test_a_month_hidden_in_the_list_is_not_given_away_by_the_year() -> None:
    months = {"10": {"a": 2, "b": 9, "c": 30}, "11": {"a": 11, "b": 12, "c": 13}}
    table = {(unit, month): n for month, units in months.items() for unit, n in units.items()}
    shown_before = frozenset(
        (unit, month)
        for month, units in months.items()
        for unit in {*units, TOTAL} - hidden_in_list(units, 5)
        if unit != TOTAL
    ) | {(TOTAL, "10"), (TOTAL, "11")}

    gone = hidden_in_grid(table, 5, shown_before)

    assert (
        {("a", "10"), ("b", "10")} <= gone <= set(with_totals(table)) - shown_before - {("a", "11")}
    )
    assert ("a", TOTAL) in gone
    assert solved(with_totals(table), gone) == set()


def test_300_units_by_12_months_are_hidden_within_five_seconds_of_work() -> None:
    chance = Random(12345)
    table = {
        (f"{unit:03}", f"{month:02}"): chance.choice([0, 2, 4, 9, 30, 80])
        for unit in range(300)
        for month in range(12)
    }

    begun = time.process_time()
    gone = hidden_in_grid(table, 5)
    spent = time.process_time() - begun

    assert len(gone) < 0.7 * len(table)
    assert spent < 5
