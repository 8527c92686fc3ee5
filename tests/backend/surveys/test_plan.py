"""When the next try is due, case by case; 23 November 2026 is a Monday."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from backend.deadlines import SHANGHAI, NaiveTime
from backend.surveys.codes import SurveyResult, TryResult
from backend.surveys.plan import Due, NoTry, Part, Rules, Survey, Try, ending, next_try, part_at

T = TryResult
RULES = Rules()


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def weekdays(day: date) -> bool:
    return day.weekday() < 5


def due(
    now: str,
    *tries: Try,
    opened: str = "11-23 08:00",
    called: str | None = None,
    rules: Rules = RULES,
) -> str:
    number_called_at = at(called) if called else None
    survey = Survey(at(opened), tries, number_called_at)
    found = next_try(survey, at(now), weekdays, rules)
    return (
        f"{found.at:%m-%d %H:%M} {found.part.name} {found.number}"
        if isinstance(found, Due)
        else found.value
    )


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("11-23 08:00", "11-23 09:00 上午 1"),
        ("11-23 09:00", "11-23 09:00 上午 1"),
        ("11-23 10:29", "11-23 10:29 上午 1"),
        ("11-23 10:30", "11-23 10:30 午前 1"),
        ("11-23 12:00", "11-23 14:30 下午 1"),
        ("11-23 20:29", "11-23 20:29 晚间 1"),
        ("11-23 20:30", "11-24 09:00 上午 1"),
        ("11-27 21:00", "11-30 09:00 上午 1"),
        ("11-28 10:00", "11-30 09:00 上午 1"),
    ],
)
def test_a_first_try_is_due_at_the_next_permitted_moment(now: str, expected: str) -> None:
    assert due(now) == expected


def test_a_survey_is_not_tried_before_it_opens() -> None:
    assert due("11-23 09:00", opened="11-24 15:00") == "11-24 15:00 下午 1"


def test_the_second_try_is_in_another_part_of_the_day_after_the_rest() -> None:
    assert due("11-23 09:31", Try(at("11-23 09:30"), T.BUSY)) == "11-24 10:30 午前 2"


def test_the_fourth_try_has_only_the_last_part_left() -> None:
    three = (
        Try(at("11-23 09:30"), T.BUSY),
        Try(at("11-24 10:30"), T.NO_ANSWER),
        Try(at("11-25 14:30"), T.MACHINE),
    )

    assert due("11-25 14:31", *three) == "11-26 18:30 晚间 4"


def test_a_call_to_the_number_for_another_survey_makes_it_rest_too() -> None:
    assert due("11-23 09:00", called="11-23 08:30") == "11-24 09:00 上午 1"
    assert due("11-23 15:00", called="11-23 14:45") == "11-24 10:45 午前 1"


def test_a_congested_line_is_backed_off_from_without_using_up_a_try_or_a_part() -> None:
    congested = [Try(at(f"11-23 09:{minute:02}"), T.CONGESTED) for minute in (0, 5, 15)]

    assert due("11-23 09:00", *congested[:1]) == "11-23 09:05 上午 1"
    assert due("11-23 09:05", *congested[:2]) == "11-23 09:15 上午 1"
    assert due("11-23 09:15", *congested) == "11-23 09:35 上午 1"


def test_the_back_off_stops_growing_at_an_hour() -> None:
    many = [Try(at("11-23 09:00"), T.CONGESTED)] * 50

    assert due("11-23 09:00", *many) == "11-23 10:00 上午 1"


def test_a_citizen_who_names_a_time_is_called_then_even_in_a_part_already_used() -> None:
    postponed = Try(at("11-23 09:30"), T.POSTPONED, wished_for=at("11-25 10:00"))

    assert due("11-23 09:31", postponed) == "11-25 10:00 上午 2"


def test_a_wish_breaks_neither_the_permitted_hours_nor_the_rest() -> None:
    at_night = Try(at("11-23 09:30"), T.POSTPONED, wished_for=at("11-24 22:00"))
    at_once = Try(at("11-23 09:30"), T.POSTPONED, wished_for=at("11-23 09:45"))

    assert due("11-23 09:31", at_night) == "11-25 09:00 上午 2"
    assert due("11-23 09:31", at_once) == "11-24 09:00 上午 2"


@pytest.mark.parametrize(
    "result",
    [
        T.ANSWERED,
        T.INVALID,
        T.WRONG_PERSON,
        T.REFUSED,
        T.OPTED_OUT,
        T.HUNG_UP_2,
        T.HUNG_UP_3,
        T.UNSURE,
        T.CONFLICT,
    ],
)
def test_a_settled_survey_has_no_next_try(result: TryResult) -> None:
    assert due("11-24 09:00", Try(at("11-23 09:30"), result)) == NoTry.SETTLED


def test_after_four_tries_there_is_no_fifth() -> None:
    four = [Try(at(f"11-{day} 09:30"), T.NO_ANSWER) for day in (23, 24, 25, 26)]

    assert due("11-27 09:00", *four) == NoTry.TRIES_USED


def test_after_the_window_there_is_no_try() -> None:
    assert due("12-07 20:00") == "12-07 20:00 晚间 1"
    assert due("12-08 08:00") == NoTry.WINDOW_OVER
    assert due("12-08 09:59", opened="11-23 10:00") == "12-08 09:59 上午 1"
    assert due("12-08 10:00", opened="11-23 10:00") == NoTry.WINDOW_OVER


def test_a_stop_listed_citizen_and_one_without_a_number_are_not_called() -> None:
    opened = at("11-23 08:00")

    stopped = next_try(Survey(opened, stop_listed=True), opened, weekdays, RULES)
    without = next_try(Survey(opened, has_number=False), opened, weekdays, RULES)

    assert (stopped, without) == (NoTry.STOP_LISTED, NoTry.NO_NUMBER)


def test_where_no_day_is_permitted_there_is_no_try() -> None:
    opened = at("11-23 08:00")

    assert next_try(Survey(opened), opened, lambda _: False, RULES) is NoTry.WINDOW_OVER


def test_the_moment_may_be_given_in_any_zone_but_not_in_none() -> None:
    survey = Survey(at("11-23 08:00").astimezone(UTC))

    found = next_try(survey, at("11-23 08:00").astimezone(UTC), weekdays, RULES)

    assert isinstance(found, Due)
    assert found.at == at("11-23 09:00")
    with pytest.raises(NaiveTime):
        next_try(survey, at("11-23 08:00").replace(tzinfo=None), weekdays, RULES)


@pytest.mark.parametrize(
    ("reason", "tries", "result"),
    [
        (NoTry.STOP_LISTED, [], SurveyResult.OPTED_OUT),
        (NoTry.NO_NUMBER, [], SurveyResult.NO_NUMBER),
        (NoTry.WINDOW_OVER, [], SurveyResult.NOT_REACHED),
        (NoTry.WINDOW_OVER, [T.HUNG_UP_1], SurveyResult.HUNG_UP),
        (NoTry.TRIES_USED, [T.BUSY] * 4, SurveyResult.NOT_REACHED),
        (NoTry.SETTLED, [T.BUSY, T.ANSWERED], SurveyResult.VALID),
        (NoTry.SETTLED, [T.CONFLICT], SurveyResult.CONFLICT),
        (NoTry.STOP_LISTED, [T.ANSWERED], SurveyResult.VALID),
    ],
)
def test_a_survey_without_a_next_try_ends_in_one_result(
    reason: NoTry, tries: list[TryResult], result: SurveyResult
) -> None:
    assert ending(tries, reason) is result


def test_night_is_in_no_part_of_the_day() -> None:
    assert part_at(at("11-23 03:00"), RULES) is None
    assert part_at(at("11-23 12:00"), RULES) is None


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"most_tries": 5}, "1 to 4"),
        ({"most_tries": 0}, "1 to 4"),
        ({"parts": (Part("早", time(9), time(10)),)}, "name more parts"),
        ({"parts": (Part("早", time(10), time(9)),), "most_tries": 1}, "begin before it ends"),
        (
            {
                "parts": (Part("早", time(9), time(11)), Part("午", time(10), time(12))),
                "most_tries": 1,
            },
            "must not overlap",
        ),
        ({"rest": timedelta(0)}, "longer than nothing"),
    ],
)
def test_rules_that_cannot_be_kept_are_refused(change: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Rules(**change)  # type: ignore[arg-type]
