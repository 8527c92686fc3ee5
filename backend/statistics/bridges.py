"""Bridges of the graph of hidden cells: those that follow from the cells that are shown."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

Place = tuple[str, str]
"""Row and column of a cell."""

Line = tuple[str, str]
"""A node: ("row", name) or ("column", name)."""


@dataclass(slots=True)
class _Step:
    """A node on the way, the cell by which it was entered, and the cells not yet followed."""

    line: Line
    entered_by: Place | None
    rest: Iterator[tuple[Line, Place]]


def bridges(hidden: set[Place]) -> set[Place]:
    """The hidden cells on no cycle of hidden cells (R. E. Tarjan, 1974); in linear time."""
    neighbours: dict[Line, list[tuple[Line, Place]]] = defaultdict(list)
    for place in sorted(hidden):
        row, column = ("row", place[0]), ("column", place[1])
        neighbours[row].append((column, place))
        neighbours[column].append((row, place))
    order: dict[Line, int] = {}
    lowest: dict[Line, int] = {}
    found: set[Place] = set()
    for start in neighbours:
        if start not in order:
            _search(start, neighbours, order, lowest, found)
    return found


def _search(
    start: Line,
    neighbours: dict[Line, list[tuple[Line, Place]]],
    order: dict[Line, int],
    lowest: dict[Line, int],
    found: set[Place],
) -> None:
    order[start] = lowest[start] = len(order)
    path = [_Step(start, None, iter(neighbours[start]))]
    while path:
        here = path[-1]
        for line, place in here.rest:
            if place == here.entered_by:
                continue
            if line in order:
                lowest[here.line] = min(lowest[here.line], order[line])
                continue
            order[line] = lowest[line] = len(order)
            path.append(_Step(line, place, iter(neighbours[line])))
            break
        else:
            path.pop()
            if here.entered_by is not None:
                parent = path[-1].line
                lowest[parent] = min(lowest[parent], lowest[here.line])
                if lowest[here.line] > order[parent]:
                    found.add(here.entered_by)
