"""How long one who waits has to wait yet, from how fast callers were taken lately. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

SPOKEN_MINUTES = (1, 2, 3, 5, 10, 15, 20, 30)
"""The waits there are sentences for (`wait_1` …); the last stands for all longer ones."""
FEWEST = 3
"""Callers taken before anything is said of how long it takes."""

Taken = tuple[dt.datetime, dt.datetime]
"""When a caller joined the queue, and was connected with an agent."""


def seconds_a_place(taken: Sequence[Taken]) -> float | None:
    """Return the mean time in which the queue moves on by one caller; None while unknown.

    For each caller it counts from the one before being taken, or from joining if that was later.
    """
    if len(taken) < FEWEST:
        return None
    rows = sorted(taken, key=lambda one: one[1])
    before, took = rows[0][0], []
    for joined, connected in rows:
        took.append((connected - max(before, joined)).total_seconds())
        before = connected
    return max(sum(took) / len(took), 0.0)


def minutes(place: int, a_place: float | None) -> int | None:
    """Return the minutes to tell at a place in the queue (1 is the next one)."""
    if a_place is None:
        return None
    wanted = place * a_place / 60
    return next((one for one in SPOKEN_MINUTES if one >= wanted), SPOKEN_MINUTES[-1])
