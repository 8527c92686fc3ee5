"""What a recogniser is, whatever its make."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol, Self


@dataclass(frozen=True, slots=True)
class Word:
    """One word; seconds from the beginning of the sound, confidence 0 to 1."""

    word: str
    start: float
    end: float
    conf: float


@dataclass(frozen=True, slots=True)
class Heard:
    """What an utterance said; confidence is None where the engine knows none."""

    text: str
    words: tuple[Word, ...] = ()
    confidence: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Give it as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, read: dict[str, Any]) -> Self:
        """Read what ``to_json`` gave."""
        words = tuple(Word(**word) for word in read.get("words", ()))
        return cls(str(read["text"]), words, read.get("confidence"))


class Utterance(Protocol):
    """One utterance being heard; sound is 16 kHz signed 16-bit little-endian mono."""

    def accept(self, sound: bytes) -> str | None:
        """Take the next piece; give the words so far when they changed."""
        ...

    def pause(self) -> str | None:
        """The caller paused: give the words so far when they changed."""
        ...

    def finish(self) -> Heard:
        """Give the final words."""
        ...


class Engine(Protocol):
    """A loaded model. Raises ``ValueError`` for a grammar it cannot take."""

    name: str

    def open(self, grammar: Sequence[str] = ()) -> Utterance:
        """Begin an utterance, limited to the words of ``grammar`` when there are any."""
        ...
