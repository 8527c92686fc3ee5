"""The wait for an agent: who speaks the caller's dialect first, keys, and when it is over."""

import time

from agi.phone import Queued
from agi.state import Call

DIALECTS = {"定州市": "dingzhou", "涞源县": "laiyuan", "阜平县": "laiyuan"}
"""The dialect that is spoken where it is not the region's own; codes as in queues.conf."""
HERE = "baoding"
UNCLEAR_STATEMENTS = 2
PUT_RIGHT = frozenset({"draft_corrected", "inbound.draft_corrected"})
"""Steps of the flow after which the caller has been read back something wrong already."""


def wait_for_agent(call: Call, keys: frozenset[str]) -> Queued:
    """Wait until an agent has talked with the caller, a key among ``keys`` is pressed, or too long.

    A key that leads nowhere here goes on waiting, before those who came later.
    """
    routes, phone = call.hotline.routes, call.phone
    until = time.monotonic() + routes.agents_wait_seconds
    dialect = dialect_of(call) if misunderstood(call) else ""
    ahead = call.emergency is not None
    while (left := int(until - time.monotonic() + 0.5)) > 0:
        if dialect:
            queue, seconds = f"{routes.agents}-{dialect}", min(left, routes.dialect_seconds)
        else:
            queue, seconds = routes.agents, left
        ended = phone.queue(queue, seconds, ahead=ahead)
        if ended is Queued.NOBODY and dialect:
            dialect = ""
        elif ended is Queued.DIALECT:
            dialect, ahead = dialect_of(call), True
        elif ended.key and ended.key not in keys:
            ahead = True
        else:
            return ended
    return Queued.NOBODY


def misunderstood(call: Call) -> bool:
    """Tell whether the caller was not understood twice."""
    return call.unclear >= UNCLEAR_STATEMENTS or not PUT_RIGHT.isdisjoint(call.walk.path)


def dialect_of(call: Call) -> str:
    """Name the dialect of the district that the caller spoke of, else the region's own."""
    return DIALECTS.get(call.matter.known.get("district", ""), HERE)
