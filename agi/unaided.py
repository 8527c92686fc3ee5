"""A step that listens without the recogniser: by keys, and by recording what is said."""

from contextlib import suppress
from dataclasses import dataclass

from agi.asr_client import AsrAway, Recogniser
from agi.heard import Heard
from agi.phone import Phone
from agi.sounds import SOUNDS
from ivr_flows.prompts import Prompt
from ivr_flows.schema import Ask, Listen, Menu
from ivr_flows.walk import NoInput, Pressed, Recorded, Reply

_RECORDED_SILENCE_SECONDS = 5
"""Silence that ends a recording; at its start too, so it leaves time to begin."""
_EMERGENCY_KEY = "9"
"""Ends a recording: a caller in danger need not wait for its end."""
_FALLBACK_PROMPT = "read_back_unclear"
"""Said when a sentence that had to be made during the call cannot be made."""


@dataclass(slots=True)
class Unaided:
    """Asks by the telephone exchange's own means: keys for a choice, a recording for words."""

    phone: Phone
    recogniser: Recogniser
    heard: Heard
    recordings: int = 1
    """The number of the latest recording; the first is the dialplan's own message."""

    def ask(self, step: Menu | Ask | Listen, name: str, prompt: Prompt, said: str) -> Reply:
        """Play the prompt and take what comes: a key, or sound that is read later."""
        digits = "0123456789*#"
        sound = f"{SOUNDS}/{prompt.name}"
        if prompt.dynamic:
            sound = f"{SOUNDS}/{_FALLBACK_PROMPT}"
            with suppress(AsrAway):
                sound = self.recogniser.speech(said)
        key = self.phone.play(sound, digits)
        if isinstance(step, Menu):
            key = key or self.phone.wait_for_key(step.wait_seconds)
            return self.pressed(key, step, name)
        if isinstance(step, Ask) and step.most is not None:
            return self._collect(key, step, name)
        if key and key != "#":
            return self.pressed(key, step, name)
        return self.record(step, name)

    def pressed(self, keys: str, step: Menu | Ask | Listen, name: str) -> Reply:
        """Keep the keys and give them as the reply; none are no input."""
        if not keys:
            return NoInput()
        self.heard.keys(keys, step, name)
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
            self.pressed(keys, step, name)
        return Pressed(keys)

    def record(self, step: Menu | Ask | Listen, name: str) -> Reply:
        """Tell the caller, record, and keep the sound for later."""
        if isinstance(step, Menu):
            return NoInput()
        self.recordings += 1
        sound = f"messages/{self.phone.party.call_id}-{self.recordings}"
        spoke = False
        try:
            key = self.phone.play(f"{SOUNDS}/please_record", f"#{_EMERGENCY_KEY}")
            if key != _EMERGENCY_KEY:
                key = self.phone.record(sound, step.longest_seconds, _RECORDED_SILENCE_SECONDS)
        finally:
            spoke = self.heard.recording(f"{sound}.wav", step, name)
        if key == _EMERGENCY_KEY:
            return self.pressed(key, step, name)
        return Recorded() if spoke else NoInput()
