"""A second way to the same due day, written from the texts and sharing no code with the hotline.

It never walks. All working days of 2004-2026 stand in one sorted list; by Civil Code Art. 201 the
first day is not counted, so the due day is the n-th entry after the dispatch day, by bisection.
Years with a list here follow the State Council's yearly notices, typed in as notices name them:
weekdays given free and weekends worked. The other years are read from the published tables.
"""

from bisect import bisect_right
from datetime import date, timedelta

import chinese_calendar

# year: weekdays given free | weekends worked. Days of the December before belong to the notice.
NOTICES = {
    2006: ("1.2-3 1.30-2.3 5.1-5 10.2-6", "-12.31 1.28 2.5 4.29-30 9.30 10.8"),
    2007: ("1.1-3 2.19-23 5.1-4 5.7 10.1-5", "-12.30-31 2.17 2.25 4.28-29 9.29-30"),
    2015: (
        "1.1-2 2.18-20 2.23-24 4.6 5.1 6.22 9.3-4 10.1-2 10.5-7",
        "1.4 2.15 2.28 9.6 10.10",
    ),
    2016: ("1.1 2.8-12 4.4 5.2 6.9-10 9.15-16 10.3-7", "2.6 2.14 6.12 9.18 10.8-9"),
    2017: ("1.2 1.27 1.30-2.2 4.3-4 5.1 5.29-30 10.2-6", "1.22 2.4 4.1 5.27 9.30"),
    2018: (
        "1.1 2.15-16 2.19-21 4.5-6 4.30-5.1 6.18 9.24 10.1-5",
        "2.11 2.24 4.8 4.28 9.29-30",
    ),
    2019: (
        "-12.31 1.1 2.4-8 4.5 5.1-3 6.7 9.13 10.1-4 10.7",
        "-12.29 2.2-3 4.28 5.5 9.29 10.12",
    ),
    2020: (
        "1.1 1.24 1.27-31 4.6 5.1 5.4-5 6.25-26 10.1-2 10.5-8",
        "1.19 4.26 5.9 6.28 9.27 10.10",
    ),
    2021: (
        "1.1 2.11-12 2.15-17 4.5 5.3-5 6.14 9.20-21 10.1 10.4-7",
        "2.7 2.20 4.25 5.8 9.18 9.26 10.9",
    ),
    2022: ("1.3 1.31-2.4 4.4-5 5.2-4 6.3 9.12 10.3-7", "1.29-30 4.2 4.24 5.7 10.8-9"),
    2023: ("1.2 1.23-27 4.5 5.1-3 6.22-23 9.29 10.2-6", "1.28-29 4.23 5.6 6.25 10.7-8"),
    2024: (
        "1.1 2.12-16 4.4-5 5.1-3 6.10 9.16-17 10.1-4 10.7",
        "2.4 2.18 4.7 4.28 5.11 9.14 9.29 10.12",
    ),
    2025: (
        "1.1 1.28-31 2.3-4 4.4 5.1-2 5.5 6.2 10.1-3 10.6-8",
        "1.26 2.8 4.27 9.28 10.11",
    ),
    2026: (
        "1.1-2 2.16-20 2.23 4.6 5.1 5.4-5 6.19 9.25 10.1-2 10.5-7",
        "1.4 2.14 2.28 5.9 9.20 10.10",
    ),
}
# The 2008 notice (rest on 2007-12-31, work on 2007-12-29) reaches into a year listed above.
_REACHING_BACK = {date(2007, 12, 31): False, date(2007, 12, 29): True}

FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)


def _days(year: int, words: str) -> set[date]:
    found: set[date] = set()
    for word in words.split():
        of = year - 1 if word.startswith("-") else year
        first, _, last = word.lstrip("-").partition("-")
        month, day = map(int, first.split("."))
        start = date(of, month, day)
        end = start
        if last:
            other_month, _, last_day = last.rpartition(".")
            end = date(of, int(other_month or month), int(last_day))
        found |= {start + timedelta(n) for n in range((end - start).days + 1)}
    return found


def exceptions() -> dict[date, bool]:
    """Every day the listed notices move away from Monday-to-Friday: day -> worked."""
    moved = dict(_REACHING_BACK)
    for year, (free, worked) in NOTICES.items():
        moved |= dict.fromkeys(_days(year, free), False)
        moved |= dict.fromkeys(_days(year, worked), True)
    return moved


EXCEPTIONS = exceptions()


def worked(day: date) -> bool:
    if day in EXCEPTIONS:
        return EXCEPTIONS[day]
    if day.year in NOTICES:
        return day.isoweekday() <= 5
    return bool(chinese_calendar.is_workday(day))


ALL_DAYS = [date.fromordinal(n) for n in range(FIRST.toordinal(), LAST.toordinal() + 1)]
WORKING_DAYS = [day for day in ALL_DAYS if worked(day)]


def due_day(dispatched_on: date, working_days: int) -> date | None:
    """The last day of the term; None where it lies beyond 2026."""
    place = bisect_right(WORKING_DAYS, dispatched_on) + working_days - 1
    return WORKING_DAYS[place] if place < len(WORKING_DAYS) else None
