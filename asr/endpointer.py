"""Decides when a caller began, paused and ended speaking: arithmetic over (seconds, is_speech)."""

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """What a piece of sound changed."""

    NOTHING = "nothing"
    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    ENDED = "ended"
    NO_INPUT = "no_input"
    LONGEST = "longest"


@dataclass(frozen=True, slots=True)
class Profile:
    """How patient a kind of question is; seconds."""

    trailing_seconds: float
    """Silence after speech that ends the step."""
    start_seconds: float = 0.12
    """Speech that counts as an answer once the prompt is over."""
    barge_in_seconds: float = 0.25
    """Speech that stops a prompt."""

    @property
    def pause_seconds(self) -> float:
        """Silence after which what was said so far is worth reading."""
        return min(0.35, self.trailing_seconds / 2)


PROFILES = {
    "yes_no": Profile(0.3),
    "menu": Profile(0.3),
    "statement": Profile(1.2),
    "address": Profile(1.5),
    "digits": Profile(1.8),
}


class Endpointer:
    """One listening step. Feed it every piece of sound in order; it never looks at a clock."""

    def __init__(self, profile: Profile, longest_seconds: float, wait_seconds: float) -> None:
        self._profile = profile
        self._longest = longest_seconds
        self._wait = wait_seconds
        self._prompting = True
        self._speech = 0.0
        self._silence = 0.0
        self._waited = 0.0
        self._spoken: float | None = None
        self._paused = False

    @property
    def started(self) -> bool:
        """Tell whether the caller has begun to speak."""
        return self._spoken is not None

    def prompt_ended(self) -> None:
        """From here on silence counts as waiting."""
        self._prompting = False

    def hear(self, seconds: float, is_speech: bool) -> Mark:
        """Take the next piece of sound and tell what it changed."""
        if self._spoken is None:
            return self._before_speech(seconds, is_speech)
        self._spoken += seconds
        if self._spoken >= self._longest:
            return Mark.LONGEST
        if is_speech:
            return self._more_speech(seconds)
        self._speech = 0.0
        self._silence += seconds
        if self._silence >= self._profile.trailing_seconds - 1e-6:
            return Mark.ENDED
        if not self._paused and self._silence >= self._profile.pause_seconds - 1e-6:
            self._paused = True
            return Mark.PAUSED
        return Mark.NOTHING

    def _before_speech(self, seconds: float, is_speech: bool) -> Mark:
        if is_speech:
            self._speech += seconds
            profile = self._profile
            wanted = profile.barge_in_seconds if self._prompting else profile.start_seconds
            if self._speech >= wanted - 1e-6:
                self._spoken, self._silence = self._speech, 0.0
                return Mark.STARTED
        else:
            self._speech = max(0.0, self._speech - seconds / 2)
        if not self._prompting:
            self._waited += seconds
            if self._waited >= self._wait and not is_speech:
                return Mark.NO_INPUT
        return Mark.NOTHING

    def _more_speech(self, seconds: float) -> Mark:
        self._speech += seconds
        if not self._paused:
            self._silence = 0.0
            return Mark.NOTHING
        if self._speech >= 0.06:
            self._silence, self._paused = 0.0, False
            return Mark.RESUMED
        return Mark.NOTHING
