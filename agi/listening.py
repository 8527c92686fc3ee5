"""One step that listens, from the prompt to the reply; what the caller said is kept in any case.

The recogniser plays, listens and decides the end. Where it is full, away or dies in the step,
the step is recorded instead and journalled as pending: its words become known later.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import structlog

from agi.asr_client import AsrAway, Question, Result
from agi.phone import CallerLeft, Phone
from agi.sounds import holds_speech
from ivr_flows.emergency import Decision, detect
from ivr_flows.prompts import Prompt
from ivr_flows.schema import Ask, Listen, Menu
from ivr_flows.walk import Danger, Heard, NoInput, Pressed, Recorded, Reply

log = structlog.get_logger(__name__)

SOUNDS = "sounds/zh"
EMERGENCY = "emergency."
"""How the steps of the emergency flow begin, entered from another flow."""
_FIRST_WAIT_SECONDS = 0.8
"""A caller who waits longer than this for an answer hears that it is coming."""
_NEXT_WAIT_SECONDS = 3.0
_MOST_WAITS = 6
_STILL_LISTENING = {"waiting", "listening"}
_RECORDED_SILENCE_SECONDS = 5
"""Silence that ends a recording; at its start too, so it leaves time to begin."""


class Recogniser(Protocol):
    """What listens. Methods raise ``AsrAway``."""

    def announce(self, question: Question) -> None:
        """Tell what the next AudioSocket connection is for."""
        ...

    def result(self, listen_id: str, wait_seconds: float) -> Result:
        """Ask what was heard, waiting for the final words at most this long."""
        ...

    def speech(self, text: str, within_seconds: float = 1.5) -> str:
        """Have a sentence said; give the sound's name in the media directory."""
        ...


Note = Callable[[str, dict[str, Any]], None]
"""Keeps one fact of the call: its kind and data."""


@dataclass(slots=True)
class Ear:
    """Listens on one call."""

    phone: Phone
    recogniser: Recogniser
    note: Note
    media: Path
    recordings: int = 1
    """The number of the latest recording; the first is the dialplan's own message."""
    last_danger: dict[str, Any] | None = None
    """The verdict on the words that made the latest ``Danger``."""

    def ask(
        self, step: Menu | Ask | Listen, name: str, prompt: Prompt, said: str, keys: str
    ) -> Reply:
        """Play the prompt, listen, and give the reply; ``keys`` are all that mean something."""
        listen_id = str(uuid4())
        try:
            self.recogniser.announce(self._question(listen_id, step, name, prompt, said, keys))
        except AsrAway as error:
            log.warning("recogniser away, step recorded instead", step=name, error=str(error))
            return self._without_recogniser(step, name, prompt, said)
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
            profile=_profile(step),
            longest_seconds=step.longest_seconds,
            wait_seconds=step.wait_seconds,
            stop_keys="#" if collects else _stop_keys(keys),
            most_keys=step.most if isinstance(step, Ask) else None,
            grammar=step.words() if isinstance(step, Menu) else (),
            urgent=name.startswith(EMERGENCY),
        )

    # --- with the recogniser ---------------------------------------------------------------

    def _reply(self, listen_id: str, step: Menu | Ask | Listen, name: str) -> Reply:
        result = self._wait_for_words(listen_id)
        if result is None or result.state == "failed" or not (result.ready or _certain(result)):
            return self._without_words(listen_id, step, name, result or Result("listening"))
        self._note_heard(listen_id, step, name, result, pending=not result.ready)
        return self._read(result, step)

    def _without_words(
        self, listen_id: str, step: Menu | Ask | Listen, name: str, result: Result
    ) -> Reply:
        """No words came: a key counts, a kept sound is read later.

        The step is recorded if there is no sound, and goes on being recorded if the recogniser
        died while the caller spoke.
        """
        self._note_heard(listen_id, step, name, result, pending=True)
        if typed := result.keys.rstrip("#"):
            return Pressed(typed)
        if isinstance(step, Menu):
            return self._pressed(self.phone.wait_for_key(step.wait_seconds), step, name)
        kept = self._sound_of(listen_id, result) is not None
        if kept and result.state not in _STILL_LISTENING:
            return Recorded()
        rest = self._record(step, name)
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
        if danger := self._danger(result):
            return danger
        collects = isinstance(step, Ask) and step.most is not None
        typed = result.keys.rstrip("#")
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
        if result is None and not self._sound_of(listen_id, None):
            return
        pending = result is None or not result.ready or result.state == "failed"
        self._note_heard(listen_id, step, name, result or Result("failed"), pending=pending)

    # --- without the recogniser -------------------------------------------------------------

    def _without_recogniser(
        self, step: Menu | Ask | Listen, name: str, prompt: Prompt, said: str
    ) -> Reply:
        """Ask by the telephone exchange's own means: keys for a choice, a recording for words."""
        digits = "0123456789*#"
        sound = f"{SOUNDS}/{prompt.name}"
        if prompt.dynamic:
            sound = f"{SOUNDS}/{_FALLBACK_PROMPT}"
            with suppress(AsrAway):
                sound = self.recogniser.speech(said)
        key = self.phone.play(sound, digits)
        if isinstance(step, Menu):
            key = key or self.phone.wait_for_key(step.wait_seconds)
            return self._pressed(key, step, name)
        if isinstance(step, Ask) and step.most is not None:
            return self._collect(key, step, name)
        if key and key != "#":
            return self._pressed(key, step, name)
        return self._record(step, name)

    def _pressed(self, keys: str, step: Menu | Ask | Listen, name: str) -> Reply:
        if not keys:
            return NoInput()
        data = {"step": name, "profile": _profile(step), "keys": keys, "ended_by": "key"}
        self.note("call.heard", data | {"listen_id": str(uuid4()), "text": "", "pending": False})
        return Pressed(keys)

    def _collect(self, key: str, step: Ask, name: str) -> Reply:
        keys, most = "", step.most or 1
        key = key or self.phone.wait_for_key(step.wait_seconds)
        if not key:
            return NoInput()
        while key and key != "#":
            keys += key
            if len(keys) >= most:
                break
            key = self.phone.wait_for_key(4)
        if keys:
            self._pressed(keys, step, name)
        return Pressed(keys)

    def _record(self, step: Menu | Ask | Listen, name: str) -> Reply:
        """Tell the caller, record, and keep the sound for later."""
        if isinstance(step, Menu):
            return NoInput()
        self.recordings += 1
        sound = f"messages/{self.phone.party.call_id}-{self.recordings}"
        spoke = False
        try:
            self.phone.play(f"{SOUNDS}/please_record", "#")
            self.phone.record(sound, step.longest_seconds, _RECORDED_SILENCE_SECONDS)
        finally:
            if spoke := holds_speech(self.media / f"{sound}.wav"):
                data = {"step": name, "profile": _profile(step), "pending": True, "text": ""}
                kept = {"listen_id": str(uuid4()), "sound": f"{sound}.wav", "ended_by": "recorded"}
                self.note("call.heard", data | kept)
        return Recorded() if spoke else NoInput()

    # --- the journal -----------------------------------------------------------------------

    def _sound_of(self, listen_id: str, result: Result | None) -> str | None:
        """Find what was written of the step's sound, also by a recogniser that died in it."""
        if result and result.sound:
            return result.sound
        for ending in (".wav", ".sln"):
            name = f"utterances/{listen_id}{ending}"
            if holds_speech(self.media / name):
                return name
        return None

    def _note_heard(
        self, listen_id: str, step: Menu | Ask | Listen, name: str, result: Result, *, pending: bool
    ) -> None:
        sound = self._sound_of(listen_id, result)
        data = {
            "step": name,
            "listen_id": listen_id,
            "profile": _profile(step),
            "text": result.text,
            "words": result.words,
            "confidence": result.confidence,
            "engine": result.engine,
            "ended_by": result.ended_by or "failed",
            "keys": result.keys,
            "sound": sound,
            "pending": pending and sound is not None,
            "speech_end_at": result.moment("speech_end"),
            "final_text_at": result.moment("final_text"),
            "first_sound_at": result.moment("first_sound"),
            "times": result.times,
        }
        self.note("call.heard", data)


_FALLBACK_PROMPT = "read_back_unclear"
"""Said when a sentence that had to be made during the call cannot be made."""


def _certain(result: Result) -> bool:
    return bool(result.emergency and result.emergency.get("decision") == "certain")


def _profile(step: Menu | Ask | Listen) -> str:
    return "statement" if isinstance(step, Listen) else step.profile


def _stop_keys(keys: str) -> str:
    return "".join(sorted(set(keys) | {"#"}))
