"""What was said, by whom, word by word, so that the sound at a word can be heard."""

from __future__ import annotations

from dataclasses import dataclass

from backend.calls.fold import AGENT_STEP, Picture, Utterance
from backend.people.callers import hush


@dataclass(frozen=True, slots=True)
class Spoken:
    """One word as it is shown: where it begins in the sound, and whether it was heard badly."""

    text: str
    start: float
    unsure: bool


@dataclass(frozen=True, slots=True)
class Said:
    """One utterance: its words where they can be told apart, else its text."""

    listen_id: str
    text: str
    words: list[Spoken]
    sound: bool
    pending: bool
    by_agent: bool


UNSURE_BELOW = 0.6


def said(picture: Picture) -> list[Said]:
    """Return what was said by both, in its order; what holds a number is shown whole and hushed."""
    return [_said(one) for one in picture.utterances if one.text or one.pending]


def _said(one: Utterance) -> Said:
    text = hush(one.text)
    timed = [word for word in one.words if word.start is not None]
    whole = len(timed) == len(one.words) and text == one.text
    words = [
        Spoken(word.word, word.start or 0.0, word.conf is not None and word.conf < UNSURE_BELOW)
        for word in (timed if whole else [])
    ]
    return Said(one.key, text, words, one.sound is not None, one.pending, one.step == AGENT_STEP)
