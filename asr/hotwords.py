"""Watches a caller's words for danger while they are being said."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from asr.question import now


class Verdict(Protocol):
    """What the detector says of a text."""

    @property
    def decision(self) -> str:
        """``certain``, ``doubtful`` or ``none``."""
        ...

    @property
    def service(self) -> str | None:
        """The number to dial."""
        ...

    @property
    def also(self) -> tuple[str, ...]:
        """Further numbers that are needed."""
        ...

    @property
    def cue(self) -> str | None:
        """What was heard."""
        ...

    @property
    def weakened_by(self) -> str | None:
        """What makes it less than certain."""
        ...


class Detect(Protocol):
    """Judges a transcript; ``final`` is False while it is still growing."""

    def __call__(self, text: str, *, final: bool) -> Verdict:
        """Judge a transcript."""
        ...


def detector(more_cues: Path | None = None) -> Detect:
    """Load the hotline's cues, and those of a further file."""
    from ivr_flows import emergency  # noqa: PLC0415  the cues are read when a server wants them

    paths = [emergency.CUES, *([more_cues] if more_cues else [])]
    found = emergency.load(paths)
    return lambda text, *, final: found.detect(text, final=final)


class Watch:
    """Remembers the strongest danger heard in one step."""

    def __init__(self, detect: Detect, ring: Callable[[], None] = lambda: None) -> None:
        self._detect = detect
        self._ring = ring
        self.found: dict[str, Any] | None = None

    @property
    def certain(self) -> bool:
        """Tell whether the words leave no doubt."""
        return bool(self.found and self.found["decision"] == "certain")

    def read(self, text: str, *, final: bool = False) -> None:
        """Judge the words so far; rings once when they become certain."""
        if self.certain or not text:
            return
        verdict = self._detect(text, final=final)
        decision = str(verdict.decision)
        if decision == "none":
            if final:
                self.found = None
            return
        known = ("service", "also", "cue", "weakened_by")
        facts = {name: getattr(verdict, name) for name in known}
        self.found = {"decision": decision, **facts, "also": list(verdict.also), "at": now()}
        if self.certain:
            self._ring()
