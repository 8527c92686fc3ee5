"""Counting days as Civil Code Art. 201 and 203 say.

The day on which a period begins is not counted (201(1)). When the last day is a statutory day of
rest, the period ends on the day after the rest (203(1)). A term in working days counts working days
only, so its last day is one already; a term in calendar days counts all and may have to move on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import count as count_from
from typing import Protocol


class Calendar(Protocol):
    """What counting must know of days."""

    @property
    def version(self) -> str:
        """Names the data the answers come from."""

    def is_working(self, day: date) -> bool:
        """Whether offices work on this day, make-up days (调休上班) among them."""

    def is_settled(self, day: date) -> bool:
        """False where the State Council's notice is not known yet and the answer is presumed."""


class Counting(StrEnum):
    """Which days of a period count."""

    WORKING = "working"
    """工作日: rest days are passed over."""
    CALENDAR = "calendar"
    """日: every day counts, a last rest day moves on."""
    EVERY = "every"
    """7×24 (Art. 19(1)): every day is a day of service, the last one too."""


@dataclass(frozen=True, slots=True)
class Period:
    """How a period was counted: its days, in order.

    `counted` are the days that made the number, `skipped` the rest days passed over, `moved` the
    days added after a last rest day (empty but for calendar days), `presumed` those of all of them
    whose nature is not settled.
    """

    counted: tuple[date, ...]
    skipped: tuple[date, ...] = ()
    moved: tuple[date, ...] = ()
    presumed: tuple[date, ...] = ()

    @property
    def last_day(self) -> date:
        """The day on which the period ends."""
        return (self.counted + self.moved)[-1]


def count_period(begins: date, days: int, counting: Counting, calendar: Calendar) -> Period:
    """Count `days` (>= 1) from the day after `begins`."""
    if days < 1:
        raise ValueError(f"a period has at least one day, not {days}")
    match counting:
        case Counting.WORKING:
            return _working_days(begins, days, calendar)
        case Counting.CALENDAR:
            return _calendar_days(begins, days, calendar)
        case Counting.EVERY:
            return Period(counted=tuple(begins + timedelta(n) for n in range(1, days + 1)))


def _after(day: date) -> Iterator[date]:
    return (day + timedelta(n) for n in count_from(1))


def _working_days(begins: date, days: int, calendar: Calendar) -> Period:
    counted: list[date] = []
    skipped: list[date] = []
    for day in _after(begins):
        (counted if calendar.is_working(day) else skipped).append(day)
        if len(counted) == days:
            break
    walked = sorted([*counted, *skipped])
    return Period(tuple(counted), tuple(skipped), presumed=_presumed(walked, calendar))


def _calendar_days(begins: date, days: int, calendar: Calendar) -> Period:
    counted = tuple(begins + timedelta(n) for n in range(1, days + 1))
    moved: list[date] = []
    if not calendar.is_working(counted[-1]):
        for day in _after(counted[-1]):
            moved.append(day)
            if calendar.is_working(day):
                break
    return Period(counted, moved=tuple(moved), presumed=_presumed([counted[-1], *moved], calendar))


def _presumed(days: list[date], calendar: Calendar) -> tuple[date, ...]:
    return tuple(day for day in days if not calendar.is_settled(day))
