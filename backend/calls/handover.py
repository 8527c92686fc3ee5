"""How far a caller in danger was handed on 紧急转接结果 (Art. 16(5)): pure, read from a picture."""

from __future__ import annotations

from enum import StrEnum

from backend.calls.entries import Attempt, Emergency, Outcome
from backend.calls.fold import Picture

ARTICLE = "第十六条第五项"
REACHED = "answered"
"""What a program reports of an attempt at whose far side somebody talked with the caller."""


class Handover(StrEnum):
    """What became of it."""

    NONE = "none"
    """No service was rung: danger was only asked about, or heard too late."""
    UNDER_WAY = "under_way"
    REACHED = "reached"
    WITH_AGENT = "with_agent"
    """No service answered; an agent took the caller."""
    CALLER_LEFT = "caller_left"
    """The caller hung up before a service answered."""
    NOT_REACHED = "not_reached"

    @property
    def chinese(self) -> str:
        """The words people use for it."""
        return _CHINESE[self]


_CHINESE = {
    Handover.NONE: "未转接",
    Handover.UNDER_WAY: "正在转接",
    Handover.REACHED: "已转至紧急热线",
    Handover.WITH_AGENT: "紧急热线未接通，已由话务员接手",
    Handover.CALLER_LEFT: "接通前来电人已挂断",
    Handover.NOT_REACHED: "紧急热线未接通",
}


def reached(one: Emergency) -> bool:
    """Tell whether the service of one emergency has talked with the caller."""
    return one.answered_at is not None or any(try_.result == REACHED for try_ in one.attempts)


def failed_attempts(one: Emergency) -> list[tuple[int, Attempt]]:
    """Return the attempts that are over and reached nobody, each with its number from 1."""
    over = [(at, try_) for at, try_ in enumerate(one.attempts, 1) if try_.result]
    return [(at, try_) for at, try_ in over if try_.result != REACHED]


def handover_of(picture: Picture) -> Handover:
    """Return how far the caller was handed on, as far as it is known now."""
    if not picture.emergencies:
        return Handover.NONE
    if any(reached(one) for one in picture.emergencies):
        return Handover.REACHED
    if any(one.reached for one in picture.called_back):
        return Handover.REACHED
    match picture.outcome:
        case None:
            return Handover.UNDER_WAY
        case Outcome.TRANSFERRED_EMERGENCY:
            return Handover.REACHED
        case Outcome.TRANSFERRED_AGENT:
            return Handover.WITH_AGENT
        case Outcome.HUNG_UP:
            return Handover.CALLER_LEFT
        case _:
            return Handover.NOT_REACHED
