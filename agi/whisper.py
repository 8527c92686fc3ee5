"""What a service hears before the caller is connected: who calls, from where, what was said."""

import os
from contextlib import suppress
from pathlib import Path

import structlog

from agi.asr_client import AsrAway
from agi.backend_client import BackendAway, BackendRefused
from agi.state import Call
from agi.transfer import Emergency
from ivr_flows.numbers import spoken_digits

log = structlog.get_logger(__name__)

_MADE_WITHIN_SECONDS = 1.5
"""A service answers within seconds; a plainer voice speaks where the better one is too slow."""
_MOST_SAID = 12
"""Characters of the caller's words: the whole is said within about six seconds."""
_MOST_PLACE = 10


def prepare_whisper(call: Call, emergency: Emergency) -> None:
    """Have the announcement made while the service rings; the dialling never waits for it.

    The dialplan looks for ``speech/whisper-<call id>.wav`` when the far side answers, and waits for
    it a second where ``.expected`` lies beside.
    """
    expected = _file(call, "expected")
    with suppress(OSError):
        expected.parent.mkdir(exist_ok=True)
        expected.touch()
        call.hotline.helpers.submit(_make, call, emergency)


def _make(call: Call, emergency: Emergency) -> None:
    try:
        made = call.hotline.recogniser.speech(text_of(call, emergency), _MADE_WITHIN_SECONDS)
        target = _file(call, "wav")
        target.unlink(missing_ok=True)
        os.link(call.hotline.media / f"{made}.wav", target)
    except (AsrAway, OSError) as error:
        log.warning("a service is not told who calls", error=type(error).__name__)
        _file(call, "expected").unlink(missing_ok=True)


def text_of(call: Call, emergency: Emergency) -> str:
    """Say in one breath who calls, from where, and what they said."""
    number = spoken_digits("".join(c for c in call.phone.party.caller if c.isdigit()))
    place, said = _place(call), _around("".join(call.said), emergency.cue)
    parts = ["热线转接", f"来电{number}" if number else "没有来电号码", place, said]
    return "，".join(part.strip("，。") for part in parts if part) + "。"


def _place(call: Call) -> str:
    """Ask for the place as the draft ticket has it; a backend that is away knows none."""
    if not call.said:
        return ""
    try:
        fields = call.matter.backend.draft(call.phone.party.call_id, call.unsent()).fields
    except (BackendAway, BackendRefused):
        return ""
    named = [str(fields.get(name) or "") for name in ("district", "place")]
    return "".join(part for part in named if part)[:_MOST_PLACE]


def _around(said: str, cue: str | None) -> str:
    """Cut the words so that those which told of danger are among them."""
    at = said.find(cue) if cue else -1
    begin = max(0, at - _MOST_SAID // 4) if at > 0 else 0
    return said[begin : begin + _MOST_SAID]


def _file(call: Call, ending: str) -> Path:
    return call.hotline.media / "speech" / f"whisper-{call.phone.party.call_id}.{ending}"
