"""Fakes of the seams of a call, one for each, played from a story."""

import re
import time
import wave
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agi.asr_client import AsrAway, Question, Result
from agi.backend_client import BackendAway, Callback, Draft, Progress
from agi.entries import Entry
from agi.phone import CallerLeft, Dialled, Party, Queued
from agi.sounds import holds_speech
from ivr_flows.prompts import Prompt

PARTY = Party(
    call_id="11111111-1111-4111-8111-111111111111",
    caller="13800000000",
    caller_name="",
    called="12345",
    sip_call_id="abc@exchange",
    channel="PJSIP/trunk-00000001",
)
SPEECH = (b"\x00\x20" * 80 + b"\x00\xe0" * 80) * 50
"""One second of something loud: 8 kHz, 16 bit."""


class StoryError(AssertionError):
    """The call went another way than the story tells."""


@dataclass
class Story:
    """What the caller does, turn by turn: each names the prompt it answers."""

    turns: list[dict[str, Any]]
    prompts: Mapping[str, Prompt]
    heard_of: list[str] = field(default_factory=list)

    def hear(self, prompt: str) -> dict[str, Any]:
        """The caller hears a prompt; give what they do then."""
        self.heard_of.append(prompt)
        if not self.turns:
            raise StoryError(f"plays {prompt} after the end of the story")
        turn = self.turns.pop(0)
        if turn["plays"] != prompt:
            raise StoryError(f"plays {prompt}, the story says {turn['plays']}")
        return turn

    def name_of(self, text: str) -> str:
        """Name the prompt a sentence was made from."""
        dynamic = [p for p in self.prompts.values() if p.dynamic]
        for prompt in sorted(dynamic, key=lambda p: -p.seconds):
            pattern = re.sub(r"\\\{[a-z_]+\\\}", ".*", re.escape(prompt.say))
            if re.fullmatch(pattern, text):
                return prompt.name
        raise StoryError(f"no prompt says {text}")


class FakeRecogniser:
    """Hears what the story says. ``away`` refuses every step; ``slow`` needs that many looks."""

    def __init__(self, story: Story, *, away: bool = False, slow: int = 0) -> None:
        self.story, self.away, self.slow = story, away, slow
        self.questions: dict[str, Question] = {}
        self.results: dict[str, Result] = {}
        self.looks = 0

    def announce(self, question: Question) -> None:
        if self.away:
            raise AsrAway("full")
        self.questions[question.listen_id] = question

    def prompt_of(self, listen_id: str) -> str:
        sound = self.questions[listen_id].sounds[0]
        return sound["prompt"] if "prompt" in sound else self.story.name_of(sound["text"])

    def result(self, listen_id: str, wait_seconds: float) -> Result:
        if self.away or listen_id not in self.results:
            raise AsrAway("gone")
        self.looks += 1
        if self.looks <= self.slow:
            return Result("recognising")
        return self.results[listen_id]

    def speech(self, text: str, within_seconds: float = 1.5) -> str:
        if self.away:
            raise AsrAway("gone")
        return f"speech/{self.story.name_of(text)}"


class FakePhone:
    """A line to the caller of a story."""

    def __init__(
        self,
        story: Story,
        recogniser: FakeRecogniser,
        media: Path,
        *,
        dials: Sequence[Mapping[str, Any]] = (),
        agents: str = "answered",
    ) -> None:
        self.party = PARTY
        self.story, self.recogniser, self.media = story, recogniser, media
        self.to_dial, self.agents = list(dials), agents
        self.dialled: list[str] = []
        self.queued: list[tuple[str, bool]] = []
        self.seconds: list[str | None] = []
        self.limits: list[int] = []
        self.danger: str | None = None
        self.told_to_dial = False
        self.done = self.answered = False
        self._speaks, self._more_keys = False, list[str]()

    def answer(self) -> None:
        self.answered = True

    def play(self, sound: str, stop_keys: str = "") -> str:
        turn = self.story.hear(sound.rsplit("/", 1)[1])
        self._may_leave(turn)
        self._speaks = bool(turn.get("is_recorded"))
        key = str(turn.get("presses", ""))[:1]
        self._more_keys = list(str(turn.get("presses", ""))[1:])
        return key if key and key in stop_keys else ""

    def wait_for_key(self, seconds: float) -> str:
        return self._more_keys.pop(0) if self._more_keys else ""

    def connect_listener(self, listen_id: str) -> bool:
        turn = self.story.hear(self.recogniser.prompt_of(listen_id))
        if "dies_after" in turn or "vanishes_after" in turn:
            self._write(f"utterances/{listen_id}.sln")
            self.recogniser.away = True
            return "vanishes_after" in turn
        self.recogniser.results[listen_id] = _result(turn)
        if "is_never_reached" in turn:
            self.recogniser.results[listen_id] = Result("waiting")
        if "is_unclear" in turn:
            self._write(f"utterances/{listen_id}.sln")
        self._may_leave(turn)
        return True

    def record(self, name: str, longest_seconds: float, silence_seconds: int) -> str:
        if self._speaks:
            self._write(f"{name}.sln")
            (self.media / f"{name}.sln").rename(self.media / f"{name}.wav")
            _as_wav(self.media / f"{name}.wav")
            assert holds_speech(self.media / f"{name}.wav")
        return ""

    def within(self, seconds: int) -> None:
        self.limits.append(seconds)

    def in_danger(self, service: str) -> None:
        self.danger = service

    def dial(self, service: str, route: str, second: str | None) -> Dialled:
        number = route.partition("@")[0]
        self.dialled.append(route)
        self.seconds.append(second)
        if not self.to_dial:
            raise StoryError(f"dials {number}, the story does not")
        told = self.to_dial.pop(0)
        if told["number"] != number:
            raise StoryError(f"dials {number}, the story says {told['number']}")
        if told["result"] == "caller_leaves":
            raise CallerLeft("hung up")
        if told["result"] == "answered":
            talked = float(told.get("talks", 60))
            self._note_leg(number, talked)
            return Dialled.FAR_HANGUP if talked < 5 else Dialled.ANSWERED
        return Dialled(told["result"])

    def told(self) -> None:
        self.told_to_dial = True

    def queue(self, name: str, wait_seconds: int, *, ahead: bool = False) -> Queued:
        self.queued.append((name, ahead))
        if self.agents in ("call_back", "message"):
            return Queued(self.agents)
        if self.agents == "call_back_once":
            self.agents = "answered"
            return Queued.CALL_BACK
        if self.agents == "dialect":
            self.agents = "nobody_speaks_it"
            return Queued.DIALECT
        if self.agents == "nobody_speaks_it":
            self.agents = "answered"
            return Queued.NOBODY
        if self.agents == "caller_leaves":
            raise CallerLeft("hung up")
        if self.agents == "emergency_key":
            self.agents = "answered"
            return Queued.EMERGENCY_KEY
        return Queued.TALKED if self.agents == "answered" else Queued.NOBODY

    def finished(self) -> None:
        self.done = True

    def _note_leg(self, number: str, talked_seconds: float) -> None:
        folder = self.media / "recordings"
        folder.mkdir(exist_ok=True)
        with (folder / f"{self.party.call_id}.legs").open("a") as legs:
            moment = time.time() - talked_seconds
            for noted in ("answered", "connected"):
                legs.write(f"{moment:.3f}|{number}|{noted}|\n")

    def _may_leave(self, turn: Mapping[str, Any]) -> None:
        if turn.get("hangs_up"):
            raise CallerLeft("hung up")

    def _write(self, name: str) -> None:
        path = self.media / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(SPEECH)


def _result(turn: Mapping[str, Any]) -> Result:
    if "is_unclear" in turn:
        return Result("failed", ended_by="failed")
    text, keys = str(turn.get("says", "")), str(turn.get("presses", ""))
    emergency = None
    for decision in ("certain", "doubtful"):
        if service := turn.get(decision):
            also = [str(one) for one in turn.get("also", [])]
            emergency = {"decision": decision, "service": service, "also": also, "cue": text}
    ended = "caller_left" if turn.get("hangs_up") else "key" if keys else "silence"
    ended = ended if text or keys else "no_input"
    return Result("done", ended_by=ended, text=text, keys=keys, emergency=emergency)


def _as_wav(path: Path) -> None:
    raw = path.read_bytes()
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(raw)


class FakeBackend:
    """A backend with one draft and one ticket. ``away`` answers nothing."""

    def __init__(self, *, away: bool = False, fields: Mapping[str, Any] | None = None) -> None:
        self.away = away
        self.drafts: list[list[Entry]] = []
        self.questions: list[dict[str, str]] = []
        self.fields = {"place": "裕华路", "district": "莲池区", "category": "供热"}
        self.fields |= dict(fields or {})
        self.progress_answers: list[Progress] = []
        self.about = Callback("供热")

    def draft(self, call_id: str, entries: Sequence[Entry]) -> Draft:
        if self.away:
            raise BackendAway("gone")
        self.drafts.append(list(entries))
        return Draft("2611230042", "4711", "您反映的是莲池区裕华路的供热问题。", self.fields)

    def progress(self, question: dict[str, str]) -> Progress:
        if self.away:
            raise BackendAway("gone")
        self.questions.append(question)
        return self.progress_answers.pop(0) if self.progress_answers else Progress(found=False)

    def callback(self, call_id: str) -> Callback:
        if self.away:
            raise BackendAway("gone")
        return self.about


class FakeJournal:
    """Keeps entries in memory. ``full`` is a disk that takes nothing."""

    def __init__(self, *, full: bool = False) -> None:
        self.full = full
        self.entries: list[Entry] = []

    def write(self, entry: Entry) -> Future[None]:
        done: Future[None] = Future()
        if self.full:
            done.set_exception(OSError("no space left"))
        else:
            self.entries.append(entry)
            done.set_result(None)
        return done

    def unsent(self, call_id: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.call_id == call_id]

    def of(self, kind: str) -> list[Mapping[str, Any]]:
        """The data of all entries of one kind."""
        return [entry.data for entry in self.entries if entry.kind == kind]
