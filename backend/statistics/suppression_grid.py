"""Which counts of a public table of rows and columns are hidden, when both have their totals.

A year beside its twelve months is such a table: what one month hides, the year less the other
months would give away. The table is taken with its totals as a last row and column, so that each
line adds up to nothing: its cells, less its total. Such a system fixes a hidden cell exactly when
the cell is a bridge in the graph whose nodes are the lines and whose edges are the hidden cells.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from backend.statistics.bridges import Place, bridges
from backend.statistics.suppression import TOTAL


def hidden_in_grid(
    table: Mapping[Place, int],
    smallest: int,
    published: frozenset[Place] = frozenset(),
    hidden: frozenset[Place] = frozenset(),
) -> frozenset[Place]:
    """The places to hide, those of totals (TOTAL as row or column) among them.

    `table` holds the inner cells, counts of 0 or more; a missing one is 0. `published` places are
    known to everybody already and protect nothing; `hidden` ones were hidden before, and stay so.
    Afterwards no hidden place follows from what is shown, and what a line hides below a shown total
    adds up to at least `smallest`.
    """
    cells = with_totals(table)
    small = {p for p, count in cells.items() if 0 < count < smallest and p not in published}
    gone = small | hidden
    while exposed := bridges(gone) or _too_little_together(cells, gone, smallest):
        more = _companions(cells, gone, published, sorted(exposed))
        if not more:
            return frozenset(p for p, count in cells.items() if count and p not in published)
        gone |= more
    return frozenset(gone)


def with_totals(table: Mapping[Place, int]) -> dict[Place, int]:
    """The table with a total for every row and column and for everything."""
    cells: dict[Place, int] = defaultdict(int)
    for (row, column), count in sorted(table.items()):
        for place in ((row, column), (row, TOTAL), (TOTAL, column), (TOTAL, TOTAL)):
            cells[place] += count
    return dict(cells)


def _too_little_together(cells: Mapping[Place, int], gone: set[Place], smallest: int) -> set[Place]:
    """Hidden places of lines whose total is shown and whose hidden places are few and small."""
    lines: dict[Place, set[Place]] = defaultdict(set)
    for row, column in gone:
        if column != TOTAL:
            lines[row, TOTAL].add((row, column))
        if row != TOTAL:
            lines[TOTAL, column].add((row, column))
    return {
        place
        for total, places in lines.items()
        if total not in gone and sum(cells[one] for one in places) < smallest
        for place in places
    }


def _companions(
    cells: Mapping[Place, int],
    gone: set[Place],
    published: frozenset[Place],
    exposed: Iterable[Place],
) -> set[Place]:
    """For each exposed place the smallest shown count of its lines, an inner one before a total."""
    free: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for place, count in cells.items():
        if count and place not in gone and place not in published:
            free["row", place[0]].append(place)
            free["column", place[1]].append(place)
    chosen: set[Place] = set()
    for row, column in exposed:
        if any(row == other[0] or column == other[1] for other in chosen):
            continue
        best = min(
            free["row", row] + free["column", column],
            key=lambda other: (other.count(TOTAL), cells[other], other),
            default=None,
        )
        if best is not None:
            chosen.add(best)
    return chosen
