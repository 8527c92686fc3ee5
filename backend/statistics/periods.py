"""When months and years begin and end: half-open, in the city's time, every instant in just one.

A month runs from its own begin until the begin of the next. Edges are therefore never written
twice, and stay whole when a new version of the settings moves the day on which months begin: the
month before the change is longer or shorter by as much.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from backend.deadlines.moments import SHANGHAI, in_shanghai
from backend.statistics.months import Month, Year
from backend.statistics.settings import History


@dataclass(frozen=True, slots=True)
class Period:
    """From `begins` until before `ends`, both aware."""

    span: Month | Year
    begins: datetime
    ends: datetime

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies in it; NaiveTime when the moment has no zone."""
        at = in_shanghai(moment).astimezone(UTC)
        return self.begins.astimezone(UTC) <= at < self.ends.astimezone(UTC)


def period(span: Month | Year, history: History) -> Period:
    """The edges of a month, or of a year: from the begin of its first to the end of its last."""
    first, last = (span.months[0], span.months[-1]) if isinstance(span, Year) else (span, span)
    return Period(span, _begin(first, history), _begin(last.plus(1), history))


def month_of(moment: datetime, history: History) -> Month:
    """The month to which a ticket closed at this moment belongs; NaiveTime without a zone."""
    local = in_shanghai(moment)
    calendar_month = Month(local.year, local.month)
    candidates = (calendar_month, calendar_month.plus(1))
    return next(month for month in candidates if period(month, history).holds(moment))


def _begin(month: Month, history: History) -> datetime:
    """Between the 2nd of the calendar month before and the 1st of its own, so always in order."""
    day = history.in_force(month).month_begins_on
    calendar = month if day == 1 else month.plus(-1)
    return datetime(calendar.year, calendar.month, day, tzinfo=SHANGHAI)
