"""Connecting the caller to a person: the agents, or an emergency service by its routes in order."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog

from agi.phone import CallerLeft, Dialled, Phone

log = structlog.get_logger(__name__)

FAR_HANGUP_SECONDS = 5.0
"""A far side that hangs up sooner than this has not helped: the next route is tried."""


@dataclass(frozen=True, slots=True)
class Routes:
    """The numbers each service is reached by; nothing else is ever dialled."""

    numbers: Mapping[str, tuple[str, ...]]
    wait_seconds: int = 10
    agents: str = "agents"
    agents_wait_seconds: int = 120
    sentence: bool = True
    """Whether the exchange can say which service it is ringing while it rings."""


@dataclass(slots=True)
class Emergency:
    """One emergency of a call as the journal keeps it: written anew after each attempt."""

    service: str
    source: str
    also: list[str] = field(default_factory=list)
    cue: str | None = None
    weakened_by: str | None = None
    decided_at: str = field(default_factory=lambda: _moment(time.time()))
    attempts: list[dict[str, str]] = field(default_factory=list)
    answered_at: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Give the emergency as the backend takes it."""
        return {
            "service": self.service,
            "also": self.also,
            "cue": self.cue,
            "weakened_by": self.weakened_by,
            "source": self.source,
            "decided_at": self.decided_at,
            "attempts": list(self.attempts),
            "answered_at": self.answered_at,
        }


def call_service(
    phone: Phone, routes: Routes, emergency: Emergency, note: Callable[[], None], media: Path
) -> bool:
    """Try the service's routes until somebody talked with the caller; False when nobody did.

    The caller's leg stays up between attempts. ``note`` is called before the first attempt and
    after each one. A caller who leaves while it rings or talks raises ``CallerLeft``, noted too.
    """
    note()
    for number in routes.numbers[emergency.service]:
        started = time.time()
        try:
            dialled = phone.dial(number, routes.wait_seconds, _music(routes, emergency.service))
        except CallerLeft:
            answered = answered_at(media, phone.party.call_id, number)
            emergency.answered_at = _moment(answered) if answered else None
            _attempted(emergency, number, started, "answered" if answered else "no_answer")
            note()
            raise
        result = dialled.value
        if dialled is Dialled.ANSWERED:
            answered = answered_at(media, phone.party.call_id, number) or started
            if time.time() - answered < FAR_HANGUP_SECONDS:
                result = "far_hangup"
            else:
                emergency.answered_at = _moment(answered)
        _attempted(emergency, number, started, result)
        note()
        if result == "answered":
            return True
        log.warning("emergency route failed", service=emergency.service, result=result)
    return False


def _attempted(emergency: Emergency, number: str, started: float, result: str) -> None:
    times = {"dialled_at": _moment(started), "ended_at": _moment(time.time())}
    emergency.attempts.append({"number": number, "result": result} | times)


def _music(routes: Routes, service: str) -> str | None:
    return f"transfer_{service}" if routes.sentence else None


def answered_at(media: Path, call_id: str, number: str) -> float | None:
    """Read from the exchange's own notes when a leg was answered (epoch seconds), or None.

    A caller who hangs up takes the line to the exchange along, so it cannot be asked; and its
    ANSWEREDTIME counts from when the caller's own leg was answered.
    """
    try:
        notes = (media / "recordings" / f"{call_id}.legs").read_text("utf-8", "replace")
    except OSError:
        return None
    for line in reversed(notes.splitlines()):
        match line.split("|"):
            case [moment, str(to), "answered"] if to == number:
                try:
                    return float(moment)
                except ValueError:
                    return None
    return None


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
