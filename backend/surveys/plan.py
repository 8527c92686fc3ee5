"""When a citizen is called back next, or why not: pure, the moment and the calendar are given.

At most four tries, each in another part of the day, at permitted hours on permitted days, never
while the number rests. The regulation asks for the callback (Art. 25) and sets no figures for it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from backend.deadlines.moments import SHANGHAI, in_shanghai
from backend.surveys.codes import MEANINGS, After, SurveyResult, TryResult, conclude

Permitted = Callable[[date], bool]
"""Whether citizens may be called on this day."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day (时段) in the city's time, from `begins` until before `ends`."""

    name: str
    begins: time
    ends: time


@dataclass(frozen=True, slots=True)
class Rules:
    """The operator's choices; ValueError when they cannot be kept together."""

    parts: tuple[Part, ...] = (
        Part("上午", time(9), time(10, 30)),
        Part("午前", time(10, 30), time(12)),
        Part("下午", time(14, 30), time(17, 30)),
        Part("晚间", time(18, 30), time(20, 30)),
    )
    most_tries: int = 4
    rest: timedelta = timedelta(hours=20)
    """How long a number is left alone after a call, whatever survey that call was for."""
    window: timedelta = timedelta(days=15)
    """How long after its opening a survey is still tried."""
    back_off: timedelta = timedelta(minutes=5)
    """The wait after a congested line, doubled each time in a row, at most twelve times as long."""

    def __post_init__(self) -> None:
        if not 1 <= self.most_tries <= 4:
            raise ValueError("most_tries must be 1 to 4")
        if self.most_tries > len(self.parts):
            raise ValueError("each try needs a part of the day of its own: name more parts")
        if any(part.begins >= part.ends for part in self.parts):
            raise ValueError("a part of the day must begin before it ends")
        if any(earlier.ends > later.begins for earlier, later in pairwise(self.parts)):
            raise ValueError("parts of the day must be in order and must not overlap")
        if min(self.rest, self.window, self.back_off) <= timedelta(0):
            raise ValueError("rest, window and back_off must be longer than nothing")


@dataclass(frozen=True, slots=True)
class Try:
    """A try that was made: when the line was last in use for it, and what came of it.

    wished_for  the time the citizen named when they asked to be called later
    """

    at: datetime
    result: TryResult
    wished_for: datetime | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """The next try: not before `at`, and only while this part of the day lasts."""

    at: datetime
    part: Part
    number: int


class NoTry(StrEnum):
    """Why the machine will not call again."""

    SETTLED = "settled"
    TRIES_USED = "tries_used"
    STOP_LISTED = "stop_listed"
    NO_NUMBER = "no_number"
    WINDOW_OVER = "window_over"


_WITHOUT_CALLING = {
    NoTry.STOP_LISTED: SurveyResult.OPTED_OUT,
    NoTry.NO_NUMBER: SurveyResult.NO_NUMBER,
}


@dataclass(frozen=True, slots=True)
class Survey:
    """What planning must know of a survey: aware times, tries oldest first.

    number_called_at  when this number was last called for anything at all
    """

    opened_at: datetime
    tries: tuple[Try, ...] = ()
    number_called_at: datetime | None = None
    has_number: bool = True
    stop_listed: bool = False


def next_try(survey: Survey, now: datetime, permitted: Permitted, rules: Rules) -> Due | NoTry:
    """The earliest permitted moment from now on, or the reason why there is none.

    Ask again at the moment of dialling, with all that has been recorded until then, and dial only
    when `at` is that very moment. NaiveTime when any time has no zone.
    """
    refusal = _refusal(survey, rules)
    if refusal is not None:
        return refusal
    counted = [one for one in survey.tries if MEANINGS[one.result].counts]
    wish = counted[-1].wished_for if counted else None
    earliest = max(_utc(now), _utc(survey.opened_at), *_waits(survey, counted, rules))
    used = {part for one in counted if (part := part_at(one.at, rules))}
    free = [part for part in rules.parts if part not in used]
    if wish is not None:
        earliest, free = max(earliest, _utc(wish)), list(rules.parts)
    latest = _utc(survey.opened_at) + rules.window
    found = _first_moment(earliest, latest, free, permitted)
    return Due(*found, len(counted) + 1) if found else NoTry.WINDOW_OVER


def ending(results: Sequence[TryResult], reason: NoTry) -> SurveyResult:
    """What a survey ends in when there is no next try, from its tries' results, oldest first.

    An answer once given is kept, whatever the citizen asked for afterwards.
    """
    found = conclude(results)
    if found is SurveyResult.VALID:
        return found
    return _WITHOUT_CALLING.get(reason, found)


def part_at(moment: datetime, rules: Rules) -> Part | None:
    """The part of the day a moment lies in; None outside the permitted hours."""
    clock = in_shanghai(moment).time()
    return next((part for part in rules.parts if part.begins <= clock < part.ends), None)


def _refusal(survey: Survey, rules: Rules) -> NoTry | None:
    if survey.stop_listed:
        return NoTry.STOP_LISTED
    if not survey.has_number:
        return NoTry.NO_NUMBER
    meanings = [MEANINGS[one.result] for one in survey.tries]
    if any(meaning.after is not After.AGAIN for meaning in meanings):
        return NoTry.SETTLED
    used = sum(meaning.counts for meaning in meanings)
    return NoTry.TRIES_USED if used >= rules.most_tries else None


def _waits(survey: Survey, counted: Sequence[Try], rules: Rules) -> list[datetime]:
    """Until when the number rests and until when a congested line is left alone."""
    called = [_utc(one.at) for one in counted]
    if survey.number_called_at is not None:
        called.append(_utc(survey.number_called_at))
    waits = [moment + rules.rest for moment in called]
    congested = 0
    for one in reversed(survey.tries):
        if one.result is not TryResult.CONGESTED:
            break
        congested += 1
    if congested:
        doubled = min(2 ** min(congested - 1, 10), 12)
        waits.append(_utc(survey.tries[-1].at) + rules.back_off * doubled)
    return waits


def _first_moment(
    earliest: datetime, latest: datetime, parts: Sequence[Part], permitted: Permitted
) -> tuple[datetime, Part] | None:
    day, last_day = in_shanghai(earliest).date(), in_shanghai(latest).date()
    while day <= last_day:
        for part in parts if permitted(day) else ():
            begins, ends = (
                _utc(datetime.combine(day, at, SHANGHAI)) for at in (part.begins, part.ends)
            )
            moment = max(earliest, begins)
            if moment < ends and moment < latest:
                return in_shanghai(moment), part
        day += timedelta(days=1)
    return None


def _utc(moment: datetime) -> datetime:
    return in_shanghai(moment).astimezone(UTC)
