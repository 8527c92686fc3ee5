"""The states of a ticket 工单状态; `moves` beside it says how it gets from one to another."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a ticket is in its life."""

    DRAFT = "draft"
    EMERGENCY = "emergency"
    ANSWERED = "answered"
    """Answered at once, Art. 16(1)."""
    DISPATCHED = "dispatched"
    SIGNED = "signed"
    IN_PROGRESS = "in_progress"
    RETURN_ASKED = "return_asked"
    RETURN_REFUSED = "return_refused"
    """The first unit goes on, Art. 20; it signs (again) and handles."""
    RETURNED = "returned"
    """The return was granted: the hotline sends it on at once, Art. 20."""
    ESCALATED = "escalated"
    LONG_LIST = "long_list"
    REPLIED = "replied"
    AWAITING_CALLBACK = "awaiting_callback"
    CLOSED = "closed"
    REDO = "redo"
    REFUSED = "refused"
    PASSED_ON = "passed_on"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"

    @property
    def chinese(self) -> str:
        """The word agents and citizens use for it."""
        return _CHINESE[self]


_CHINESE = {
    State.DRAFT: "草稿",
    State.EMERGENCY: "紧急",
    State.ANSWERED: "即时答复",
    State.DISPATCHED: "已派发",
    State.SIGNED: "已签收",
    State.IN_PROGRESS: "办理中",
    State.RETURN_ASKED: "申请退单",
    State.RETURN_REFUSED: "不同意退单",
    State.RETURNED: "已退回待转派",
    State.ESCALATED: "报请协调",
    State.LONG_LIST: "挂账",
    State.REPLIED: "已答复",
    State.AWAITING_CALLBACK: "待回访",
    State.CLOSED: "已办结",
    State.REDO: "补充办理",
    State.REFUSED: "不予受理",
    State.PASSED_ON: "已转交",
    State.MERGED: "已并单",
    State.WITHDRAWN: "已撤回",
}


class Author(StrEnum):
    """Who gave a field its value; a machine never overwrites a person."""

    MACHINE = "machine"
    PERSON = "person"


class EventKind(StrEnum):
    """What can happen to a ticket."""

    DRAFTED = "drafted"
    REDRAFTED = "redrafted"
    CORRECTED = "corrected"
    RAISED = "raised"
    """Moved to an emergency."""
    ATTEMPTED = "attempted"
    MOVED = "moved"
    """Any other move; `data.move` says which."""
    MERGED_IN = "merged_in"
    """A duplicate joined this ticket 并单."""
    SPLIT_OFF = "split_off"
    TASK_SET = "task_set"
    """A second emergency service is to be told."""
    TASK_DONE = "task_done"
    EMERGENCY_REVIEWED = "emergency_reviewed"
    DISPUTED = "disputed"
    """It is unclear whose matter it is 疑难事项 (Art. 17)."""
    OPINED = "opined"
    DISPUTE_DROPPED = "dispute_dropped"
    REMINDED = "reminded"
    """Late or nearly so; `data.what` says in what."""
    SUPERVISED = "supervised"
    """Put under supervision 督办 (Art. 24), or raised, answered, released: `data.step`."""
    TOLERATED = "tolerated"
    """Left out of the assessment 容错 (Art. 41), or counted again: `data.in_force`."""
    TOLD = "told"
    """A caller was told 告知, or could not be: `data.result`."""
    SURVEYED = "surveyed"
    """The caller was called back 回访 (Art. 25): `data.result`, `data.channel`."""
