"""The entries of a cue file as the detector holds them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from .verdict import Decision


class Force(StrEnum):
    """How much a weakening word takes away: ask leaves a question, strong leaves nothing."""

    ASK = "ask"
    MILD = "mild"
    STRONG = "strong"

    def left(self, steps: int, *, eased: bool) -> int:
        """What is left of certain (2), doubtful (1), none (0); eased: it is happening now."""
        match self:
            case Force.ASK:
                return steps if eased else min(steps, 1)
            case Force.MILD:
                return steps if eased else steps - 1
            case Force.STRONG:
                return min(steps, 1) if eased else 0


@dataclass(frozen=True, slots=True)
class Cue:
    """One danger and the service it calls.

    wait: characters that must follow it in a partial; gap: most characters between its parts.
    joins: doubtful alone, but as good as certain beside another service's certain cue;
    alone: its service counts only when no other is called.
    """

    service: str
    what: str
    sure: Decision
    critical: bool
    also: tuple[str, ...]
    unless: tuple[str, ...]
    by_sound: bool
    wait: int
    gap: int
    joins: bool
    alone: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """One listed wording of a cue; its parts stand in this order with a short gap between."""

    cue: Cue
    wording: str
    parts: tuple[str, ...]
    mishearing: bool = False


@dataclass(frozen=True, slots=True)
class Weakener:
    """Words of one kind that weaken a cue standing near them, and how near counts.

    before: most characters between the word and a cue after it; after: between a cue and the
    word after it; None = does not weaken on that side. covers: weakens only the cue it overlaps;
    by_sound_only: and only if that cue was not written as listed.
    """

    kind: str
    force: Force
    before: int | None
    after: int | None
    covers: bool
    yields: bool
    by_sound_only: bool = False


@dataclass(frozen=True, slots=True)
class Present:
    """Words that show it is happening now: near ones just before the cue, calls anywhere around."""

    near: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """All that was read from the cue files."""

    order: tuple[str, ...]
    listed: tuple[Listed, ...]
    weakeners: tuple[tuple[str, Weakener], ...]
    present: Present
    simplified: Mapping[int, str]
