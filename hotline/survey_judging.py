"""Judges a rehearsal of surveys: prints what came of it beside what must come of it."""

import asyncio
import datetime as dt
import wave
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from backend.database import Database
from backend.statistics import asking
from backend.statistics.counts import Dimension
from backend.statistics.periods import month_of
from backend.statistics.report import Report
from backend.statistics.rules import history_of
from backend.surveys.plan import Rules
from backend.surveys.slots import Places
from hotline import survey_checks as checks
from hotline.instance import PREFIX
from hotline.programs import Env
from hotline.survey_citizens import BY_HAND, GROUP, LEFT_OUT, SATISFIED, VALID
from hotline.survey_stage import Json, Stage
from hotline.trunk_calls import TrunkCall

LONGEST_TALK_SECONDS, LONGEST_THANKS_SECONDS = 60.0, 4.0


async def judge(
    stage: Stage,
    surveys: Sequence[Json],
    trunk: Sequence[TrunkCall],
    lines: int,
    per_second: float,
    *,
    kill: bool,
) -> list[str]:
    """Print the tables and return every difference; after kills an ending may be another one."""
    rules, count = Rules(), len(stage.citizens)
    ours = {one.number for one in stage.citizens}
    others = Counter(one.number for one in trunk if one.number not in ours)
    trunk = [one for one in trunk if one.number in ours]
    by_ticket = {one["ticket"]: one for one in surveys}
    lost = list(checks.none_lost(by_ticket, count))
    faults = [*lost, *checks.gaps(surveys, rules.rest, rules.most_tries)]
    faults += checks.rung_twice(stage.arrivals(), stage.moments, rules.rest)
    faults += await _places_left(stage.env)
    _tell_trunk(trunk, surveys, lines, per_second)
    print(f"  others rung       {dict(others) or 'nobody'}")
    print(f"killed: {dict(stage.kills) or 'nothing'}")
    for outcome, number in sorted(Counter(map(checks.outcome, surveys)).items()):
        print(f"  {outcome:<42} {number}")
    if kill or lost:
        return faults
    faults += checks.as_planned(stage.citizens, by_ticket)
    faults += [f"{number} was rung {many} times" for number, many in others.items()]
    faults += checks.on_the_trunk(trunk, surveys, lines, per_second)
    faults += _tell_talks(stage, trunk)
    faults += checks.in_turn(stage.citizens, by_ticket)
    _tell_turns(stage, by_ticket)
    report = await _report(stage)
    _tell_rates(report, count // GROUP)
    return [*faults, *checks.table(report, count // GROUP)]


async def _report(stage: Stage) -> Report:
    """Return the month's report of the hotline by unit, as it stands on the surveys' clock."""
    database = Database(stage.env[f"{PREFIX}DATABASE_URL"])
    now = stage.now()
    try:
        async with database.transaction() as session:
            month = month_of(now - dt.timedelta(days=7), await history_of(session))
            months = [month.plus(step) for step in (-1, 0, 1)]
            found = [
                await asking.live(session, one, Dimension.UNIT, now + dt.timedelta(days=40))
                for one in months
            ]
    finally:
        await database.close()
    return max(found, key=lambda one: one.counts.closed)


async def _places_left(env: Env) -> list[str]:
    """See that no place on the line is still taken, now that nobody is called."""
    places = Places(env[f"{PREFIX}REDIS_URL"], 1, 1)
    try:
        for _ in range(20):
            taken = await places.taken()
            if not taken:
                return []
            await asyncio.sleep(1)
    finally:
        await places.close()
    return [f"{len(taken)} places on the line were never given back"]


def _tell_trunk(
    trunk: Sequence[TrunkCall], surveys: Sequence[Json], lines: int, per_second: float
) -> None:
    written = sum(len(one["tries"]) for one in surveys)
    print(f"capture of the trunk: {len(trunk)} calls for {written} tries")
    print(f"  at once           {checks.most_at_once(trunk)} of {lines} allowed")
    print(f"  in one second     {checks.most_in(trunk, 1.0)} of {per_second:g} allowed")


def _tell_talks(stage: Stage, trunk: Sequence[TrunkCall]) -> list[str]:
    """Print how long satisfied citizens were on the line, and how long they are thanked."""
    longest = max(checks.talks(stage.citizens, trunk, SATISFIED), default=0.0)
    file = Path(stage.env[f"{PREFIX}MEDIA"]) / "sounds/zh/survey_thanks.wav"
    with wave.open(str(file)) as sound:
        thanks = sound.getnframes() / sound.getframerate()
    print(f"  a satisfied call  {longest:.1f} s of {LONGEST_TALK_SECONDS:g} s at most")
    print(f"  its thanks        {thanks:.1f} s of {LONGEST_THANKS_SECONDS:g} s at most")
    if 0 < longest <= LONGEST_TALK_SECONDS and thanks <= LONGEST_THANKS_SECONDS:
        return []
    return [f"a satisfied citizen's call took {longest:.1f} s, its thanks {thanks:.1f} s"]


def _tell_turns(stage: Stage, surveys: dict[str, Json]) -> None:
    """Print, for each unit, which turns its citizens had among the first calls."""
    began = {one["ticket"]: one["tries"][0]["began_at"] for one in surveys.values()}
    order = sorted(stage.citizens, key=lambda one: began[one.ticket])
    for unit in sorted({one.unit for one in order}):
        turns = [n for n, one in enumerate(order, 1) if one.unit == unit]
        print(f"  {unit}: {len(turns)} citizens, turns {turns[:6]} … {turns[-1]}")


def _tell_rates(report: Report, groups: int) -> None:
    print(f"month {report.period.span}: V {report.counts.valid}, by hand {VALID * groups}")
    for name, value in checks.rates(report).items():
        print(f"  {name:<16} {float(value):.6f}  by hand {float(BY_HAND[name]):.6f}")
    for reason, number in sorted(report.counts.excluded.items()):
        by_hand = LEFT_OUT.get(reason.value, 0) * groups
        print(f"  {reason.value:<16} {number:<8}  by hand {by_hand}")
