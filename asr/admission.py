"""Decides how many callers are heard at once: late words are worse than a recorded step."""

from collections import Counter
from dataclasses import dataclass
from typing import Literal

Kind = Literal["open", "closed"]

_OPEN_PER_CORE = {"vosk": 1.0, "whisper": 1.5}
_CLOSED_PER_CORE = {"vosk": 10.0, "whisper": 1.5}


SURVEYS_SHARE = 0.5
"""Calls that the hotline places itself are heard while no more than this is taken."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Open dictations and closed questions at once; some more for emergencies only."""

    open: int
    closed: int
    emergency: int

    @classmethod
    def measured(cls, engine: str, cores: int, emergency: int) -> "Limits":
        """Give what was measured to stay in time on so many cores."""
        kind = engine.partition(":")[0]
        wide = max(1, int(cores * _OPEN_PER_CORE.get(kind, 1.0)))
        closed = max(1, int(cores * _CLOSED_PER_CORE.get(kind, 1.0)))
        return cls(wide, closed, emergency)

    @property
    def most(self) -> int:
        """Count the utterances that may be heard at once at the very most."""
        return max(self.open, self.closed) + self.emergency


class Admission:
    """Counts who is heard. A closed question costs its share of an open dictation."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._heard: Counter[Kind] = Counter()

    def admit(self, kind: Kind, *, emergency: bool = False, survey: bool = False) -> bool:
        """Take a slot if there is one left for this kind; surveys leave half to whoever calls."""
        if survey and self._load(kind) > SURVEYS_SHARE:
            return False
        if self._load(kind) > 1 + 1e-9:
            total = sum(self._heard.values())
            room = self._load_now() < 1 + self.limits.emergency / self.limits.open
            if not (emergency and room and total < self.limits.most):
                return False
        self._heard[kind] += 1
        return True

    def release(self, kind: Kind) -> None:
        """Give a slot back."""
        self._heard[kind] = max(0, self._heard[kind] - 1)

    @property
    def used(self) -> int:
        """Count the slots that are taken."""
        return sum(self._heard.values())

    def _load_now(self) -> float:
        return self._heard["open"] / self.limits.open + self._heard["closed"] / self.limits.closed

    def _load(self, one_more: Kind) -> float:
        share = self.limits.open if one_more == "open" else self.limits.closed
        return self._load_now() + 1 / share
