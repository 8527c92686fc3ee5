"""What can be wrong with a deadline's question.

DeadlineError (ValueError)
├── NaiveTime           a time without its zone
├── OverrideFault       the operator's calendar file cannot be used (English, with the remedy)
├── StaleCalendar       the days have changed since the deadline was computed: recompute it first
├── UnknownRules        a deadline frozen under a reading of the law that is not this one
├── BrokenRecord        a frozen deadline cannot be read, or does not follow from its own inputs
└── ExtensionRefused    延期不予受理, with a code and a sentence for the handling unit (Chinese)
"""

from enum import StrEnum


class DeadlineError(ValueError):
    """Everything this package refuses."""


class NaiveTime(DeadlineError):
    """A time without its zone was given; deadlines are only counted from aware times."""


class OverrideFault(DeadlineError):
    """The operator's calendar file is malformed or contradicts itself; the text names the place."""


class StaleCalendar(DeadlineError):
    """The calendar now reads the days differently: log a recomputation before anything else."""


class UnknownRules(DeadlineError):
    """The deadline was computed by rules of another version; it is neither proved nor changed."""


class BrokenRecord(DeadlineError):
    """A frozen deadline is not what this package wrote."""


class ExtensionFault(StrEnum):
    """Why an extension (延期) is refused, Art. 19(3)."""

    NO_REASON = "no_reason"
    NO_PROGRESS = "no_progress"
    CALLER_NOT_TOLD = "caller_not_told"
    BAD_LENGTH = "bad_length"
    TOO_LONG = "too_long"
    TOO_LATE = "too_late"
    TOO_EARLY = "too_early"
    TOO_OFTEN = "too_often"


class ExtensionRefused(DeadlineError):
    """An extension may not be given; `code` for programs, the text for the handling unit."""

    def __init__(self, code: ExtensionFault, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
