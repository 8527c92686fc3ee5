"""The two sides of a talk, and the journal's entry of what one of them has said."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum
from typing import Any

from backend.calls.entries import Entry, Kind, read
from backend.calls.fold import AGENT_STEP


class Side(StrEnum):
    """Who is heard."""

    CITIZEN = "citizen"
    AGENT = "agent"

    @property
    def step(self) -> str:
        """The name of the listening step: an agent's words are no part of the matter."""
        return {Side.CITIZEN: "talk", Side.AGENT: AGENT_STEP}[self]


def entry_of(
    call_id: uuid.UUID, side: Side, listen_id: uuid.UUID, found: dict[str, Any], now: dt.datetime
) -> Entry | None:
    """Return what goes into the journal; None where nobody spoke."""
    text, sound = str(found.get("text") or "").strip(), found.get("sound")
    unread = found.get("state") == "failed" and sound is not None
    if not text and not unread:
        return None
    data = {
        "step": side.step,
        "listen_id": str(listen_id),
        "profile": "statement",
        "text": text,
        "words": found.get("words") or [],
        "confidence": found.get("confidence"),
        "engine": found.get("engine"),
        "ended_by": found.get("ended_by"),
        "sound": sound,
        "pending": unread,
        "times": found.get("times") or {},
    }
    began = (found.get("times") or {}).get("speech_start")
    at = dt.datetime.fromtimestamp(began, dt.UTC) if began else now
    return read(uuid.uuid5(listen_id, "heard"), call_id, Kind.HEARD.value, at, data)
