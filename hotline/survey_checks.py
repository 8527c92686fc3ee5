"""What must hold after a rehearsal of surveys: told as faults, one line each; none is success."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from hotline.exchange_arrivals import Arrival
from hotline.survey_citizens import BY_HAND, Citizen, rates

Json = Mapping[str, Any]
LATE_SECONDS = 180
"""How far the recorded and the real beginning of a call may lie apart."""


def outcome(survey: Json) -> str:
    """Give the three answers of a survey as one text, or the reason why there are none."""
    if survey["contact"] is None:
        return str(survey["result"])
    return f"{survey['contact']}/{survey['solution']}/{survey['satisfaction']}"


def as_planned(citizens: Iterable[Citizen], surveys: Mapping[str, Json]) -> Iterator[str]:
    """Compare each survey with what its citizen's behaviour must lead to."""
    for one in citizens:
        survey, kind = surveys[one.ticket], one.kind
        tries = tuple(each["result"] for each in survey["tries"] if each["result"] != "congested")
        if tries != kind.tries:
            yield f"{one.number} ({kind.name}): tries {tries}, planned {kind.tries}"
        if outcome(survey) != kind.result:
            yield f"{one.number} ({kind.name}): ended as {outcome(survey)}, not {kind.result}"


def none_lost(surveys: Mapping[str, Json], count: int) -> Iterator[str]:
    """See that every ticket has a survey, and every survey and try an end."""
    if len(surveys) != count:
        yield f"{count - len(surveys)} tickets have no survey"
    for ticket, survey in surveys.items():
        if not survey["ended_at"]:
            yield f"{ticket}: its survey never ended"
        if any(not one["result"] for one in survey["tries"]):
            yield f"{ticket}: a try without a result"


def gaps(surveys: Iterable[Json], rest: dt.timedelta, most: int) -> Iterator[str]:
    """See that no survey has too many tries, none too early, none twice in a part of the day."""
    for survey in surveys:
        tries = [one for one in survey["tries"] if one["result"] != "congested"]
        if len(tries) > most:
            yield f"{survey['ticket']}: {len(tries)} tries"
        if len({one["part"] for one in tries}) < len(tries):
            yield f"{survey['ticket']}: two tries in one part of the day"
        times = [dt.datetime.fromisoformat(one["began_at"]) for one in tries]
        if any(later - earlier < rest for earlier, later in pairwise(times)):
            yield f"{survey['ticket']}: a number that did not rest"


def on_the_trunk(
    arrivals: Sequence[Arrival], surveys: Iterable[Json], lines: int, per_second: float
) -> Iterator[str]:
    """See in the exchange's log that no more rang than was written, nor more at once or faster."""
    written = sum(len(one["tries"]) for one in surveys)
    if len(arrivals) > written:
        yield f"{len(arrivals)} calls reached the exchange, {written} tries are written"
    if (at_once := most_at_once(arrivals)) > lines:
        yield f"{at_once} calls at once, {lines} allowed"
    begun = sorted(one.invited_at for one in arrivals)
    allowed = int(per_second) + 1
    for first, last in zip(begun, begun[allowed:], strict=False):
        if last - first < 0.8:
            yield f"more than {allowed} calls in one second at {first:.1f}"


def rung_twice(
    arrivals: Iterable[Arrival], moments: Sequence[tuple[float, float]], rest: dt.timedelta
) -> Iterator[str]:
    """See that no number rang twice within its rest, by the surveys' clock.

    `moments` tells from which epoch on that clock was ahead by how much.
    """
    rang: dict[str, list[float]] = defaultdict(list)
    for one in sorted(arrivals, key=lambda each: each.invited_at):
        ahead = max((m for m in moments if m[0] <= one.invited_at), default=moments[0])[1]
        rang[one.number].append(one.invited_at + ahead)
    for number, times in rang.items():
        for earlier, later in pairwise(times):
            if later - earlier < rest.total_seconds() - LATE_SECONDS:
                yield f"{number} rang twice within {(later - earlier) / 3600:.2f} h"


def table(surveys: Mapping[str, Json], count: int) -> Iterator[str]:
    """Compare V and the three rates with those made by hand."""
    made = rates([outcome(one) for one in surveys.values()])
    wanted = BY_HAND | {"valid": BY_HAND["valid"] * count}
    for name, value in wanted.items():
        if abs(made.get(name, -1) - value) > 1e-9:
            yield f"{name} is {made.get(name)}, by hand {value}"


def most_at_once(arrivals: Iterable[Arrival]) -> int:
    """Count the most calls that were on the trunk at one moment."""
    steps = Counter[tuple[float, int]]()
    for one in arrivals:
        steps[one.invited_at, 1] += 1
        steps[one.ended_at or one.invited_at, -1] += 1
    now = most = 0
    for (_, step), times in sorted(steps.items()):
        now += step * times
        most = max(most, now)
    return most
