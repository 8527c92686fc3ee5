"""Sentences made before their turn, so that no caller waits for the voice."""

from contextlib import suppress

from agi.asr_client import AsrAway
from agi.hotline import Hotline
from agi.state import Call
from ivr_flows.check import KNOWN_BY_ACTION
from ivr_flows.schema import Say

_AHEAD_SECONDS = 10.0


def say_ahead(call: Call, action: str) -> None:
    """Have the sentences made that the action's results will be told in, before their turn comes.

    A neural voice needs about as long as the sentence lasts; the caller must not wait for it.
    """
    hotline, known = call.hotline, call.matter.known
    said = {step.say for step in call.walk.flow.steps.values() if isinstance(step, Say)}
    prompts = [hotline.book.prompts[name] for name in said if name in hotline.book.prompts]
    sentences = [
        prompt.fill(known)
        for prompt in prompts
        if prompt.placeholders & KNOWN_BY_ACTION[action] and prompt.placeholders <= known.keys()
    ]
    if sentences and hotline.ahead.acquire(blocking=False):
        hotline.helpers.submit(_make, hotline, sentences)


def _make(hotline: Hotline, sentences: list[str]) -> None:
    try:
        for sentence in sentences:
            with suppress(AsrAway):
                hotline.recogniser.speech(sentence, within_seconds=_AHEAD_SECONDS)
    finally:
        hotline.ahead.release()
