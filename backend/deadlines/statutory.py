"""The holidays the law itself fixes (全国年节及纪念日放假办法, as in force from 2025).

They stand before any yearly notice, which only adds bridges and make-up days. They are what can be
said of a year whose notice is not known, and what a complete notice cannot leave out.
"""

from datetime import date, timedelta

FIRST_YEAR_IN_FORCE = 2025

_FIXED = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))

# Spring Festival's first day, Qingming, Dragon Boat, Mid-Autumn (Chinese calendar, GB/T 33661).
_MOVING: dict[int, tuple[str, str, str, str]] = {
    2025: ("01-29", "04-04", "05-31", "10-06"),
    2026: ("02-17", "04-05", "06-19", "09-25"),
    2027: ("02-06", "04-05", "06-09", "09-15"),
    2028: ("01-26", "04-04", "05-28", "10-03"),
    2029: ("02-13", "04-04", "06-16", "09-22"),
    2030: ("02-03", "04-05", "06-05", "09-12"),
    2031: ("01-23", "04-05", "06-24", "10-01"),
    2032: ("02-11", "04-04", "06-12", "09-19"),
    2033: ("01-31", "04-04", "06-01", "09-08"),
    2034: ("02-19", "04-05", "06-20", "09-27"),
    2035: ("02-08", "04-05", "06-10", "09-16"),
}


def statutory_days(year: int) -> frozenset[date]:
    """The days of rest for everybody in a year; after 2035 those with a fixed date only."""
    fixed = {date(year, month, day) for month, day in _FIXED}
    if year not in _MOVING:
        return frozenset(fixed)
    spring, *single = (date.fromisoformat(f"{year}-{day}") for day in _MOVING[year])
    eve_to_third = {spring + timedelta(n) for n in (-1, 0, 1, 2)}
    return frozenset(fixed | eve_to_third | set(single))


def presumed_working(day: date) -> bool:
    """The best guess where no notice is known: Monday to Friday, but for the statutory holidays."""
    return day.weekday() < 5 and day not in statutory_days(day.year)
