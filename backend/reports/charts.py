"""Charts as plain SVG: no script, no colour without words, readable on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from backend.statistics.display import percent
from backend.statistics.interval import Interval
from backend.statistics.rates import Rate

WIDTH, LABEL, ROW, TOP = 720, 220, 26, 28
_SPAN = WIDTH - LABEL - 90
INK, BAR, LINE, PALE = "#1a1a1a", "#1f5fa8", "#595959", "#d9d9d9"


@dataclass(frozen=True, slots=True)
class Bar:
    """A rate with its interval, or None where it is not rated; V stands in its label."""

    label: str
    rate: Rate | None


@dataclass(frozen=True, slots=True)
class Point:
    """A month's rate in a trend; None leaves a gap, for nothing was rated."""

    label: str
    rate: Rate | None


def bars(title: str, listed: Sequence[Bar]) -> str:
    """Draw a line for each group: the rate as a bar, its interval as a whisker."""
    height = TOP + ROW * len(listed) + 24
    parts = [_scale(TOP, TOP + ROW * len(listed))]
    for number, bar in enumerate(listed):
        parts.append(_bar(bar, TOP + ROW * number))
    return _picture(title, height, parts)


def trend(title: str, points: Sequence[Point]) -> str:
    """Draw a rate over months, with its interval as a whisker at each."""
    low, high = TOP + 16, 216
    step = (WIDTH - 160) / max(len(points) - 1, 1)
    places = [(90 + step * n, one) for n, one in enumerate(points)]
    parts = [_level(share, low, high) for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    parts += [_joined(low, high, one, two) for one, two in pairwise(places)]
    parts += [_dot(x, low, high, one) for x, one in places]
    return _picture(title, high + 34, parts)


def _picture(title: str, height: float, parts: Sequence[str]) -> str:
    name = escape(title)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{name}"'
        f' viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" font-size="13"'
        f' font-family="sans-serif" fill="{INK}"><title>{name}</title>'
        f'<text x="0" y="16" font-weight="bold">{name}</text>{"".join(parts)}</svg>'
    )


def _scale(top: float, bottom: float) -> str:
    lines = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = LABEL + _SPAN * share
        lines.append(_line(x, top, x, bottom, PALE))
        lines.append(_text(x, bottom + 16, f"{share:.0%}", "middle"))
    return "".join(lines)


def _bar(bar: Bar, y: float) -> str:
    label = _text(LABEL - 8, y + 17, _short(bar.label), "end")
    if bar.rate is None:
        return label + _text(LABEL + 6, y + 17, "不予评价", "start")
    wide = _SPAN * float(bar.rate.value)
    low, high = (LABEL + _SPAN * float(one) for one in _ends(bar.rate.interval))
    middle = y + ROW / 2
    body = (
        f'<rect x="{LABEL}" y="{y + 5:.1f}" width="{wide:.1f}" height="{ROW - 10}" fill="{BAR}"/>'
    )
    whisker = _line(low, middle, high, middle, INK)
    whisker += _line(low, middle - 4, low, middle + 4, INK)
    whisker += _line(high, middle - 4, high, middle + 4, INK)
    return label + body + whisker + _text(WIDTH - 84, y + 17, percent(bar.rate.value), "start")


def _level(share: float, low: float, high: float) -> str:
    y = high - (high - low) * share
    return _line(60, y, WIDTH - 60, y, PALE) + _text(54, y + 4, f"{share:.0%}", "end")


def _dot(x: float, low: float, high: float, point: Point) -> str:
    label = _text(x, high + 20, point.label, "middle")
    if point.rate is None:
        return label
    y = high - (high - low) * float(point.rate.value)
    ends = [high - (high - low) * float(one) for one in _ends(point.rate.interval)]
    value = _text(x, y - 8, percent(point.rate.value, 1), "middle")
    circle = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{BAR}"/>'
    return label + _line(x, ends[0], x, ends[1], LINE) + circle + value


def _joined(low: float, high: float, one: tuple[float, Point], two: tuple[float, Point]) -> str:
    (left, first), (right, second) = one, two
    if first.rate is None or second.rate is None:
        return ""
    ys = [high - (high - low) * float(point.value) for point in (first.rate, second.rate)]
    return _line(left, ys[0], right, ys[1], BAR)


def _ends(interval: Interval) -> tuple[float, float]:
    return float(interval.low), float(interval.high)


def _line(x1: float, y1: float, x2: float, y2: float, colour: str) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"'
        ' stroke-width="1.5"/>'
    )


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _short(label: str) -> str:
    return label if len(label) <= 16 else "…" + label[-15:]
