"""Why a call was not answered: the causes of Q.850 as a try's result."""

from __future__ import annotations

from backend.surveys.codes import TryResult

_BY_CAUSE = {
    TryResult.BUSY: (17, 21),
    TryResult.NO_ANSWER: (18, 19, 102),
    TryResult.SWITCHED_OFF: (20, 27),
    TryResult.INVALID: (1, 2, 3, 22, 28),
}
RESULTS = {cause: result for result, causes in _BY_CAUSE.items() for cause in causes}
"""Cause -> result. What is not here is the network's own trouble, and no try of the citizen's."""


OUR_OWN = frozenset({None, 0, 16, 26, 127})
"""What stands there when we gave up waiting."""


UNAVAILABLE = 19


def result_of(cause: int | None, *, rang: bool) -> TryResult:
    """Return what an unanswered call's cause means.

    One that rang and was given up by us is no answer; one that never rang and is said not to be
    answered cannot be rung: a network's 480 comes as 19. Anything else unknown is congestion.
    """
    if not rang and cause == UNAVAILABLE:
        return TryResult.SWITCHED_OFF
    if rang and cause in OUR_OWN:
        return TryResult.NO_ANSWER
    return RESULTS.get(cause or 0, TryResult.CONGESTED)
