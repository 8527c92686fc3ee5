"""Aware times in the city's zone, and the moment at which a last day ends."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from backend.deadlines.errors import NaiveTime

SHANGHAI = ZoneInfo("Asia/Shanghai")
MIDNIGHT_24 = time(23, 59, 59)
"""24:00 of a day, written as its last second so that the time carries the day it belongs to."""


def in_shanghai(moment: datetime) -> datetime:
    """The same moment in Asia/Shanghai; NaiveTime when it has no zone."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise NaiveTime(f"{moment.isoformat()} has no time zone; give an aware time")
    return moment.astimezone(SHANGHAI)


def end_of(day: date, closes_at: time | None) -> datetime:
    """The last second of a last day: 24:00, or the close of business of a unit that has one.

    Civil Code Art. 203(2): 截止时间为二十四时；有业务时间的，停止业务活动的时间为截止时间。
    """
    return datetime.combine(day, closes_at or MIDNIGHT_24, SHANGHAI)
