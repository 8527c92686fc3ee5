"""第二十五条 Callback: by telephone, message and network, with the result recorded truthfully.

市热线工作机构应当通过电话、短信、网络等方式对诉求人进行回访，并如实记录评价结果。
"""

from datetime import date, datetime, timedelta

import pytest

from backend.deadlines import SHANGHAI
from backend.statistics import DEFAULT, Cell, Dimension, Month, NotRated, make_report
from backend.surveys.answers import ALL_ANSWERS
from backend.surveys.codes import EXCLUSIONS, MEANINGS, After, SurveyResult, TryResult
from backend.surveys.plan import Due, NoTry, Rules, Survey, Try, ending, next_try

OPENED = datetime(2026, 11, 23, 8, tzinfo=SHANGHAI)


def every_day(_: date) -> bool:
    return True


@pytest.mark.parametrize("never", [TryResult.BUSY, TryResult.NO_ANSWER, TryResult.SWITCHED_OFF])
def test_a_citizen_hard_to_reach_is_called_at_four_times_of_the_day_and_no_oftener(
    never: TryResult,
) -> None:
    survey, now, parts = Survey(OPENED), OPENED, []

    while isinstance(due := next_try(survey, now, every_day, Rules()), Due):
        parts.append(due.part.name)
        survey = Survey(OPENED, (*survey.tries, Try(due.at, never)))
        now = due.at + timedelta(minutes=1)

    assert due is NoTry.TRIES_USED
    assert sorted(parts) == sorted(["上午", "午前", "下午", "晚间"])
    assert ending([one.result for one in survey.tries], due) is SurveyResult.NOT_REACHED


def test_whoever_cannot_be_reached_by_the_machine_has_another_way() -> None:
    ways = {meaning.after for meaning in MEANINGS.values()}

    assert {After.PERSON, After.LINK} <= ways


@pytest.mark.parametrize("result", [one for one in TryResult if one is not TryResult.ANSWERED])
def test_no_ending_but_three_clear_answers_is_recorded_as_an_evaluation(result: TryResult) -> None:
    for reason in NoTry:
        assert ending([result], reason) in EXCLUSIONS


@pytest.mark.parametrize("reason", EXCLUSIONS)
def test_an_evaluation_not_given_raises_and_lowers_no_rate(reason: SurveyResult) -> None:
    november = Month(2026, 11)
    place = (november, "供热公司", "市级", "莲池区", "供热")
    answered = [Cell(*place, SurveyResult.VALID, answers, 5) for answers in ALL_ANSWERS]
    silent = Cell(*place, reason, None, 1000)

    without = make_report(answered, november, DEFAULT, Dimension.UNIT, OPENED)
    with_silent = make_report([*answered, silent], november, DEFAULT, Dimension.UNIT, OPENED)
    only_silent = make_report([silent], november, DEFAULT, Dimension.UNIT, OPENED)

    assert with_silent.figures == without.figures
    assert with_silent.counts.closed == without.counts.closed + 1000
    assert only_silent.figures == NotRated(valid=0, smallest=10)
