"""The operator's calendar file: days the State Council or the city has set, each with its source.

notices:
  - source: 国务院办公厅关于…年部分节假日安排的通知
    complete_year: 2027          # optional: with this notice the year is known in full
    rest: [2027-01-01..2027-01-03, 2027-02-05]
    work: [2027-02-20]
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from backend.deadlines.errors import OverrideFault
from backend.deadlines.statutory import FIRST_YEAR_IN_FORCE, statutory_days

LONGEST_RANGE_DAYS = 31


@dataclass(frozen=True, slots=True)
class Notice:
    """One source and the days it sets."""

    source: str
    complete_year: int | None
    rest: frozenset[date]
    work: frozenset[date]


@dataclass(frozen=True)
class Overrides:
    """What the operator's notices say together: day -> works or not."""

    notices: tuple[Notice, ...]
    days: dict[date, bool]
    complete_years: frozenset[int]

    @property
    def digest(self) -> str:
        """Twelve hex digits naming these days and years, whatever the file's layout."""
        days = [f"{day}{'+' if works else '-'}" for day, works in sorted(self.days.items())]
        years = [str(year) for year in sorted(self.complete_years)]
        return "overrides-" + sha256(" ".join(days + years).encode()).hexdigest()[:12]


NO_OVERRIDES = Overrides((), {}, frozenset())


class _Notice(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    source: str = Field(min_length=2)
    complete_year: int | None = Field(default=None, ge=2004, le=2100)
    rest: list[str] = []
    work: list[str] = []


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    notices: list[_Notice]


class _PlainLoader(yaml.BaseLoader):
    """Every scalar stays text, and a key written twice is a fault."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        if twice := {str(key) for key in keys if keys.count(key) > 1}:
            line = node.start_mark.line + 1
            raise OverrideFault(f"line {line}: {', '.join(sorted(twice))} is written twice")
        return super().construct_mapping(node, deep=deep)


def read_overrides(text: str) -> Overrides:
    """The overrides a file's text holds; OverrideFault names what is wrong and where."""
    try:
        content = yaml.load(text, Loader=_PlainLoader)  # a BaseLoader: text only, no objects
    except yaml.YAMLError as error:
        raise OverrideFault(f"not YAML: {error}") from error
    try:
        parsed = _File.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        raise OverrideFault(f"{_place(first['loc'])}: {first['msg']}") from error
    notices = tuple(_notice(item, f"notices[{n}]") for n, item in enumerate(parsed.notices))
    return _together(notices)


def _place(path: tuple[int | str, ...]) -> str:
    words = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in path]
    return "".join(words).lstrip(".") or "file"


def _notice(item: _Notice, place: str) -> Notice:
    rest = frozenset(_days(item.rest, f"{place}.rest"))
    work = frozenset(_days(item.work, f"{place}.work"))
    if both := rest & work:
        raise OverrideFault(f"{place}: {min(both)} stands under rest and under work; keep one")
    if not rest and not work and item.complete_year is None:
        raise OverrideFault(f"{place}: sets no day; list some under rest or work")
    if item.complete_year is not None:
        _check_complete(item.complete_year, rest, work, place)
    return Notice(item.source, item.complete_year, rest, work)


def _days(entries: list[str], place: str) -> Iterator[date]:
    for number, entry in enumerate(entries):
        first, _, last = entry.partition("..")
        try:
            start = date.fromisoformat(first.strip())
            end = date.fromisoformat(last.strip()) if last else start
        except ValueError as error:
            raise OverrideFault(
                f"{place}[{number}]: {entry!r} is no day; write 2027-02-05 or "
                "2027-02-05..2027-02-11"
            ) from error
        if not 0 <= (end - start).days < LONGEST_RANGE_DAYS:
            raise OverrideFault(f"{place}[{number}]: {entry!r} runs backwards or over a month")
        yield from (start + timedelta(n) for n in range((end - start).days + 1))


def _check_complete(year: int, rest: frozenset[date], work: frozenset[date], place: str) -> None:
    """A notice that completes a year holds that year's holidays and makes only weekends work."""
    for day in sorted(rest | work):
        if day.year != year and (day.year, day.month) != (year - 1, 12):
            raise OverrideFault(f"{place}: {day} is outside complete_year {year}")
    if weekdays := [day for day in work if day.weekday() < 5]:
        raise OverrideFault(f"{place}: {min(weekdays)} under work is not a Saturday or Sunday")
    if year < FIRST_YEAR_IN_FORCE:
        return
    missing = [d for d in statutory_days(year) if d in work or (d.weekday() < 5 and d not in rest)]
    if missing:
        raise OverrideFault(
            f"{place}: {min(missing)} is a statutory holiday but not a day of rest here; "
            f"complete the list or remove complete_year"
        )


def _together(notices: tuple[Notice, ...]) -> Overrides:
    days: dict[date, bool] = {}
    sources: dict[date, str] = {}
    for notice in notices:
        for day in sorted(notice.rest | notice.work):
            works = day in notice.work
            if days.setdefault(day, works) != works:
                raise OverrideFault(f"{day}: {sources[day]!r} and {notice.source!r} disagree")
            sources.setdefault(day, notice.source)
    years = [notice.complete_year for notice in notices if notice.complete_year is not None]
    if twice := {year for year in years if years.count(year) > 1}:
        raise OverrideFault(f"{min(twice)} is completed by two notices; keep one")
    return Overrides(notices, days, frozenset(years))
