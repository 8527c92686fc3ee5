"""The entries of a call's journal: what each kind says; unknown extra facts are kept."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

EARLIEST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
LATEST = dt.datetime(2200, 1, 1, tzinfo=dt.UTC)


def _plausible(moment: dt.datetime) -> dt.datetime:
    try:
        utc = moment.astimezone(dt.UTC)
    except OverflowError as error:
        raise ValueError("must lie between the years 2000 and 2200") from error
    if not EARLIEST <= utc < LATEST:
        raise ValueError("must lie between the years 2000 and 2200")
    return utc


def clean(value: Any) -> Any:
    """Replace what a database cannot hold, in all strings of a JSON value: NUL and surrogates."""
    match value:
        case str():
            return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
        case list():
            return [clean(item) for item in value]
        case dict():
            return {clean(key): clean(item) for key, item in value.items()}
        case _:
            return value


Moment = Annotated[AwareDatetime, AfterValidator(_plausible)]
"""An aware time: ISO-8601, or epoch seconds."""
Text = Annotated[str, Field(max_length=20_000)]
Line = Annotated[str, Field(max_length=1_000)]
Short = Annotated[str, Field(max_length=200)]


class Kind(StrEnum):
    """What an entry tells."""

    OPENED = "call.opened"
    STEP = "call.step"
    HEARD = "call.heard"
    EMERGENCY = "call.emergency"
    CALLED_BACK = "call.called_back"
    CLOSED = "call.closed"
    TRANSCRIBED = "call.transcribed"
    RECORDED = "call.recorded"


class Outcome(StrEnum):
    """How a call ended 通话结果."""

    COMPLETED = "completed"
    HUNG_UP = "hung_up"
    TRANSFERRED_AGENT = "transferred_agent"
    TRANSFERRED_EMERGENCY = "transferred_emergency"
    MESSAGE_LEFT = "message_left"
    BROKEN = "broken"
    RECOVERED = "recovered"


class Data(BaseModel):
    """Base of what entries say; fields nobody knows yet are kept."""

    model_config = ConfigDict(extra="allow", allow_inf_nan=False)


class Opened(Data):
    """A call has come in; `caller_name` is whatever the network sent and proves nothing."""

    caller: Line | None = None
    caller_name: Line | None = None
    called: Line | None = None
    sip_call_id: Line | None = None
    channel: Line | None = None
    flow: Line | None = None


class Step(Data):
    """The flow took a step and the caller replied."""

    step: Line
    reply: Line | None = None


class Word(Data):
    """One word with its place in the sound, in seconds."""

    word: Text
    start: float | None = None
    end: float | None = None
    conf: float | None = None


class Heard(Data):
    """What a listening step heard; `pending` says that the words are not known yet."""

    step: Line | None = None
    listen_id: Short | None = None
    profile: Line | None = None
    text: Text | None = None
    words: Annotated[list[Word], Field(max_length=5_000)] | None = None
    confidence: float | None = None
    engine: Line | None = None
    ended_by: Line | None = None
    keys: Line | None = None
    sound: Short | None = None
    pending: bool = False
    speech_end_at: Moment | None = None
    final_text_at: Moment | None = None
    first_sound_at: Moment | None = None
    times: Annotated[dict[Line, float | None], Field(max_length=20)] = {}


class Attempt(Data):
    """One number that was tried for an emergency."""

    number: Line
    dialled_at: Moment | None = None
    ended_at: Moment | None = None
    result: Line | None = None


class Emergency(Data):
    """Danger was heard or keyed, and who was called for it (Art. 16, fifth route)."""

    service: Line | None = None
    also: list[Line] = []
    cue: Text | None = None
    weakened_by: Text | None = None
    source: Line | None = None
    decided_at: Moment | None = None
    attempts: Annotated[list[Attempt], Field(max_length=100)] = []
    answered_at: Moment | None = None


class CalledBack(Data):
    """A caller who left while a service was rung was called back, for the `turn`th time."""

    turn: Annotated[int, Field(ge=1, le=100)]
    service: Line | None = None
    dialled_at: Moment | None = None
    ended_at: Moment | None = None
    result: Line | None = None
    """answered, busy, no_answer or failed: what became of the ringing of the caller."""
    reached: bool = False
    """Whether the caller and a service then had each other on the line."""


class Closed(Data):
    """The call is over."""

    outcome: Outcome
    path: Annotated[list[Line], Field(max_length=1_000)] = []
    answered_at: Moment | None = None
    ended_at: Moment | None = None


class Transcribed(Data):
    """The words of a pending sound became known later; an `error` says why there are none."""

    listen_id: Short
    text: Text = ""
    words: list[Word] | None = None
    confidence: float | None = None
    engine: Line | None = None
    error: Line | None = None


class Recorded(Data):
    """A sound file of the call has settled; `sha256` is that of the whole file."""

    file: Short
    sha256: Short
    bytes: Annotated[int, Field(ge=0, lt=2**62)]
    seconds: float | None = None


AnyData = Opened | Step | Heard | Emergency | CalledBack | Closed | Transcribed | Recorded
KINDS: dict[Kind, type[AnyData]] = {
    Kind.OPENED: Opened,
    Kind.STEP: Step,
    Kind.HEARD: Heard,
    Kind.EMERGENCY: Emergency,
    Kind.CALLED_BACK: CalledBack,
    Kind.CLOSED: Closed,
    Kind.TRANSCRIBED: Transcribed,
    Kind.RECORDED: Recorded,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened in a call; `id` is the same however often it is sent."""

    id: uuid.UUID
    call_id: uuid.UUID
    kind: Kind
    at: dt.datetime
    data: AnyData


def read(id: uuid.UUID, call_id: uuid.UUID, kind: str, at: dt.datetime, data: Any) -> Entry:
    """Check one entry; raises ValueError or ValidationError that names the field."""
    known = Kind(kind)
    return Entry(id, call_id, known, _plausible(at), KINDS[known].model_validate(clean(data)))
