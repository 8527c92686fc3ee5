"""One step that listens, from the prompt to the reply; what the caller said is kept in any case.

The recogniser plays, listens and decides the end. Where it is full, away or dies in the step,
the step is recorded instead and journalled as pending: its words become known later.
"""

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import structlog

from agi.asr_client import AsrAway, Question, Recogniser, Result
from agi.heard import Heard as Journal
from agi.heard import Note, profile
from agi.phone import CallerLeft, Phone
from agi.sounds import SOUNDS
from agi.unaided import Unaided
from ivr_flows.emergency import Decision, detect
from ivr_flows.prompts import Prompt
from ivr_flows.schema import Ask, Listen, Menu
from ivr_flows.walk import Danger, Heard, NoInput, Pressed, Recorded, Reply, answer_of, conflict_of

log = structlog.get_logger(__name__)

EMERGENCY = "emergency."
"""How the steps of the emergency flow begin, entered from another flow."""
_FIRST_WAIT_SECONDS = 0.8
"""A caller who waits longer than this for an answer hears that it is coming."""
_NEXT_WAIT_SECONDS = 3.0
_MOST_WAITS = 6
_STILL_LISTENING = {"waiting", "listening"}


@dataclass(slots=True)
class Ear:
    """Listens on one call."""

    phone: Phone
    recogniser: Recogniser
    note: Note
    media: Path
    yields: bool = False
    """Whether callers are heard before this call."""
    last_danger: dict[str, Any] | None = None
    """The verdict on the words that made the latest ``Danger``."""
    journal: Journal = field(init=False)
    unaided: Unaided = field(init=False)

    def __post_init__(self) -> None:
        self.journal = Journal(self.note, self.media)
        self.unaided = Unaided(self.phone, self.recogniser, self.journal)

    def ask(
        self, step: Menu | Ask | Listen, name: str, prompt: Prompt, said: str, keys: str
    ) -> Reply:
        """Play the prompt, listen, and give the reply; ``keys`` are all that mean something."""
        listen_id = str(uuid4())
        try:
            self.recogniser.announce(self._question(listen_id, step, name, prompt, said, keys))
        except AsrAway as error:
            log.warning("recogniser away, step recorded instead", step=name, error=str(error))
            return self.unaided.ask(step, name, prompt, said)
        try:
            connected = self.phone.connect_listener(listen_id)
        except CallerLeft:
            self._keep_last_words(listen_id, step, name)
            raise
        if not connected:
            log.warning("recogniser broke in the step, step recorded instead", step=name)
            return self._without_words(listen_id, step, name, Result("listening"))
        return self._reply(listen_id, step, name)

    def _question(
        self,
        listen_id: str,
        step: Menu | Ask | Listen,
        name: str,
        prompt: Prompt,
        said: str,
        keys: str,
    ) -> Question:
        collects = isinstance(step, Ask) and step.most is not None
        return Question(
            listen_id=listen_id,
            call_id=self.phone.party.call_id,
            step=name,
            sounds=({"text": said} if prompt.dynamic else {"prompt": prompt.name},),
            profile=profile(step),
            longest_seconds=step.longest_seconds,
            wait_seconds=step.wait_seconds,
            stop_keys="#" if collects else _stop_keys(keys),
            most_keys=step.most if isinstance(step, Ask) else None,
            grammar=step.words() if isinstance(step, Menu) else (),
            yields=self.yields,
            urgent=name.startswith(EMERGENCY),
        )

    def _reply(self, listen_id: str, step: Menu | Ask | Listen, name: str) -> Reply:
        result = self._wait_for_words(listen_id)
        if result is None or result.state == "failed" or not (result.ready or _certain(result)):
            return self._without_words(listen_id, step, name, result or Result("listening"))
        self.journal.words(listen_id, step, name, result, pending=not result.ready)
        return self._read(result, step)

    def _without_words(
        self, listen_id: str, step: Menu | Ask | Listen, name: str, result: Result
    ) -> Reply:
        """No words came: a key counts, a kept sound is read later.

        The step is recorded if there is no sound, and goes on being recorded if the recogniser
        died while the caller spoke.
        """
        self.journal.words(listen_id, step, name, result, pending=True)
        if typed := result.keys.rstrip("#"):
            return Pressed(typed)
        if isinstance(step, Menu):
            return self.unaided.pressed(self.phone.wait_for_key(step.wait_seconds), step, name)
        kept = self.journal.sound_of(listen_id, result) is not None
        if kept and result.state not in _STILL_LISTENING:
            return Recorded()
        rest = self.unaided.record(step, name)
        return Recorded() if kept else rest

    def _wait_for_words(self, listen_id: str) -> Result | None:
        """Wait for the final words; meanwhile the caller hears that an answer is coming.

        A recogniser that still waits for the connection never had it: nothing will come.
        """
        result, wait = None, _FIRST_WAIT_SECONDS
        for _ in range(_MOST_WAITS):
            try:
                result = self.recogniser.result(listen_id, wait)
            except AsrAway as error:
                log.warning("words are not to be had", error=str(error))
                return result
            if result.ready or _certain(result) or result.state == "waiting":
                return result
            self.phone.play(f"{SOUNDS}/one_moment")
            wait = _NEXT_WAIT_SECONDS
        return result

    def _read(self, result: Result, step: Menu | Ask | Listen) -> Reply:
        danger = self._danger(result)
        plain = answer_of(step, Heard(result.text)) if danger and not danger.certain else None
        if danger and not plain:
            return danger
        collects = isinstance(step, Ask) and step.most is not None
        typed = result.keys.rstrip("#")
        if conflict := conflict_of(step, typed, result.text):
            return conflict
        if typed or (collects and result.keys and not result.text):
            return Pressed(typed)
        return Heard(result.text) if result.text.strip() else NoInput()

    def _danger(self, result: Result) -> Danger | None:
        """Read the recogniser's verdict, and judge the final words again: twice is cheap."""
        found = result.emergency
        if found and found.get("service") and found.get("decision") in ("certain", "doubtful"):
            verdict = dict(found)
        else:
            again = detect(result.text)
            if again.decision is Decision.NONE or again.service is None:
                return None
            verdict = {
                "decision": again.decision.value,
                "service": again.service,
                "also": list(again.also),
                "cue": again.cue,
                "weakened_by": again.weakened_by,
            }
        self.last_danger = verdict
        certain = verdict["decision"] == "certain"
        return Danger(str(verdict["service"]), certain, result.text)

    def _keep_last_words(self, listen_id: str, step: Menu | Ask | Listen, name: str) -> None:
        """The caller hung up in mid-sentence: what was said is kept."""
        result: Result | None = None
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                result = self.recogniser.result(listen_id, 5)
            except AsrAway:
                break
            if result.ready:
                break
        if result is None and not self.journal.sound_of(listen_id, None):
            return
        pending = result is None or not result.ready or result.state == "failed"
        self.journal.words(listen_id, step, name, result or Result("failed"), pending=pending)


def _certain(result: Result) -> bool:
    return bool(result.emergency and result.emergency.get("decision") == "certain")


def _stop_keys(keys: str) -> str:
    return "".join(sorted(set(keys) | {"#"}))
