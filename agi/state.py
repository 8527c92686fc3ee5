"""What is known of one call while it lasts, and its journal."""

from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from agi.actions import Matter
from agi.entries import Entry
from agi.hotline import Hotline, Outcome
from agi.listening import Ear
from agi.phone import Phone
from agi.transfer import Emergency
from ivr_flows.check import SURVEY
from ivr_flows.walk import Walk

_SURE = 0.4
"""A confidence below this tells that the words are as good as not understood."""


@dataclass(slots=True)
class Call:
    """One call on its way through the flow."""

    phone: Phone
    hotline: Hotline
    walk: Walk
    ear: Ear = field(init=False)
    matter: Matter = field(init=False)
    emergency: Emergency | None = None
    reached: Outcome | None = None
    answered_at: str | None = None
    said: list[str] = field(default_factory=list)
    """What the caller has said so far, step by step."""
    unclear: int = 0
    """How often the caller spoke and hardly a word could be made out."""
    written: list[Future[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        party, hotline = self.phone.party, self.hotline
        placed = self.walk.entrance == SURVEY
        self.ear = Ear(self.phone, hotline.recogniser, self.note, hotline.media, placed)
        self.matter = Matter(party.call_id, party.caller, hotline.backend, self.unsent)

    def note(self, kind: str, data: Mapping[str, Any]) -> None:
        """Keep one fact in the journal."""
        if kind == "call.heard" and data.get("text"):
            self.said.append(str(data["text"]))
        if kind == "call.heard" and _unclear(data):
            self.unclear += 1
        entry = Entry(self.phone.party.call_id, kind, data)
        self.written.append(self.hotline.journal.write(entry))

    def unsent(self) -> list[Entry]:
        """Give the entries that the backend may not have yet."""
        self.settle()
        return self.hotline.journal.unsent(self.phone.party.call_id)

    def settle(self) -> None:
        """Wait until what was noted is safe; a spool that cannot write has said so itself."""
        for future in self.written:
            with suppress(Exception):
                future.result(self.hotline.safe_seconds)
        self.written.clear()


def _unclear(heard: Mapping[str, Any]) -> bool:
    spoke = heard.get("ended_by") in ("silence", "longest") and not heard.get("pending")
    sure = heard.get("confidence")
    return spoke and (not heard.get("text") or (sure is not None and sure < _SURE))
