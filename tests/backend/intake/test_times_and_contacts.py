"""When it began and whom to call back."""

import datetime

import pytest

from backend.intake.contacts import contact
from backend.intake.times import began

MONDAY = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("text", "words", "day"),
    [
        ("暖气已经三天不热了", "三天", datetime.date(2026, 11, 20)),
        ("从昨天晚上八点就停水", "昨天晚上八点", datetime.date(2026, 11, 22)),
        ("上周五停的电", "上周五", datetime.date(2026, 11, 20)),
        ("11月15号买的票", "11月15号", datetime.date(2026, 11, 15)),
        ("十二月三号交的钱", "十二月三号", datetime.date(2025, 12, 3)),
        ("最近老停电", "最近", None),
        ("路灯不亮", None, None),
    ],
)
def test_the_beginning_is_kept_as_said_and_as_a_day(
    text: str, words: str | None, day: datetime.date | None
) -> None:
    found, date, sure = began(text, MONDAY)

    assert (found, date) == (words, day)
    assert (sure > 0) is (words is not None)


def test_without_the_moment_of_the_call_there_is_no_day() -> None:
    assert began("昨天停水", None)[:2] == ("昨天", None)


def test_an_impossible_day_is_no_day() -> None:
    assert began("2月30号停的", MONDAY)[1] is None


def test_a_number_in_the_words_wins_over_the_calling_number() -> None:
    assert contact("打我手机13803123456", "03125551234")[0] == "13803123456"
    assert contact("座机0312-5551234", None)[0] == "03125551234"
    assert contact("没有号码", "13900000000")[0] == "13900000000"
    assert contact("没有号码", None)[:2] == (None, 0.0)
