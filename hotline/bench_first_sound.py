"""Measure how long a caller waits in silence: from the answer to the first sound on the line."""

import json
import time

from hotline.bench_load import quantile
from hotline.exchange import Exchange
from hotline.instance import PREFIX, InstanceError
from hotline.programs import Env

LIMIT_SECONDS = 0.3
"""What the slowest caller of twenty may wait."""
STAYS_SECONDS = 2.0


async def measure(env: Env, calls: int) -> bool:
    """Place calls one after another, print the table, and tell whether p95 is within the limit.

    The moment is taken at the caller's end of the trunk, in the sound itself.
    """
    if env.get(f"{PREFIX}EXCHANGE") != "yes":
        raise InstanceError("the simulated exchange is off, and it places these calls")
    waits = []
    async with Exchange(env) as exchange:
        for number in range(1, calls + 1):
            began = time.monotonic()
            placed = await exchange.place(caller=f"137{number:08d}", wav=None, hangup=STAYS_SECONDS)
            if placed.answered_at is None or placed.first_sound_at is None:
                raise InstanceError(f"call {number} was not answered or heard nothing")
            waits.append(placed.first_sound_at - placed.answered_at)
            took = time.monotonic() - began
            print(f"[{number}/{calls}] {waits[-1]:.3f} s ({took:.0f} s)", flush=True)
    waits.sort()
    shares = {name: quantile(waits, share) for name, share in (("p50", 0.5), ("p95", 0.95))}
    print(json.dumps({"first_sound_seconds": shares, "calls": calls, "limit": LIMIT_SECONDS}))
    return (shares["p95"] or 0.0) <= LIMIT_SECONDS
