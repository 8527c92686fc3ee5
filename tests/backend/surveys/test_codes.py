"""Result codes of tries and surveys: a full table, and no answer that nobody gave."""

import pytest

from backend.surveys.answers import ALL_ANSWERS, ANSWERS_BY_CODE
from backend.surveys.codes import EXCLUSIONS, MEANINGS, After, SurveyResult, TryResult, conclude

T, S = TryResult, SurveyResult


def test_every_result_of_a_try_has_a_meaning_and_every_result_of_a_survey_a_word() -> None:
    assert set(MEANINGS) == set(TryResult)
    assert all(result.chinese for result in SurveyResult)
    assert len({result.chinese for result in SurveyResult}) == len(SurveyResult)


def test_only_three_clear_answers_make_a_survey_valid() -> None:
    assert [code for code, meaning in MEANINGS.items() if meaning.survey is S.VALID] == [T.ANSWERED]
    assert S.VALID not in EXCLUSIONS
    assert len(EXCLUSIONS) == len(SurveyResult) - 1


def test_the_machine_tries_again_after_these_results_only() -> None:
    again = {code for code, meaning in MEANINGS.items() if meaning.after is After.AGAIN}

    assert again == {
        T.BUSY,
        T.NO_ANSWER,
        T.SWITCHED_OFF,
        T.MACHINE,
        T.CONGESTED,
        T.LOST,
        T.POSTPONED,
        T.HUNG_UP_GREETING,
        T.HUNG_UP_1,
    }


def test_only_a_congested_line_is_not_counted_as_a_try() -> None:
    assert [code for code, meaning in MEANINGS.items() if not meaning.counts] == [T.CONGESTED]


def test_who_refuses_or_opts_out_is_left_alone() -> None:
    assert MEANINGS[T.REFUSED].after is MEANINGS[T.OPTED_OUT].after is After.NOTHING


@pytest.mark.parametrize(
    ("results", "ending"),
    [
        ([], S.NOT_REACHED),
        ([T.ANSWERED], S.VALID),
        ([T.BUSY, T.ANSWERED], S.VALID),
        ([T.BUSY, T.NO_ANSWER, T.SWITCHED_OFF, T.MACHINE], S.NOT_REACHED),
        ([T.BUSY, T.INVALID], S.INVALID_NUMBER),
        ([T.HUNG_UP_1, T.NO_ANSWER, T.NO_ANSWER, T.NO_ANSWER], S.HUNG_UP),
        ([T.HUNG_UP_1, T.REFUSED], S.REFUSED),
        ([T.NO_ANSWER, T.HUNG_UP_2], S.HUNG_UP),
        ([T.POSTPONED, T.NO_ANSWER, T.BUSY], S.NOT_REACHED),
        ([T.WRONG_PERSON], S.WRONG_PERSON),
        ([T.UNSURE], S.UNSURE),
        ([T.CONFLICT], S.CONFLICT),
        ([T.OPTED_OUT], S.OPTED_OUT),
        ([T.CONGESTED, T.LOST], S.NOT_REACHED),
    ],
)
def test_a_survey_ends_in_what_its_last_person_reached_said(
    results: list[TryResult], ending: SurveyResult
) -> None:
    assert conclude(results) is ending


def test_the_three_answers_have_eighteen_ways_and_each_its_own_code() -> None:
    assert len(ALL_ANSWERS) == len(ANSWERS_BY_CODE) == 18
    assert all(ANSWERS_BY_CODE[answers.code] is answers for answers in ALL_ANSWERS)


def test_no_answer_stands_for_silence() -> None:
    words = {word for answers in ALL_ANSWERS for word in answers.code.split("/")}

    assert words == {
        "contacted",
        "not_contacted",
        "solved",
        "partly",
        "not_solved",
        "satisfied",
        "basically",
        "not_satisfied",
    }
