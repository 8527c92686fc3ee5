"""How a ticket stands against its deadline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from backend.deadlines.moments import in_shanghai
from backend.deadlines.tiers import Tier


class Standing(StrEnum):
    """In time, nearly due or overdue (逾期)."""

    IN_TIME = "in_time"
    NEARLY = "nearly"
    OVERDUE = "overdue"


NEARLY: Mapping[Tier, timedelta] = {
    Tier.TWO_HOURS: timedelta(minutes=30),
    Tier.ONE_DAY: timedelta(hours=4),
    Tier.THREE_DAYS: timedelta(hours=24),
    Tier.FIVE_DAYS: timedelta(hours=24),
}
"""Time left from which a ticket is nearly due; for day tiers the whole of the last day."""


@dataclass(frozen=True, slots=True)
class Remaining:
    """Whole seconds left by the wall clock (negative when overdue) and what they mean."""

    seconds: int
    standing: Standing


def is_overdue(due_at: datetime, now: datetime) -> bool:
    """Whether the last second in time has passed."""
    return _seconds(due_at, now) < 0


def remaining(
    due_at: datetime,
    now: datetime,
    tier: Tier,
    nearly: Mapping[Tier, timedelta] = NEARLY,
) -> Remaining:
    """The time left at `now`; NaiveTime when either time has no zone."""
    seconds = _seconds(due_at, now)
    if seconds < 0:
        return Remaining(seconds, Standing.OVERDUE)
    near = seconds <= nearly[tier].total_seconds()
    return Remaining(seconds, Standing.NEARLY if near else Standing.IN_TIME)


def _seconds(due_at: datetime, now: datetime) -> int:
    left = in_shanghai(due_at) - in_shanghai(now).replace(microsecond=0)
    return round(left.total_seconds())
