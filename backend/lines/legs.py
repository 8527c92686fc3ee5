"""What the dialplan noted of a call's legs, whatever became of the programs around it.

recordings/<call id>.legs holds lines ``epoch|number|moment|service``. Moments of a number are
dialled, answered, connected, then busy, no_answer, failed, far_hangup or answered once more; of
``caller``: left, told, and cut where the exchange itself went down with their line; of ``citizen``,
who is called back: answered.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from backend.calls.entries import Attempt, Emergency

ENDS = frozenset({"busy", "no_answer", "failed", "far_hangup", "answered"})
SAME_SECONDS = 3.0
"""Two reports of one ringing differ by less than this."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One line of the notes."""

    at: datetime
    number: str
    moment: str
    service: str


def path_of(media: Path, call_id: uuid.UUID) -> Path:
    """Return where the legs of a call are noted."""
    return media / "recordings" / f"{call_id}.legs"


def read_legs(media: Path, call_id: uuid.UUID) -> list[Leg]:
    """Read the notes, oldest first; lines that cannot be read are left out."""
    try:
        text = path_of(media, call_id).read_text("utf-8", "replace")
    except OSError:
        return []
    return [leg for line in text.splitlines() if (leg := _leg(line))]


def _leg(line: str) -> Leg | None:
    match line.split("|"):
        case [at, number, moment, *rest]:
            try:
                when = datetime.fromtimestamp(float(at), UTC)
            except (ValueError, OverflowError, OSError):
                return None
            return Leg(when, number, moment, rest[0] if rest else "")
    return None


def noted(legs: list[Leg], number: str, moment: str) -> bool:
    """Tell whether this was noted."""
    return any((leg.number, leg.moment) == (number, moment) for leg in legs)


def since_cut(legs: list[Leg]) -> list[Leg]:
    """Return what was noted since the exchange came up again; all of it if it never went down."""
    cuts = [at for at, leg in enumerate(legs, 1) if (leg.number, leg.moment) == ("caller", "cut")]
    return legs[cuts[-1] :] if cuts else legs


def cut_off(legs: list[Leg]) -> str | None:
    """Name the service that was being called when the caller left unserved, or None.

    A talk that went down with the exchange has served nobody for certain.
    """
    wanted = [leg.service for leg in legs if leg.service and leg.number != "citizen"]
    now = since_cut(legs)
    met = any(leg.moment == "connected" for leg in now)
    with_agent = noted(now, "agents", "answered")
    if not wanted or not left(legs) or met or with_agent or noted(legs, "caller", "told"):
        return None
    return wanted[-1]


def left(legs: list[Leg]) -> bool:
    """Tell whether the caller's line has ended."""
    return noted(legs, "caller", "left") or noted(legs, "caller", "cut")


def called_back_talks(legs: list[Leg]) -> bool:
    """Tell whether a citizen who was called back is still on the line."""
    on = False
    for leg in legs:
        match leg.number, leg.moment:
            case "citizen", "answered":
                on = True
            case "caller", "left" | "cut":
                on = False
    return on


def attempts_of(legs: list[Leg], service: str) -> list[Attempt]:
    """Return the ringings of a service that are over; the caller's leaving ends one, too."""
    tried: list[Attempt] = []
    for leg in legs:
        if leg.number == "caller" and leg.moment in ("left", "cut"):
            tried = [_ended(one, "caller_left", leg.at) if not one.result else one for one in tried]
        elif leg.service != service or leg.number in ("caller", "citizen"):
            continue
        elif leg.moment == "dialled":
            tried.append(Attempt(number=leg.number, dialled_at=leg.at))
        elif tried and tried[-1].number == leg.number and leg.moment in {*ENDS, "connected"}:
            result = "answered" if leg.moment == "connected" else leg.moment
            # Answered alone is not yet a talk: the far side hears who calls before.
            if leg.moment != "answered" or tried[-1].result == "answered":
                tried[-1] = _ended(tried[-1], result, leg.at)
    return [one for one in tried if one.result]


def _ended(one: Attempt, result: str, at: datetime) -> Attempt:
    return one.model_copy(update={"result": result, "ended_at": at})


def met_at(legs: list[Leg], service: str) -> datetime | None:
    """Return when the service and the caller had each other on the line for good, or None."""
    for place, leg in enumerate(legs):
        if leg.moment != "connected" or leg.service != service:
            continue
        later = (one for one in legs[place + 1 :] if one.number == leg.number)
        if next((one.moment for one in later), None) != "far_hangup":
            return leg.at
    return None


def with_legs(known: Emergency | None, legs: list[Leg], service: str) -> Emergency | None:
    """Add to an emergency what only the legs tell; None if they tell nothing new."""
    found = attempts_of(legs, service)
    had = list(known.attempts) if known else []
    fresh = [one for one in found if not any(_same(one, other) for other in had)]
    met = met_at(legs, service)
    if not fresh and (met is None or (known is not None and known.answered_at)):
        return None
    tried = sorted(
        [*had, *fresh], key=lambda one: one.dialled_at or datetime.max.replace(tzinfo=UTC)
    )
    answered = (known.answered_at if known else None) or met
    if known is None:
        first = found[0].dialled_at if found else met
        return Emergency(
            service=service, source="key", decided_at=first, attempts=tried, answered_at=answered
        )
    return known.model_copy(update={"attempts": tried, "answered_at": answered})


def _when(one: Attempt) -> float:
    return one.dialled_at.timestamp() if one.dialled_at else float("inf")


def _same(one: Attempt, other: Attempt) -> bool:
    if one.number != other.number or one.dialled_at is None or other.dialled_at is None:
        return False
    return abs(one.dialled_at - other.dialled_at) < timedelta(seconds=SAME_SECONDS)
