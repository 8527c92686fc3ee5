"""Connecting the caller to a person: the agents, or an emergency service by its routes in order."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog

from agi.phone import CallerLeft, Dialled, Phone

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Routes:
    """The numbers each service is reached by; nothing else is ever dialled."""

    numbers: Mapping[str, tuple[str, ...]]
    """For each service ``number`` or ``number@trunk``, in the order in which they are rung."""
    agents: str = "agents"
    agents_wait_seconds: int = 120
    dialect_seconds: int = 15
    """How long only agents who speak the caller's dialect are rung."""
    bridge_second: bool = True
    """Whether a second service that is needed is rung too, and joins the talk."""
    neighbours: Mapping[str, str] = field(default_factory=dict)
    """Area prefixes of neighbour cities by name: their services are rung first."""

    def of(self, service: str, said: str) -> tuple[str, ...]:
        """Give a service's routes for a caller who has said this."""
        own = self.numbers[service]
        prefix = neighbour(said, self.neighbours)
        return (f"{prefix}{service}", *own) if prefix else own


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
            "service": self.service or None,
            "also": self.also,
            "cue": self.cue,
            "weakened_by": self.weakened_by,
            "source": self.source,
            "decided_at": self.decided_at,
            "attempts": list(self.attempts),
            "answered_at": self.answered_at,
        }


def call_service(
    phone: Phone,
    routes: Routes,
    emergency: Emergency,
    note: Callable[[], None],
    media: Path,
    said: str = "",
) -> bool:
    """Try the service's routes until somebody talked with the caller; False when nobody did.

    The caller's leg stays up between attempts. ``note`` is called before the first attempt and
    after each one. A caller who leaves while it rings or talks raises ``CallerLeft``, noted too.
    """
    note()
    phone.in_danger(emergency.service)
    second = next(iter(emergency.also), None) if routes.bridge_second else None
    for route in routes.of(emergency.service, said):
        number, started = route.partition("@")[0], time.time()
        try:
            dialled = phone.dial(emergency.service, route, second)
        except CallerLeft:
            met = met_at(media, phone.party.call_id, number)
            emergency.answered_at = _moment(met) if met else None
            _attempted(emergency, number, started, "answered" if met else "caller_left")
            note()
            raise
        if dialled is Dialled.ANSWERED:
            met = met_at(media, phone.party.call_id, number)
            emergency.answered_at = _moment(met or started)
        _attempted(emergency, number, started, dialled.value)
        note()
        if dialled is Dialled.ANSWERED:
            return True
        log.warning("emergency route failed", service=emergency.service, result=dialled.value)
    return False


def neighbour(said: str, prefixes: Mapping[str, str]) -> str | None:
    """Give the area prefix of a neighbour city that is named as a place, not as part of a street.

    >>> neighbour("我在定州城里", {"定州": "0312"}), neighbour("定州路口", {"定州": "0312"})
    ('0312', None)
    """
    for name, prefix in prefixes.items():
        if re.search(rf"{re.escape(name)}(?!(大|东|西|南|北|中)?(路|街|道|巷|胡同))", said):
            return prefix
    return None


def _attempted(emergency: Emergency, number: str, started: float, result: str) -> None:
    times = {"dialled_at": _moment(started), "ended_at": _moment(time.time())}
    emergency.attempts.append({"number": number, "result": result} | times)


def met_at(media: Path, call_id: str, number: str) -> float | None:
    """Read when a service and the caller could hear each other (epoch seconds), or None."""
    return _noted(media, call_id, number, "connected")


def answered_at(media: Path, call_id: str, number: str) -> float | None:
    """Read when a leg was answered (epoch seconds), or None."""
    return _noted(media, call_id, number, "answered")


def _noted(media: Path, call_id: str, number: str, what: str) -> float | None:
    """Read a moment from the exchange's own notes.

    A caller who hangs up takes the line to the exchange along, so it cannot be asked; and its
    ANSWEREDTIME counts from when the caller's own leg was answered.
    """
    try:
        notes = (media / "recordings" / f"{call_id}.legs").read_text("utf-8", "replace")
    except OSError:
        return None
    for line in reversed(notes.splitlines()):
        match line.split("|"):
            case [moment, str(to), str(found), *_] if (to, found) == (number, what):
                try:
                    return float(moment)
                except ValueError:
                    return None
    return None


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
