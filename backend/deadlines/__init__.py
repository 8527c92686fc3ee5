"""Deadlines of tickets by Art. 18-20 and the Civil Code: pure, no clock, no database.

deadline = due(Inputs(dispatched_at, Tier.FIVE_DAYS), WorkingCalendar())
ticket.deadline = freeze(deadline)
"""

from backend.deadlines.changes import Change, ChangeKind, keep_after_refused_return, recompute
from backend.deadlines.deadline import Deadline, Inputs, due
from backend.deadlines.errors import (
    BrokenRecord,
    DeadlineError,
    ExtensionFault,
    ExtensionRefused,
    NaiveTime,
    OverrideFault,
    StaleCalendar,
    UnknownRules,
)
from backend.deadlines.extension import ExtensionLimits, ExtensionRequest, extend
from backend.deadlines.frozen import freeze, prove, thaw
from backend.deadlines.moments import SHANGHAI, in_shanghai
from backend.deadlines.overrides import NO_OVERRIDES, Notice, Overrides, read_overrides
from backend.deadlines.period import Calendar, Counting, Period, count_period
from backend.deadlines.remaining import NEARLY, Remaining, Standing, is_overdue, remaining
from backend.deadlines.tiers import RULE_VERSION, Tier
from backend.deadlines.working_calendar import ALARM_DAYS, WorkingCalendar

__all__ = [
    "ALARM_DAYS",
    "NEARLY",
    "NO_OVERRIDES",
    "RULE_VERSION",
    "SHANGHAI",
    "BrokenRecord",
    "Calendar",
    "Change",
    "ChangeKind",
    "Counting",
    "Deadline",
    "DeadlineError",
    "ExtensionFault",
    "ExtensionLimits",
    "ExtensionRefused",
    "ExtensionRequest",
    "Inputs",
    "NaiveTime",
    "Notice",
    "OverrideFault",
    "Overrides",
    "Period",
    "Remaining",
    "StaleCalendar",
    "Standing",
    "Tier",
    "UnknownRules",
    "WorkingCalendar",
    "count_period",
    "due",
    "extend",
    "freeze",
    "in_shanghai",
    "is_overdue",
    "keep_after_refused_return",
    "prove",
    "read_overrides",
    "recompute",
    "remaining",
    "thaw",
]
