"""What programs send of a call, and what they may read of it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.calls.entries import Kind
from backend.tickets.schemas import FieldsView, TicketView

MOST_ENTRIES = 500


class EntryIn(BaseModel):
    """One journal entry; `data` is that of its kind and is checked for each entry alone."""

    model_config = ConfigDict(extra="ignore")

    id: uuid.UUID
    call_id: uuid.UUID
    kind: Annotated[str, Field(max_length=60, examples=[kind.value for kind in Kind])]
    at: dt.datetime
    data: dict[str, Any] = {}


class JournalIn(BaseModel):
    """Entries in any order, of any calls; sending one again does no harm."""

    entries: Annotated[list[EntryIn], Field(max_length=MOST_ENTRIES)]


class DraftIn(BaseModel):
    """The entries that were not delivered yet, so that the draft holds all that was heard."""

    entries: Annotated[list[EntryIn], Field(max_length=MOST_ENTRIES)] = []


class EntryResult(BaseModel):
    """What became of one entry; a rejected one can never be accepted and need not be sent again."""

    id: uuid.UUID
    status: Literal["accepted", "known", "rejected"]
    error: str | None = None


class JournalOut(BaseModel):
    """One result for each entry, in their order."""

    results: list[EntryResult]


class DraftOut(BaseModel):
    """The call's one ticket; number and code are the same however often it is asked for."""

    number: str
    code: str
    read_back: str
    fields: FieldsView
    created_at: dt.datetime
    results: list[EntryResult]


class UtteranceView(BaseModel):
    """What was heard at one step; times are epoch seconds."""

    step: str | None
    listen_id: str
    at: dt.datetime
    text: str
    confidence: float | None
    engine: str | None
    ended_by: str | None
    sound: str | None
    pending: bool
    late: bool
    error: str | None
    statement: bool
    times: dict[str, float | None]


class AttemptView(BaseModel):
    """One number tried for an emergency."""

    number: str
    dialled_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    result: str | None = None


class EmergencyView(BaseModel):
    """A hand-over to an emergency service; times in epoch seconds."""

    service: str | None
    also: list[str]
    cue: str | None
    weakened_by: str | None
    source: str | None
    decided_at: float | None
    dialled_at: float | None
    answered_at: float | None
    attempts: list[AttemptView]


class RecordingView(BaseModel):
    """A settled sound file, relative to the media directory."""

    file: str
    sha256: str
    bytes: int
    seconds: float | None


class Times(BaseModel):
    """When things happened in a call, in epoch seconds; null is unknown."""

    opened: float | None
    answered: float | None
    first_sound: float | None
    speech_end: float | None
    final_text: float | None
    ticket: float | None
    ended: float | None


class CallView(BaseModel):
    """A call with all that came of it.

    `heard` is the caller's matter as one text, just as the recogniser wrote it; in `transcript`
    what was heard almost right is put right by its sound. `needs_call_back` marks a caller who
    left without being served.
    """

    call_id: uuid.UUID
    caller: str | None
    called: str | None
    sip_call_id: str | None
    flow: str | None
    outcome: str | None
    path: list[str]
    steps: list[dict[str, Any]]
    transcript: str
    heard: str
    pending: int
    needs_call_back: bool
    utterances: list[UtteranceView]
    emergency: EmergencyView | None
    recordings: list[RecordingView]
    times: Times
    ticket: TicketView | None


class WordsIn(BaseModel):
    """A caller's words to be drafted on trial."""

    text: Annotated[str, Field(min_length=1, max_length=20_000)]
