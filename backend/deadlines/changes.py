"""The only ways a frozen deadline changes or is confirmed, each as a record for the history."""

from dataclasses import dataclass
from enum import StrEnum

from backend.deadlines.deadline import Deadline, due, require_known_rules
from backend.deadlines.period import Calendar


class ChangeKind(StrEnum):
    """What happened to a deadline, as stored in the ticket's history."""

    EXTENDED = "extended"
    """延期, Art. 19(3)."""
    RECOMPUTED = "recomputed"
    """The calendar reads the days differently: the due time moved."""
    CONFIRMED = "confirmed"
    """The calendar settled what was presumed: the due time stays."""
    RETURN_REFUSED = "return_refused"
    """不同意退回, Art. 20: the deadline stays."""


@dataclass(frozen=True, slots=True)
class Change:
    """An event to append: the deadline before and after, and why (Chinese, for the ticket)."""

    kind: ChangeKind
    old: Deadline
    new: Deadline
    why: str
    article: str

    @property
    def moved(self) -> bool:
        """Whether the due time is another one."""
        return self.old.due_at != self.new.due_at

    @property
    def earlier(self) -> bool:
        """Whether the unit now has less time than it was told."""
        return self.new.due_at < self.old.due_at


def recompute(deadline: Deadline, calendar: Calendar) -> Change | None:
    """The change a newer calendar makes, or None when the ticket needs no event.

    To be asked of every open ticket whenever the calendar's version changes, not of the provisional
    ones only: a notice can correct days that were thought settled. UnknownRules for a deadline of
    another reading: it stays as it was frozen.
    """
    require_known_rules(deadline)
    new = due(deadline.inputs, calendar)
    if (new.due_at, new.presumed) == (deadline.due_at, deadline.presumed):
        return None
    moved = new.due_at != deadline.due_at
    why = f"工作日历由{deadline.calendar_version}更新为{calendar.version}"
    if settled := [day for day in deadline.presumed if day not in new.presumed]:
        why += f"，{settled[0]}至{settled[-1]}的放假安排已经确定"
    return Change(
        kind=ChangeKind.RECOMPUTED if moved else ChangeKind.CONFIRMED,
        old=deadline,
        new=new,
        why=f"{why}，办理时限{'重新计算' if moved else '不变'}",
        article="第十九条第二项",
    )


def keep_after_refused_return(deadline: Deadline, reason: str) -> Change:
    """A refused return (退单) leaves the deadline as it was: the first unit goes on (Art. 20).

    The clock has run on while the return was asked and decided. The refusal must give its reason:
    ValueError without one. An accepted return is dispatched anew and gets a deadline of its own.
    """
    if not reason.strip():
        raise ValueError("不同意退回的，应当说明理由")
    return Change(
        kind=ChangeKind.RETURN_REFUSED,
        old=deadline,
        new=deadline,
        why=f"不同意退回：{reason.strip()}；由原承办单位继续办理，办理时限不变",
        article="第二十条第二款",
    )
