"""What a listening step is asked to do, and what came of it."""

import time
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from asr.engines import Word

_NAME = r"^[a-z0-9_]{1,64}$"
_FILE = r"^[A-Za-z0-9_\-]+(/[A-Za-z0-9_\-]+){0,4}$"
Keys = Annotated[str, StringConstraints(pattern=r"^[0-9*#A-D]{0,16}$")]
Phrase = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]


class Played(BaseModel):
    """One sound to play first: a prompt's name, a sentence, or a file of the media directory."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    prompt: Annotated[str, StringConstraints(pattern=_NAME)] | None = None
    text: Annotated[str, StringConstraints(min_length=1, max_length=600)] | None = None
    file: Annotated[str, StringConstraints(pattern=_FILE)] | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> "Played":
        if sum(value is not None for value in (self.prompt, self.text, self.file)) != 1:
            raise ValueError("a sound is one of prompt, text or file")
        return self


class Collect(BaseModel):
    """How many keys to collect, and the key that ends them."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    most: int = Field(ge=1, le=32)
    until: Keys = "#"


class Question(BaseModel):
    """One listening step, announced before the connection comes. Durations in seconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    listen_id: UUID
    call_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_\-]{1,64}$")]
    step: Annotated[str, StringConstraints(max_length=64)] = ""
    sounds: tuple[Played, ...] = Field(default=(), max_length=20)
    profile: Literal["statement", "yes_no", "address", "digits", "menu"] = "statement"
    longest_seconds: float = Field(default=60, gt=0, le=600)
    wait_seconds: float = Field(default=6, gt=0, le=120)
    trailing_seconds: float | None = Field(default=None, ge=0.1, le=10)
    stop_keys: Keys = "#"
    collect: Collect | None = None
    grammar: tuple[Phrase, ...] | None = Field(default=None, max_length=400)
    emergency: bool = True
    interruptible: bool = True
    priority: Literal["survey", "normal", "emergency"] = "normal"


class State(StrEnum):
    """How far a step is."""

    WAITING = "waiting"
    LISTENING = "listening"
    RECOGNISING = "recognising"
    DONE = "done"
    FAILED = "failed"


class EndedBy(StrEnum):
    """What ended a step."""

    SILENCE = "silence"
    KEY = "key"
    LONGEST = "longest"
    EMERGENCY = "emergency"
    CALLER_LEFT = "caller_left"
    NO_INPUT = "no_input"
    FAILED = "failed"


@dataclass(slots=True)
class Times:
    """When things happened; epoch seconds, None when they did not."""

    connected: float | None = None
    first_sound: float | None = None
    prompt_end: float | None = None
    speech_start: float | None = None
    speech_end: float | None = None
    ended: float | None = None
    final_text: float | None = None


@dataclass(slots=True)
class Result:
    """What came of a step so far; kept under the step's id until it was read."""

    state: State = State.WAITING
    ended_by: EndedBy | None = None
    text: str = ""
    words: tuple[Word, ...] = ()
    confidence: float | None = None
    keys: str = ""
    engine: str | None = None
    sound: str | None = None
    error: str | None = None
    emergency: dict[str, Any] | None = None
    times: Times = field(default_factory=Times)

    @property
    def over(self) -> bool:
        """Tell whether nothing more will come."""
        return self.state in (State.DONE, State.FAILED)

    def to_json(self) -> dict[str, Any]:
        """Give it as plain values."""
        return asdict(self)


def now() -> float:
    """Give the time as epoch seconds."""
    return time.time()
