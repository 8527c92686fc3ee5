"""Whose turn it is: due surveys in the order in which they are dialled."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from backend.deadlines.moments import in_shanghai

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A survey that is due: its id, its handling unit, and when its ticket was closed (aware)."""

    id: str
    unit: str
    closed_at: datetime


def in_turn(waiting: Iterable[Waiting], served: Mapping[str, datetime]) -> list[Waiting]:
    """Every waiting survey once: one of each unit in turn, the oldest of a unit first.

    `served` says when a survey of a unit was last dialled. The unit longest not served begins, so
    that a dialler which takes only the first few each time still comes to every unit: the p-th
    survey of a unit is dialled within p turns of all units, however many newer ones arrive.
    """
    queues: dict[str, list[Waiting]] = defaultdict(list)
    for one in sorted(waiting, key=_age):
        queues[one.unit].append(one)

    def turn(unit: str) -> tuple[datetime, tuple[datetime, str], str]:
        last = served.get(unit)
        return (in_shanghai(last).astimezone(UTC) if last else _NEVER, _age(queues[unit][0]), unit)

    units = sorted(queues, key=turn)
    rounds = max((len(queue) for queue in queues.values()), default=0)
    return [queues[u][i] for i in range(rounds) for u in units if i < len(queues[u])]


def _age(one: Waiting) -> tuple[datetime, str]:
    return in_shanghai(one.closed_at).astimezone(UTC), one.id
