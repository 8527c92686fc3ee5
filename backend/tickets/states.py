"""The states of a ticket 工单状态, and the moves between them."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a ticket is in its life."""

    DRAFT = "draft"
    EMERGENCY = "emergency"

    @property
    def chinese(self) -> str:
        """The word agents and citizens use for it."""
        return _CHINESE[self]


_CHINESE = {State.DRAFT: "草稿", State.EMERGENCY: "紧急"}


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
    ATTEMPTED = "attempted"
