"""What listening steps heard, as the journal keeps it: nothing that was said is lost."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from agi.asr_client import Result
from agi.sounds import holds_speech
from ivr_flows.schema import Ask, Listen, Menu

Note = Callable[[str, dict[str, Any]], None]
"""Keeps one fact of the call: its kind and data."""


@dataclass(slots=True)
class Heard:
    """Writes down what one call's listening steps heard."""

    note: Note
    media: Path

    def words(
        self, listen_id: str, step: Menu | Ask | Listen, name: str, result: Result, *, pending: bool
    ) -> None:
        """Keep a step with the recogniser's result; its words may still be to come."""
        sound = self.sound_of(listen_id, result)
        data = {
            "step": name,
            "listen_id": listen_id,
            "profile": profile(step),
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

    def keys(self, keys: str, step: Menu | Ask | Listen, name: str) -> None:
        """Keep keys that were pressed without the recogniser."""
        data = {"step": name, "profile": profile(step), "keys": keys, "ended_by": "key"}
        self.note("call.heard", data | {"listen_id": str(uuid4()), "text": "", "pending": False})

    def recording(self, sound: str, step: Menu | Ask | Listen, name: str) -> bool:
        """Keep a recorded sound whose words come later; False if nobody speaks in it."""
        if not holds_speech(self.media / sound):
            return False
        data = {"step": name, "profile": profile(step), "pending": True, "text": ""}
        kept = {"listen_id": str(uuid4()), "sound": sound, "ended_by": "recorded"}
        self.note("call.heard", data | kept)
        return True

    def sound_of(self, listen_id: str, result: Result | None) -> str | None:
        """Find what was written of the step's sound, also by a recogniser that died in it."""
        if result and result.sound:
            return result.sound
        for ending in (".wav", ".sln"):
            name = f"utterances/{listen_id}{ending}"
            if holds_speech(self.media / name):
                return name
        return None


def profile(step: Menu | Ask | Listen) -> str:
    """Name what kind of answer a step expects."""
    return "statement" if isinstance(step, Listen) else step.profile
