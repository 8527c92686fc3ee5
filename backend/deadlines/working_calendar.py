"""Working days in China: published data, then the operator's overrides, then a flagged guess."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

import chinese_calendar

from backend.deadlines.overrides import NO_OVERRIDES, Overrides
from backend.deadlines.statutory import presumed_working

ALARM_DAYS = 30
_SUNDAY, _MONDAY, _TUESDAY = 6, 0, 1
_LIBRARY_FIRST = min(chinese_calendar.holidays).year
_LIBRARY_LAST = max(chinese_calendar.holidays).year


@cache
def _published_working(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day))


@dataclass(frozen=True)
class WorkingCalendar:
    """Answers for every day; `is_settled` says which answers are only presumed.

    Published data reaches from 2004 to the last year whose State Council notice the installed
    chinesecalendar knows; overrides may correct it and add complete years.
    """

    overrides: Overrides = field(default=NO_OVERRIDES)

    @property
    def version(self) -> str:
        """The data's version, with the overrides' digest when there are any."""
        library = f"chinesecalendar-{chinese_calendar.__version__}"
        return f"{library}+{self.overrides.digest}" if self.overrides.notices else library

    def is_working(self, day: date) -> bool:
        """Whether offices work on this day."""
        said = self.overrides.days.get(day)
        if said is not None:
            return said
        if _LIBRARY_FIRST <= day.year <= _LIBRARY_LAST:
            return _published_working(day)
        if day.year in self.overrides.complete_years:
            return day.weekday() < 5
        return presumed_working(day)

    def is_settled(self, day: date) -> bool:
        """Whether the notice that decides this day is known, or the operator has set the day."""
        if day in self.overrides.days:
            return True
        return self._covers(day.year) and not self._next_notice_may_move(day)

    def coverage_ends(self) -> date:
        """The last day of the last year known without a gap."""
        year = _LIBRARY_LAST
        while self._covers(year + 1):
            year += 1
        return date(year, 12, 31)

    def alarm_on(self, days_before: int = ALARM_DAYS) -> date:
        """The day from which the operator must be told that the next year is missing."""
        return self.coverage_ends() - timedelta(days=days_before)

    def alarm_due(self, today: date, days_before: int = ALARM_DAYS) -> bool:
        """Whether the next year's calendar is missing and its time has come."""
        return today >= self.alarm_on(days_before)

    def _covers(self, year: int) -> bool:
        published = _LIBRARY_FIRST <= year <= _LIBRARY_LAST
        return published or year in self.overrides.complete_years

    def _next_notice_may_move(self, day: date) -> bool:
        """New Year's Day on a Sunday, Monday or Tuesday has reached back as far as 29 December."""
        if (day.month, self._covers(day.year + 1)) != (12, False) or day.day < 29:
            return False
        return date(day.year + 1, 1, 1).weekday() in (_SUNDAY, _MONDAY, _TUESDAY)
