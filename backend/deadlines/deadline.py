"""From a dispatch to the moment by which the unit must have answered (Art. 18, 19)."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time

from backend.deadlines.errors import UnknownRules
from backend.deadlines.moments import end_of, in_shanghai
from backend.deadlines.period import Calendar, Counting, count_period
from backend.deadlines.tiers import RULE_VERSION, TERMS, Days, Hours, Tier


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that a deadline depends on besides the rules and the calendar.

    The clock starts at dispatch (派单), not at signing. `round_the_clock` marks the 7×24 matters of
    Art. 19(1): every day is then a day of work. `closes_at` is the unit's close of business
    (Civil Code Art. 203(2)) where it has one; without it a day ends at 24:00. `extensions` are the
    working days granted so far (Art. 19(3)), each counted from the deadline before it.
    """

    dispatched_at: datetime
    tier: Tier
    round_the_clock: bool = False
    closes_at: time | None = None
    extensions: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "dispatched_at", in_shanghai(self.dispatched_at))
        if self.closes_at is not None and (self.closes_at.tzinfo or self.closes_at.microsecond):
            raise ValueError("closes_at is a plain time of day in the city, in whole seconds")


@dataclass(frozen=True, slots=True)
class Deadline:
    """办理时限: when a ticket is due, and everything needed to show why.

    `due_at` is the last second in time, in Asia/Shanghai: an answer within it is still in time, and
    24:00 of a day is written 23:59:59. `counted` and `skipped` are the days walked over, `presumed`
    those of them whose notice is not known.
    """

    due_at: datetime
    inputs: Inputs
    rule_version: str
    calendar_version: str
    counted: tuple[date, ...]
    skipped: tuple[date, ...]
    presumed: tuple[date, ...]

    @property
    def tier(self) -> Tier:
        """The tier it was computed for."""
        return self.inputs.tier

    @property
    def provisional(self) -> bool:
        """Whether a later notice can still move it."""
        return bool(self.presumed)


def due(inputs: Inputs, calendar: Calendar) -> Deadline:
    """The deadline that follows from the inputs: same inputs, same calendar, same bytes."""
    start = inputs.dispatched_at
    blank = Deadline(start, inputs, RULE_VERSION, calendar.version, (), (), ())
    match TERMS[inputs.tier]:
        case Hours(length):
            deadline = replace(blank, due_at=(start + length).replace(microsecond=0))
        case Days(count):
            deadline = _later_by(blank, count, calendar)
    for working_days in inputs.extensions:
        deadline = _later_by(deadline, working_days, calendar)
    return deadline


def require_known_rules(deadline: Deadline) -> None:
    """UnknownRules unless this package's reading is the one the deadline was computed by."""
    if deadline.rule_version != RULE_VERSION:
        raise UnknownRules(f"computed by {deadline.rule_version}; {RULE_VERSION} is known here")


def _later_by(deadline: Deadline, days: int, calendar: Calendar) -> Deadline:
    inputs = deadline.inputs
    counting = Counting.EVERY if inputs.round_the_clock else Counting.WORKING
    period = count_period(deadline.due_at.date(), days, counting, calendar)
    closes_at = None if inputs.round_the_clock else inputs.closes_at
    return replace(
        deadline,
        due_at=end_of(period.last_day, closes_at),
        counted=deadline.counted + period.counted,
        skipped=deadline.skipped + period.skipped,
        presumed=deadline.presumed + period.presumed,
    )
