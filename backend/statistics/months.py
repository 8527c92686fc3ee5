"""Names of months and years of assessment, without their edges in time."""

import re
from dataclasses import dataclass

from backend.statistics.errors import StatisticsError

_NAME = re.compile(r"([12]\d{3})(?:-(0[1-9]|1[0-2]))?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of assessment (考核月), named after the calendar month in which it ends."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @classmethod
    def parse(cls, text: str) -> "Month":
        """A month from YYYY-MM; StatisticsError when it is none."""
        found = _NAME.fullmatch(text)
        if found is None or found[2] is None:
            raise StatisticsError(f"{text!r} is no month; write it as 2026-11")
        return cls(int(found[1]), int(found[2]))

    def plus(self, months: int) -> "Month":
        """The month so many months later, or earlier when negative."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(year, month + 1)

    def covers(self, month: "Month") -> bool:
        """Whether a month's tickets belong to it."""
        return month == self


@dataclass(frozen=True, slots=True, order=True)
class Year:
    """A year of assessment (考核年): its twelve months and nothing else."""

    year: int

    def __str__(self) -> str:
        return f"{self.year:04}"

    @property
    def months(self) -> tuple[Month, ...]:
        """Its twelve months in order."""
        return tuple(Month(self.year, month) for month in range(1, 13))

    def covers(self, month: Month) -> bool:
        """Whether a month's tickets belong to it."""
        return month.year == self.year


def parse_span(text: str) -> Month | Year:
    """A month (2026-11) or a year (2026); StatisticsError when it is neither."""
    found = _NAME.fullmatch(text)
    if found is None:
        raise StatisticsError(f"{text!r} is no month or year; write 2026-11 or 2026")
    return Month.parse(text) if found[2] else Year(int(found[1]))
