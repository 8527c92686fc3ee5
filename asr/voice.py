"""What a voice is, whatever speaks: text in, sound out."""

from dataclasses import dataclass
from typing import Protocol

from asr.resample import Samples


class NoVoice(Exception):
    """Nothing could say the text; the message says why."""


@dataclass(frozen=True, slots=True)
class Speech:
    """Mono sound in -1..1 and its rate."""

    wave: Samples
    rate: int

    @property
    def seconds(self) -> float:
        """Tell how long it takes."""
        return len(self.wave) / self.rate


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence as sound: media-relative name without extension, who spoke, how long."""

    file: str
    engine: str
    seconds: float


class Voice(Protocol):
    """Says one short text; raises ``NoVoice``."""

    name: str

    def say(self, text: str) -> Speech:
        """Give the sound of a text written as it is to be said."""
        ...
