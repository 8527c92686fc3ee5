"""延期 (Art. 19(3)): asked before expiry, with a reason, the caller told, five days at most."""

from dataclasses import dataclass, replace
from datetime import datetime

from backend.deadlines.changes import Change, ChangeKind, recompute
from backend.deadlines.deadline import Deadline, due
from backend.deadlines.errors import ExtensionFault, ExtensionRefused, StaleCalendar
from backend.deadlines.moments import in_shanghai
from backend.deadlines.period import Calendar
from backend.deadlines.remaining import is_overdue


@dataclass(frozen=True, slots=True)
class ExtensionLimits:
    """What the city allows: the article says five working days "as a rule" (一般)."""

    most_working_days: int = 5
    most_times: int = 1


@dataclass(frozen=True, slots=True)
class ExtensionRequest:
    """A unit's application (延期申请).

    `reason` is for the hotline; `progress` is what the caller was told of the work so far and of
    the delay, at `caller_told_at` (None: not told). `legal_basis` names the law or regulation that
    sets another length and so lifts the limit of days, not the other conditions.
    """

    requested_at: datetime
    working_days: int
    reason: str
    progress: str
    caller_told_at: datetime | None
    legal_basis: str | None = None


def extend(
    deadline: Deadline,
    request: ExtensionRequest,
    calendar: Calendar,
    limits: ExtensionLimits = ExtensionLimits(),
) -> Change:
    """The longer deadline, counted from the old one and not from the day of asking.

    Being in time is judged by when it was asked, so a grant may follow the expiry. ExtensionRefused
    says which condition fails; StaleCalendar when a recomputation has to be logged first.
    """
    _check(deadline, request, limits)
    if recompute(deadline, calendar) is not None:
        raise StaleCalendar("the calendar has changed: log recompute() before extending")
    inputs = deadline.inputs
    longer = replace(inputs, extensions=(*inputs.extensions, request.working_days))
    return Change(
        kind=ChangeKind.EXTENDED,
        old=deadline,
        new=due(longer, calendar),
        why=_why(request),
        article="第十九条第三项",
    )


def _why(request: ExtensionRequest) -> str:
    basis = (request.legal_basis or "").strip()
    by_law = f"（依据{basis}）" if basis else ""
    return f"延长{request.working_days}个工作日{by_law}：{request.reason.strip()}"


def _has(text: str | None) -> bool:
    return bool(text and text.strip())


def _check(deadline: Deadline, request: ExtensionRequest, limits: ExtensionLimits) -> None:
    asked = in_shanghai(request.requested_at)
    days, most = request.working_days, limits.most_working_days
    too_long = days > most and not _has(request.legal_basis)
    told = request.caller_told_at
    told_by_then = told is not None and in_shanghai(told) <= asked
    conditions = (
        (asked < deadline.inputs.dispatched_at, ExtensionFault.TOO_EARLY, "工单派发前不能申请延期"),
        (
            is_overdue(deadline.due_at, asked),
            ExtensionFault.TOO_LATE,
            "办理时限已经届满，延期申请应当在届满前提出",
        ),
        (not _has(request.reason), ExtensionFault.NO_REASON, "请说明延期理由"),
        (not _has(request.progress), ExtensionFault.NO_PROGRESS, "请填写阶段性工作进展"),
        (
            not told_by_then,
            ExtensionFault.CALLER_NOT_TOLD,
            "请先将阶段性工作进展和延期情况告知诉求人",
        ),
        (days < 1, ExtensionFault.BAD_LENGTH, "延长期限至少为1个工作日"),
        (too_long, ExtensionFault.TOO_LONG, f"延长期限一般不得超过{most}个工作日"),
        (
            len(deadline.inputs.extensions) >= limits.most_times,
            ExtensionFault.TOO_OFTEN,
            f"本工单最多延期{limits.most_times}次",
        ),
    )
    for failed, code, message in conditions:
        if failed:
            raise ExtensionRefused(code, message)
