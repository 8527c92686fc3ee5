"""A flow as a drawing: boxes in layers, arrows between them, and the calls that went there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from backend.console.administration.layers import HEIGHT, WIDTH, lay_out
from backend.console.administration.traffic import OVER, Stop, Traffic, Way
from ivr_flows.loader import Book
from ivr_flows.schema import ENDS, Flow

LONGEST_LABEL = 12
WIDEST_LINE = 7.0


@dataclass(frozen=True, slots=True)
class Box:
    """A step, a place in another flow, or the end; `kind` is its class in the drawing."""

    x: float
    y: float
    name: str
    title: str
    kind: str
    told: str
    hint: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """A way from one box to another; its label stands where it leaves."""

    path: str
    x: float
    y: float
    label: str
    hint: str
    wide: float
    used: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that the template draws; lengths in pixels."""

    width: float
    height: float
    box_width: int
    box_height: int
    boxes: list[Box]
    arrows: list[Arrow]
    anywhere: list[tuple[str, str, int]]


def draw(book: Book, flow: Flow, stops: list[Stop], traffic: Traffic) -> Drawing:
    """Lay a flow out with its traffic."""
    ways = {stop.name: _grouped(book, flow, stop.ways) for stop in stops}
    ends = list(dict.fromkeys(to for found in ways.values() for to in found if to not in ways))
    first = [flow.start, *(one.name for one in stops if one.name != flow.start)]
    layout = lay_out([*first, *ends], ((one, to) for one, found in ways.items() for to in found))
    boxes = [_box(stop, layout.boxes[stop.name], flow, traffic) for stop in stops]
    boxes += [_end(to, layout.boxes[to]) for to in ends]
    most = max((n for n in traffic.followed.values()), default=1)
    arrows = []
    for one, found in ways.items():
        for to, names in found.items():
            many = traffic.between(f"{flow.flow}.{one}", _whole(flow, to))
            points = layout.arrows.get((one, to)) or _loop(layout.boxes[one])
            arrows.append(_arrow(points, names, many, traffic.calls, most, f"{one} → {to}"))
    declared = {
        (f"{flow.flow}.{one}", _whole(flow, to)) for one, found in ways.items() for to in found
    }
    return Drawing(
        layout.width,
        layout.height,
        WIDTH,
        HEIGHT,
        boxes,
        arrows,
        _anywhere(book, flow, traffic, declared),
    )


def _grouped(book: Book, flow: Flow, ways: Iterable[Way]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for way in ways:
        found.setdefault(_target(book, flow, way.exit), []).append(way.name)
    return found


def _target(book: Book, flow: Flow, to: str) -> str:
    """Name where an exit leads: a step of this flow as it is, of another with its flow."""
    if to in ENDS:
        return OVER
    if not to.startswith("@"):
        return to
    name, _, step = to[1:].partition(".")
    other = book.flows.get(name)
    place = f"{name}.{step or (other.start if other else '')}"
    return place.removeprefix(f"{flow.flow}.")


def _whole(flow: Flow, to: str) -> str:
    return to if to == OVER or "." in to else f"{flow.flow}.{to}"


def _box(stop: Stop, at: tuple[float, float], flow: Flow, traffic: Traffic) -> Box:
    share = f" · {stop.calls / traffic.calls:.0%}" if traffic.calls else ""
    kind = "box start" if stop.name == flow.start else "box"
    if not stop.calls:
        kind += " quiet"
    hint = f"{stop.name}：{stop.said[0]}" if stop.said else stop.name
    return Box(*at, stop.name, stop.verb, kind, f"{stop.calls}次{share}", hint)


def _end(to: str, at: tuple[float, float]) -> Box:
    if to == OVER:
        return Box(*at, "结束", "", "box end", "", "通话结束")
    flow, _, step = to.partition(".")
    return Box(*at, step, f"流程 {flow}", "box other", "", f"转到流程 {flow} 的 {step}")


def _arrow(
    points: list[tuple[float, float]],
    names: list[str],
    many: int,
    calls: int,
    most: int,
    hint: str,
) -> Arrow:
    (x0, y0), *rest = points
    path = f"M{x0:.0f} {y0:.0f}"
    x, y = x0, y0
    for nx, ny in rest:
        middle = (y + ny) / 2
        path += f" C{x:.0f} {middle:.0f} {nx:.0f} {middle:.0f} {nx:.0f} {ny:.0f}"
        x, y = nx, ny
    (x1, y1) = rest[0]
    share = f" {many / calls:.0%}" if calls and many else ""
    said = "、".join(names)
    short = said if len(said) <= LONGEST_LABEL else f"{said[: LONGEST_LABEL - 1]}…"
    label = f"{many}次{share}" if many else short
    wide = 1.2 + (WIDEST_LINE - 1.2) * many / most
    told = f"{hint}（{said}）：{many}次{share}"
    return Arrow(
        path, 0.3 * x0 + 0.7 * x1, 0.35 * y0 + 0.65 * y1, label, told, round(wide, 1), many > 0
    )


def _loop(at: tuple[float, float]) -> list[tuple[float, float]]:
    """Bend out of the right side of a box and back into it."""
    x, y = at
    right = x + WIDTH / 2
    return [(right, y + HEIGHT - 14), (right + 18, y + HEIGHT / 2), (right, y + 14)]


def _anywhere(
    book: Book, flow: Flow, traffic: Traffic, declared: set[tuple[str, str]]
) -> list[tuple[str, str, int]]:
    """Tell the ways open at every step: what leads there, where, and how many went."""
    ways = {f"按{key}": to for key, to in flow.anywhere.press.items()}
    ways |= {"听出危险": flow.anywhere.danger, "疑似危险": flow.anywhere.doubtful}
    told = []
    for name, to in ways.items():
        place = _target(book, flow, to)
        whole = _whole(flow, place)
        many = sum(
            n
            for (one, other), n in traffic.followed.items()
            if other == whole and one.startswith(f"{flow.flow}.") and (one, other) not in declared
        )
        told.append((name, "结束" if place == OVER else place, many))
    return told
