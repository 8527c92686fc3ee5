"""Digits said and heard."""

import pytest

from ivr_flows.numbers import digits_in, spoken_digits


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("2611230042", "二六幺，幺二三，零零四二"),
        ("4711", "四七幺幺"),
        ("13800000000", "幺三八，零零零零，零零零零"),
        ("119", "幺幺九"),
        ("", ""),
        ("a1b", "幺"),
    ],
)
def test_numbers_are_said_digit_by_digit(number: str, said: str) -> None:
    assert spoken_digits(number) == said


@pytest.mark.parametrize(
    ("heard", "digits"),
    [
        ("二六一一二三零零四二", "2611230042"),
        ("工单号是2611 23幺两", "26112312"),
        ("１２〇", "120"),
        ("没有", ""),
    ],
)
def test_digits_are_found_in_what_was_said(heard: str, digits: str) -> None:
    assert digits_in(heard) == digits


def test_what_is_said_can_be_heard_again() -> None:
    assert digits_in(spoken_digits("9876543210")) == "9876543210"
