"""From the entries of a call to the call: pure, and the same in whatever order they came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from backend.calls.entries import (
    CalledBack,
    Closed,
    Emergency,
    Entry,
    Heard,
    Opened,
    Outcome,
    Recorded,
    Step,
    Transcribed,
    Word,
)

SURVEY = "survey"
"""The flow of a call that the hotline places."""
RECORDING_STEP = "recording"
"""The step name of words taken from the recording of the caller's side."""
AGENT_STEP = "agent"
"""The step name of words that an agent said in the talk with the caller."""
CALLERS_SIDE = "-caller."
"""What the name of the recording of the caller's side holds."""
SHORTEST_SECONDS = 0.3
"""A sound shorter than this holds no word."""
CONTROL_PROFILES = frozenset({"yes_no", "digits", "menu"})
"""Questions whose answer steers the call and is no statement of the caller's matter."""
_ENDS = tuple("。！？!?.；;，,")
_NOT_CALLED_BACK = frozenset(
    {Outcome.COMPLETED, Outcome.TRANSFERRED_AGENT, Outcome.TRANSFERRED_EMERGENCY}
)


@dataclass(slots=True)
class Utterance:
    """What was heard at one listening step."""

    key: str
    at: dt.datetime
    step: str | None = None
    profile: str | None = None
    text: str = ""
    words: list[Word] = field(default_factory=list)
    confidence: float | None = None
    engine: str | None = None
    ended_by: str | None = None
    keys: str | None = None
    sound: str | None = None
    pending: bool = False
    late: bool = False
    error: str | None = None
    first_sound_at: dt.datetime | None = None
    speech_end_at: dt.datetime | None = None
    final_text_at: dt.datetime | None = None
    times: dict[str, float | None] = field(default_factory=dict)

    @property
    def is_statement(self) -> bool:
        """Whether it tells the caller's matter, and does not merely steer the call."""
        return self.profile not in CONTROL_PROFILES and self.step != AGENT_STEP


@dataclass(slots=True)
class Picture:
    """All that is known of a call."""

    opened: Opened | None = None
    opened_at: dt.datetime | None = None
    answered_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    outcome: Outcome | None = None
    path: list[str] = field(default_factory=list)
    steps: list[tuple[dt.datetime, Step]] = field(default_factory=list)
    utterances: list[Utterance] = field(default_factory=list)
    emergencies: list[Emergency] = field(default_factory=list)
    called_back: list[CalledBack] = field(default_factory=list)
    """The turns in which a caller who left in danger was called back, in their order."""
    recordings: list[Recorded] = field(default_factory=list)

    @property
    def said(self) -> str:
        """The caller's matter in the caller's words, as one text.

        The words of its recording stand in where the steps heard none, and in a call that nobody
        closed where they are longer: the caller may have said what no step lived to report.
        """
        told = [u for u in self.utterances if u.is_statement and u.text.strip()]
        steps = _joined(u.text for u in told if u.step != RECORDING_STEP)
        whole = _joined(u.text for u in told if u.step == RECORDING_STEP)
        broke_off = self.outcome in (None, Outcome.RECOVERED)
        return whole if not steps or (broke_off and len(whole) > len(steps)) else steps

    @property
    def pending(self) -> int:
        """How many sounds still wait for their words."""
        return sum(u.pending for u in self.utterances)

    @property
    def awaits_words(self) -> bool:
        """Whether a sound that may tell the caller's matter still waits for its words."""
        return any(u.pending and u.is_statement for u in self.utterances)

    @property
    def unread_recording(self) -> Recorded | None:
        """The caller's side of the recording, if a caller left unserved and nobody has read it.

        A caller may speak where no step listens: before the tone, or while a person is rung.
        """
        if not self.needs_call_back or any(u.step == RECORDING_STEP for u in self.utterances):
            return None
        sides = (one for one in self.recordings if CALLERS_SIDE in one.file)
        return next((one for one in sides if (one.seconds or 0) > SHORTEST_SECONDS), None)

    @property
    def needs_call_back(self) -> bool:
        """Whether the caller left without having been served 漏接电话回拨."""
        return (
            self.outcome is not None
            and self.outcome not in _NOT_CALLED_BACK
            and not self.said
            and not self.pending
            and not self.emergencies
            and not self.is_survey
        )

    @property
    def is_survey(self) -> bool:
        """Whether the hotline called the citizen about their ticket 回访."""
        return self.opened is not None and self.opened.flow == SURVEY


def fold(entries: Iterable[Entry]) -> Picture:
    """Make the picture of one call from its entries; order and repetition make no difference."""
    unique = {entry.id: entry for entry in entries}
    picture = Picture()
    heard: dict[str, Utterance] = {}
    late: list[tuple[dt.datetime, Transcribed]] = []
    alarms: dict[str, Emergency] = {}
    files: dict[str, Recorded] = {}
    turns: dict[int, CalledBack] = {}
    for entry in sorted(unique.values(), key=lambda e: (e.at, e.id)):
        match entry.data:
            case Opened() as opened:
                _open(picture, entry.at, opened)
            case Step() as step:
                picture.steps.append((entry.at, step))
            case Heard() as said:
                _hear(heard, entry, said)
            case Transcribed() as words:
                late.append((entry.at, words))
            case Emergency() as alarm:
                alarms[str(alarm.decided_at or entry.at)] = alarm
            case CalledBack() as turn:
                turns[turn.turn] = turn
            case Closed() as closed:
                _close(picture, entry.at, closed)
            case Recorded() as file:
                files[file.file] = file
    for at, words in late:
        _transcribe(heard, at, words)
    picture.utterances = sorted(heard.values(), key=lambda u: (u.at, u.key))
    picture.emergencies = [alarms[key] for key in sorted(alarms)]
    picture.called_back = [turns[key] for key in sorted(turns)]
    picture.recordings = [files[key] for key in sorted(files)]
    return picture


def _open(picture: Picture, at: dt.datetime, opened: Opened) -> None:
    """Keep the fullest report: the file left by the dialplan knows less than the call script."""
    if picture.opened is None or (picture.opened.flow is None and opened.flow is not None):
        picture.opened = opened
    picture.opened_at = min(picture.opened_at or at, at)


def _close(picture: Picture, at: dt.datetime, closed: Closed) -> None:
    """Let a real ending replace an assumed one."""
    if picture.outcome not in (None, Outcome.RECOVERED):
        return
    if picture.outcome is Outcome.RECOVERED and closed.outcome is Outcome.RECOVERED:
        return
    picture.outcome = closed.outcome
    picture.path = list(closed.path)
    picture.answered_at = closed.answered_at or picture.answered_at
    picture.ended_at = closed.ended_at or at


def _hear(heard: dict[str, Utterance], entry: Entry, said: Heard) -> None:
    key = said.listen_id or said.sound or str(entry.id)
    known = heard.get(key)
    if known and not known.pending and said.pending:
        return
    heard[key] = Utterance(
        key=key,
        at=known.at if known else entry.at,
        step=said.step,
        profile=said.profile,
        text=said.text or "",
        words=said.words or [],
        confidence=said.confidence,
        engine=said.engine,
        ended_by=said.ended_by,
        keys=said.keys,
        sound=said.sound,
        pending=said.pending and not said.text,
        first_sound_at=said.first_sound_at,
        speech_end_at=said.speech_end_at,
        final_text_at=said.final_text_at,
        times=said.times,
    )


def _transcribe(heard: dict[str, Utterance], at: dt.datetime, words: Transcribed) -> None:
    known = heard.get(words.listen_id)
    if known is None or not known.pending:
        return
    known.text, known.words = words.text, words.words or []
    known.confidence, known.engine, known.error = words.confidence, words.engine, words.error
    known.pending, known.late, known.final_text_at = False, True, at


def _joined(texts: Iterable[str]) -> str:
    parts = [text.strip() for text in texts if text.strip()]
    return "".join(
        part if part.endswith(_ENDS) or part is parts[-1] else part + "，" for part in parts
    )
