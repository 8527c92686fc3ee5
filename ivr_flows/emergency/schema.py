"""The shape of a cue file."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from .cues import Force

Word = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Service = Annotated[str, StringConstraints(pattern=r"^[0-9]{3,6}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CueEntry(_Strict):
    """One danger: its wordings, the service it calls and how sure they make us."""

    service: Service
    what: Word
    sure: Literal["certain", "doubtful"]
    critical: bool = False
    also: list[Service] = []
    phrases: list[Word] = []
    heard: list[Word] = []
    unless: list[Word] = []
    by_sound: bool = True
    joins: bool = False
    alone: bool = False
    wait: Annotated[int, Field(ge=0, le=20)] | None = None
    gap: Annotated[int, Field(ge=0, le=20)] | None = None


class WeakenerEntry(_Strict):
    """Words that weaken a cue, how much, and from how far."""

    kind: Word
    force: Force
    words: list[Word]
    before: Annotated[int, Field(ge=0, le=100)] | None = None
    after: Annotated[int, Field(ge=0, le=100)] | None = None
    covers: bool = False
    yields: bool = False
    by_sound_only: bool = False


class PresentEntry(_Strict):
    """Words that show that it is happening now."""

    near: list[Word] = []
    calls: list[Word] = []


class BookFile(_Strict):
    """A whole cue file."""

    order: list[Service] = []
    wait_characters: Annotated[int, Field(ge=0, le=20)] = 2
    gap_characters: Annotated[int, Field(ge=0, le=20)] = 6
    words: dict[Word, list[Word]] = {}
    cues: list[CueEntry] = []
    weakens: list[WeakenerEntry] = []
    present: PresentEntry = PresentEntry()
    traditional: str = ""
