"""Tells a call as journal entries, in the words of a test."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

HEATING = "莲池区裕华路的暖气停了三天了"
START = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)

Row = dict[str, Any]


class Story:
    """One call; each method returns an entry that happened a second after the one before."""

    def __init__(self, caller: str = "13812345678") -> None:
        self.call_id = str(uuid.uuid4())
        self.caller = caller
        self.entries: list[Row] = []

    def opened(self, **more: Any) -> Row:
        data = {"caller": self.caller, "called": "12345", "flow": "inbound"}
        return self._add("call.opened", {**data, "sip_call_id": f"{self.call_id}@net", **more})

    def heard(self, text: str = HEATING, step: str = "matter", **more: Any) -> Row:
        data = {"step": step, "listen_id": str(uuid.uuid4()), "text": text, "pending": False}
        return self._add("call.heard", {**data, "profile": "statement", **more})

    def pending(self, sound: str = "utterances/one.wav", **more: Any) -> Row:
        return self.heard("", sound=sound, **{"pending": True, **more})

    def emergency(self, *results: str, **more: Any) -> Row:
        attempts = [{"number": "119", "result": result} for result in results]
        data: Row = {"service": "119", "also": [], "cue": "着火了", "source": "word"}
        data |= {"decided_at": START.isoformat(), "attempts": attempts}
        return self._add("call.emergency", {**data, **more})

    def transcribed(self, words: Row) -> Row:
        return self._add("call.transcribed", words)

    def closed(self, outcome: str = "completed") -> Row:
        return self._add("call.closed", {"outcome": outcome, "path": ["matter", "bye"]})

    def _add(self, kind: str, data: Row) -> Row:
        at = START + dt.timedelta(seconds=len(self.entries))
        entry: Row = {"id": str(uuid.uuid4()), "call_id": self.call_id, "kind": kind}
        entry |= {"at": at.isoformat(), "data": data}
        self.entries.append(entry)
        return entry
