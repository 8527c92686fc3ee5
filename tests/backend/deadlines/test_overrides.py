"""An operator's file is taken as it stands or refused with the place of the fault."""

from datetime import date

import pytest

from backend.deadlines import OverrideFault, read_overrides
from tests.backend.deadlines.test_working_calendar import NOTICE_2027


def test_days_and_ranges_are_read_with_their_source() -> None:
    text = "notices: [{source: 市政府公告, rest: [2027-01-04..2027-01-06], work: [2027-01-09]}]"

    overrides = read_overrides(text)

    assert overrides.notices[0].source == "市政府公告"
    assert overrides.days == {
        date(2027, 1, 4): False,
        date(2027, 1, 5): False,
        date(2027, 1, 6): False,
        date(2027, 1, 9): True,
    }


def test_two_notices_may_repeat_a_day_they_agree_on() -> None:
    text = """
    notices:
      - {source: 国务院办公厅, rest: [2027-01-04]}
      - {source: 河北省政府, rest: [2027-01-04]}
    """

    assert read_overrides(text).days == {date(2027, 1, 4): False}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "file: "),
        ("- a list", "file: "),
        ("notices: {", "not YAML"),
        ("days: []", "notices: Field required"),
        ("notices: [{rest: [2027-01-04]}]", r"notices\[0\].source: Field required"),
        ("notices: [{source: '  ', rest: [2027-01-04]}]", r"notices\[0\].source: "),
        ("notices: [{source: 市政府公告, holiday: [2027-01-04]}]", r"notices\[0\].holiday: "),
        ("notices: [{source: 市政府公告, rest: 2027-01-04}]", r"notices\[0\].rest: "),
        ("notices: [{source: 市政府公告}]", "sets no day"),
        ("notices: [{source: 市政府公告, rest: [2027-02-30]}]", r"rest\[0\]: '2027-02-30' is no"),
        ("notices: [{source: 市政府公告, work: [tomorrow]}]", r"work\[0\]: 'tomorrow' is no"),
        (
            "notices: [{source: 市政府公告, rest: [2027-01-06..2027-01-04]}]",
            "runs backwards or over a month",
        ),
        (
            "notices: [{source: 市政府公告, rest: [2027-02-05..2028-02-11]}]",
            "runs backwards or over a month",
        ),
        (
            "notices: [{source: 市政府公告, rest: [2027-01-04], work: [2027-01-04]}]",
            "2027-01-04 stands under rest and under work",
        ),
        (
            "notices: [{source: 市政府公告, rest: [2027-01-04]},"
            " {source: 另一公告, work: [2027-01-04]}]",
            "'市政府公告' and '另一公告' disagree",
        ),
        (
            "notices: [{source: 市政府公告, rest: [2027-01-04], rest: [2027-01-05]}]",
            "line 1: rest is written twice",
        ),
        (
            "notices: [{source: 市政府公告, complete_year: 2027, rest: [2027-01-01]}]",
            "2027-02-05 is a statutory holiday but not a day of rest here",
        ),
        (
            "notices: [{source: 市政府公告, complete_year: 2024},"
            " {source: 另一公告, complete_year: 2024}]",
            "2024 is completed by two notices",
        ),
        (
            NOTICE_2027.replace("2027-01-30", "2027-01-29"),
            "2027-01-29 under work is not a Saturday or Sunday",
        ),
        (NOTICE_2027.replace("2027-01-30", "2028-01-29"), "2028-01-29 is outside complete_year"),
        (NOTICE_2027.replace("2027-02-20", "2027-02-06"), "stands under rest and under work"),
        (NOTICE_2027.replace("complete_year: 2027", "complete_year: soon"), "complete_year: "),
    ],
)
def test_a_faulty_file_is_refused_and_the_fault_is_named(text: str, fault: str) -> None:
    with pytest.raises(OverrideFault, match=fault):
        read_overrides(text)


def test_a_complete_notice_may_reach_into_the_december_before_it() -> None:
    text = NOTICE_2027.replace("work: [", "work: [2026-12-27, ")

    assert read_overrides(text).days[date(2026, 12, 27)] is True


def test_a_statutory_holiday_on_a_worked_weekend_day_is_refused() -> None:
    text = NOTICE_2027.replace("2027-05-01..2027-05-05", "2027-05-03..2027-05-05")

    with pytest.raises(OverrideFault, match="2027-05-01 is a statutory holiday"):
        read_overrides(text.replace("work: [", "work: [2027-05-01, "))
