"""Whole lives of surveys played out by chance: what no plan may ever do."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.deadlines import SHANGHAI
from backend.surveys.codes import MEANINGS, After, TryResult
from backend.surveys.plan import Due, NoTry, Part, Rules, Survey, Try, next_try

MANY = settings(max_examples=300, derandomize=True, database=None, deadline=None)

instants = st.integers(1_600_000_000, 1_900_000_000).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)
results = st.sampled_from(
    [code for code, meaning in MEANINGS.items() if meaning.after is After.AGAIN]
)


@st.composite
def rules(draw: st.DrawFn) -> Rules:
    quarters = sorted(draw(st.sets(st.integers(0, 95), min_size=8, max_size=12)))
    edges = [time(quarter // 4, quarter % 4 * 15) for quarter in quarters]
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    return Rules(
        parts=tuple(Part(f"第{n}段", *pair) for n, pair in enumerate(pairs)),
        most_tries=draw(st.integers(1, 4)),
        rest=timedelta(minutes=draw(st.integers(1, 3000))),
        window=timedelta(days=draw(st.integers(1, 30))),
    )


@st.composite
def lives(draw: st.DrawFn) -> tuple[Rules, Survey, list[Due], NoTry | None, frozenset[int]]:
    """A survey dialled as planned, each time somewhat late, until there is no next try."""
    kept, opened = draw(rules()), draw(instants)
    closed_days = draw(st.frozensets(st.integers(0, 6), max_size=5))
    now = opened + timedelta(minutes=draw(st.integers(0, 5000)))
    called = now - timedelta(minutes=draw(st.integers(0, 4000))) if draw(st.booleans()) else None
    survey = Survey(opened, (), called)
    planned: list[Due] = []
    for _ in range(12):
        found = next_try(survey, now, lambda day: day.weekday() not in closed_days, kept)
        if isinstance(found, NoTry):
            return kept, survey, planned, found, closed_days
        planned.append(found)
        made = Try(found.at, draw(results))
        survey = Survey(opened, (*survey.tries, made), called)
        now = found.at + timedelta(minutes=draw(st.integers(0, 3000)))
    return kept, survey, planned, None, closed_days


Life = tuple[Rules, Survey, list[Due], NoTry | None, frozenset[int]]


@MANY
@given(lives())
def test_no_try_is_outside_the_permitted_hours_days_or_window(life: Life) -> None:
    kept, survey, planned, _, closed_days = life

    for one in planned:
        local = one.at.astimezone(SHANGHAI)
        assert local.weekday() not in closed_days
        assert any(part.begins <= local.time() < part.ends for part in kept.parts)
        assert survey.opened_at <= one.at < survey.opened_at + kept.window


@MANY
@given(lives())
def test_no_try_is_within_the_rest_of_the_number(life: Life) -> None:
    kept, survey, planned, _, _ = life
    rang = [one.at for one in survey.tries if one.result is not TryResult.CONGESTED]
    if survey.number_called_at:
        rang.append(survey.number_called_at)

    for one in planned:
        assert all(one.at - before >= kept.rest for before in rang if before < one.at)


@MANY
@given(lives())
def test_there_are_never_more_tries_than_four_and_each_is_in_another_part(life: Life) -> None:
    kept, survey, planned, _, _ = life
    rang = [
        due.part
        for due, made in zip(planned, survey.tries, strict=True)
        if made.result is not TryResult.CONGESTED
    ]

    assert len(rang) <= kept.most_tries <= 4
    assert len(set(rang)) == len(rang)


@MANY
@given(lives())
def test_a_congested_line_is_never_dialled_again_at_once(life: Life) -> None:
    kept, survey, planned, _, _ = life

    for made, following in zip(survey.tries, planned[1:], strict=False):
        if made.result is TryResult.CONGESTED:
            assert following.at - made.at >= kept.back_off


@MANY
@given(instants, rules())
def test_no_permitted_moment_before_the_planned_one_was_passed_over(
    now: datetime, kept: Rules
) -> None:
    found = next_try(Survey(now), now, _every_second_day, kept)

    minute = now.replace(second=0) + timedelta(minutes=1)
    end = found.at if isinstance(found, Due) else min(now + kept.window, now + timedelta(days=4))
    while minute < end:
        local = minute.astimezone(SHANGHAI)
        allowed = any(part.begins <= local.time() < part.ends for part in kept.parts)
        assert not (allowed and _every_second_day(local.date()))
        minute += timedelta(minutes=7)


def _every_second_day(day: date) -> bool:
    return day.toordinal() % 2 == 0
