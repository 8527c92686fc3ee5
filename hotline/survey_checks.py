"""What must hold after a rehearsal of surveys: told as faults, one line each; none is success."""

import datetime as dt
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from backend.statistics.rates import NotRated
from backend.statistics.report import Report
from backend.surveys.codes import SurveyResult
from hotline.exchange_arrivals import Arrival
from hotline.survey_citizens import BY_HAND, LEFT_OUT, VALID, Citizen
from hotline.trunk_calls import TrunkCall

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
    """See that no survey has too many tries, none too early, none twice in a part of the day.

    A citizen who said when they have time is called then, whatever was tried before.
    """
    for survey in surveys:
        tries = [one for one in survey["tries"] if one["result"] != "congested"]
        if len(tries) > most:
            yield f"{survey['ticket']}: {len(tries)} tries"
        free = [one for one, last in zip(tries, [None, *tries], strict=False) if not _wished(last)]
        if len({one["part"] for one in free}) < len(free):
            yield f"{survey['ticket']}: two tries in one part of the day"
        times = [dt.datetime.fromisoformat(one["began_at"]) for one in tries]
        if any(later - earlier < rest for earlier, later in pairwise(times)):
            yield f"{survey['ticket']}: a number that did not rest"


def _wished(last: Json | None) -> bool:
    return last is not None and last["wished_for"] is not None


def on_the_trunk(
    calls: Sequence[TrunkCall], surveys: Iterable[Json], lines: int, per_second: float
) -> Iterator[str]:
    """See in the capture that every try rang and nothing else, never too many or too fast."""
    written = sum(len(one["tries"]) for one in surveys)
    if len(calls) != written:
        yield f"{len(calls)} calls left on the trunk, {written} tries are written"
    if (at_once := most_at_once(calls)) > lines:
        yield f"{at_once} calls at once, {lines} allowed"
    if (fastest := most_in(calls, 1.0)) > per_second:
        yield f"{fastest} calls in one second, {per_second:g} allowed"
    if unended := [one.number for one in calls if one.ended_at is None]:
        yield f"calls that never ended: {unended[:5]}"


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


def in_turn(citizens: Sequence[Citizen], surveys: Mapping[str, Json]) -> Iterator[str]:
    """See that units took turns with their first calls, and each unit's oldest went first.

    `citizens` are in the order in which their tickets were closed; all fell due at once.
    """
    first = {one.ticket: surveys[one.ticket]["tries"][0]["began_at"] for one in citizens}
    waiting: dict[str, list[str]] = defaultdict(list)
    for one in citizens:
        waiting[one.unit].append(one.ticket)
    last = ""
    for one in sorted(citizens, key=lambda each: first[each.ticket]):
        queue = waiting[one.unit]
        if queue[0] != one.ticket:
            yield f"{one.ticket} ({one.unit}) was called before the older {queue[0]}"
        queue.remove(one.ticket)
        if one.unit == last and any(waiting[unit] for unit in waiting if unit != last):
            yield f"{one.ticket}: {one.unit} had two turns while others waited"
        last = one.unit


def table(report: Report, groups: int) -> Iterator[str]:
    """Compare V, the reasons without, and the rates of a report with those made by hand."""
    made, wanted = dict(report.counts.excluded), LEFT_OUT
    if report.counts.valid != VALID * groups:
        yield f"V is {report.counts.valid}, by hand {VALID * groups}"
    if made != {SurveyResult(name): many * groups for name, many in wanted.items()}:
        yield f"left out are {made}, by hand {groups} times {wanted}"
    for name, value in rates(report).items():
        if value != BY_HAND[name]:
            yield f"{name} is {value}, by hand {BY_HAND[name]}"


def rates(report: Report) -> dict[str, Fraction]:
    """Return the three rates of a report and the score they make; none when it is not rated."""
    found = report.figures
    if isinstance(found, NotRated):
        return {}
    values = {name: getattr(found, name).value for name in ("contact", "solution", "satisfaction")}
    return values | {"score": found.score}


def talks(citizens: Iterable[Citizen], calls: Iterable[TrunkCall], result: str) -> Iterator[float]:
    """Give the seconds from answer to end of each answered call to citizens who end so."""
    ours = {one.number for one in citizens if one.kind.result == result and not one.kind.first}
    for call in calls:
        if call.number in ours and call.answered_at and call.ended_at:
            yield call.ended_at - call.answered_at


def most_in(calls: Iterable[TrunkCall], seconds: float) -> int:
    """Count the most calls that began within any stretch of so many seconds."""
    begun = sorted(one.invited_at for one in calls)
    return max((bisect_left(begun, at + seconds) - n for n, at in enumerate(begun)), default=0)


def most_at_once(calls: Iterable[TrunkCall]) -> int:
    """Count the most calls that were on the trunk at one moment."""
    steps = Counter[tuple[float, int]]()
    for one in calls:
        steps[one.invited_at, 1] += 1
        steps[one.ended_at or one.invited_at, -1] += 1
    now = most = 0
    for (_, step), times in sorted(steps.items()):
        now += step * times
        most = max(most, now)
    return most
