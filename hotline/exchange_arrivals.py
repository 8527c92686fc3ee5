"""What came of the calls that the hotline placed to the simulated telephone network."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(slots=True)
class Arrival:
    """One call that reached a number; times are epoch seconds."""

    number: str
    caller: str
    invited_at: float
    answered_at: float | None = None
    ended_at: float | None = None
    heard: Path | None = None
    """Raw sound that the number heard from its answer on: 8 kHz, 16 bit, one channel."""


def read_arrivals(directory: Path, number: str) -> list[Arrival]:
    """Read the exchange's log of arrivals, oldest first; nothing called yet is an empty list."""
    log = directory / "arrivals.log"
    calls: dict[str, Arrival] = {}
    lines = log.read_text(encoding="ascii", errors="replace").splitlines() if log.exists() else []
    for line in lines:
        at, channel, moment, called, caller = (line.split("|") + [""] * 4)[:5]
        if called != number:
            continue
        match moment:
            case "invited":
                calls[channel] = Arrival(number, caller, float(at))
            case "answered" if channel in calls:
                calls[channel].answered_at = float(at)
                calls[channel].heard = directory / "heard" / f"{channel}.sln"
            case "ended" if channel in calls:
                calls[channel].ended_at = float(at)
            case _:
                pass
    return list(calls.values())
