"""Lays a graph out in layers, so that its arrows point down: pure arithmetic, no drawing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

WIDTH, HEIGHT = 168, 58
GAP, LANE, DROP = 22, 26, 64
SWEEPS = 12
Edge = tuple[str, str]


@dataclass(slots=True)
class Layout:
    """Where everything is: the upper middle of each box, and the bends of each arrow."""

    width: float
    height: float
    boxes: dict[str, tuple[float, float]] = field(default_factory=dict)
    arrows: dict[Edge, list[tuple[float, float]]] = field(default_factory=dict)


def lay_out(nodes: Sequence[str], edges: Iterable[Edge]) -> Layout:
    """Lay out nodes, the first at the top; an arrow that leads back goes up again."""
    wanted = [one for one in dict.fromkeys(edges) if one[0] != one[1]]
    back = _leading_back(nodes, wanted)
    down = [(b, a) if (a, b) in back else (a, b) for a, b in wanted]
    depth = _depths(nodes, down)
    rows: list[list[str]] = [[] for _ in range(max(depth.values(), default=0) + 1)]
    for node in nodes:
        rows[depth[node]].append(node)
    chains = {one: _lanes(one, depth, rows) for one in dict.fromkeys(down)}
    near = _neighbours(chains.values())
    _order(rows, near)
    at = _place(rows, near)
    width = max((x + _wide(n) / 2 for n, x in at.items()), default=0) + GAP
    found = Layout(width, len(rows) * (HEIGHT + DROP) + GAP)
    level = {node: y for y, row in enumerate(rows) for node in row}
    for node in nodes:
        found.boxes[node] = (at[node], GAP + level[node] * (HEIGHT + DROP))
    for edge, turned in zip(wanted, down, strict=True):
        points = [(at[n], 0.0 + GAP + level[n] * (HEIGHT + DROP)) for n in chains[turned]]
        bends = [(points[0][0], points[0][1] + HEIGHT)]
        for x, y in points[1:-1]:
            bends += [(x, y), (x, y + HEIGHT)]
        bends.append(points[-1])
        found.arrows[edge] = bends[::-1] if edge in back else bends
    return found


def _leading_back(nodes: Sequence[str], edges: Sequence[Edge]) -> set[Edge]:
    """Find the edges that close a circle, walking from the first node on."""
    after: dict[str, list[str]] = defaultdict(list)
    for a, b in edges:
        after[a].append(b)
    state: dict[str, int] = {}
    found: set[Edge] = set()

    def walk(node: str) -> None:
        state[node] = 1
        for to in after[node]:
            if state.get(to) == 1:
                found.add((node, to))
            elif to not in state:
                walk(to)
        state[node] = 2

    for node in nodes:
        if node not in state:
            walk(node)
    return found


def _depths(nodes: Sequence[str], down: Sequence[Edge]) -> dict[str, int]:
    """Give each node the length of the longest way to it."""
    before: dict[str, list[str]] = defaultdict(list)
    for a, b in down:
        before[b].append(a)
    depth: dict[str, int] = {}

    def of(node: str) -> int:
        if node not in depth:
            depth[node] = max((of(one) + 1 for one in before[node]), default=0)
        return depth[node]

    return {node: of(node) for node in nodes}


def _lanes(edge: Edge, depth: dict[str, int], rows: list[list[str]]) -> list[str]:
    """Give a long arrow a lane of its own in every row it passes."""
    a, b = edge
    lanes = [f"|{a}|{b}|{row}" for row in range(depth[a] + 1, depth[b])]
    for row, lane in enumerate(lanes, depth[a] + 1):
        rows[row].append(lane)
    return [a, *lanes, b]


def _neighbours(chains: Iterable[list[str]]) -> dict[str, tuple[list[str], list[str]]]:
    near: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for chain in chains:
        for upper, lower in pairwise(chain):
            near[lower][0].append(upper)
            near[upper][1].append(lower)
    return near


def _order(rows: list[list[str]], near: dict[str, tuple[list[str], list[str]]]) -> None:
    """Sort each row by the middle of its neighbours, down and up in turn, so that few cross."""
    for sweep in range(SWEEPS):
        side = sweep % 2
        for row in rows if side == 0 else reversed(rows):
            rank = {n: i / max(len(r) - 1, 1) for r in rows for i, n in enumerate(r)}
            row.sort(key=lambda n: _mean([rank[o] for o in near[n][side]], rank[n]))


def _place(rows: list[list[str]], near: dict[str, tuple[list[str], list[str]]]) -> dict[str, float]:
    """Give each its x: as near to its neighbours as its row has room."""
    at: dict[str, float] = {}
    for row in rows:
        x = 0.0
        for node in row:
            at[node] = x + _wide(node) / 2
            x += _wide(node) + GAP
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            for i, node in enumerate(row):
                above, below = near[node]
                want = _mean([at[one] for one in (*above, *below)], at[node])
                low = at[row[i - 1]] + _apart(row[i - 1], node) if i else float("-inf")
                last = i + 1 == len(row)
                high = float("inf") if last else at[row[i + 1]] - _apart(node, row[i + 1])
                at[node] = min(max(want, low), max(high, low))
    left = min((x - _wide(n) / 2 for n, x in at.items()), default=0) - GAP
    return {node: x - left for node, x in at.items()}


def _wide(node: str) -> int:
    return LANE if node.startswith("|") else WIDTH


def _apart(one: str, other: str) -> float:
    return (_wide(one) + _wide(other)) / 2 + GAP


def _mean(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
