"""What the detector answers."""

from dataclasses import dataclass
from enum import StrEnum


class Decision(StrEnum):
    """How sure the words make us that life, limb or home is in danger now."""

    CERTAIN = "certain"
    DOUBTFUL = "doubtful"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One answer: transfer (certain), ask one short question (doubtful), or go on (none).

    service and also are numbers to dial ("119"), the one that saves life first; both are empty
    when the decision is none. cue is what was heard, listed the entry it matched; both stay
    filled in a "none" that had a cue, so that weakened_by ("past: 上个月") can be read.
    """

    decision: Decision
    service: str | None = None
    also: tuple[str, ...] = ()
    cue: str | None = None
    listed: str | None = None
    weakened_by: str | None = None
    critical: bool = False


NOTHING = Verdict(Decision.NONE)
