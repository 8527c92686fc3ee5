"""The calendar in use follows the operator's file, and a fault in it changes nothing."""

import os
from datetime import date
from pathlib import Path

import pytest

from backend.calendars import CalendarFile, open_calendar

REST = "notices: [{source: 放假安排（示例）, rest: [2026-03-04]}]"
DAY = date(2026, 3, 4)


def write(file: Path, text: str, *, at: int) -> None:
    """Write a file with a time of its own, so that no two writings look alike."""
    file.write_text(text, encoding="utf-8")
    os.utime(file, (at, at))


def test_without_a_file_the_published_days_are_in_use() -> None:
    assert CalendarFile(None).current().is_working(DAY)


def test_a_changed_file_is_read_anew(tmp_path: Path) -> None:
    file = tmp_path / "calendar.yaml"
    write(file, "notices: []", at=1)
    calendar = CalendarFile(file)
    before = calendar.current()

    write(file, REST, at=2)

    assert before.is_working(DAY)
    assert not calendar.current().is_working(DAY)
    assert calendar.current().version != before.version


@pytest.mark.parametrize("text", ["notices: [{source: 通知, rest: [soon]}]", "\t", "notices: 7"])
def test_a_fault_leaves_the_last_good_calendar_in_use_until_it_is_mended(
    tmp_path: Path, text: str
) -> None:
    file = tmp_path / "calendar.yaml"
    write(file, REST, at=1)
    calendar = CalendarFile(file)

    write(file, text, at=2)
    during, fault = calendar.current(), calendar.fault
    write(file, REST, at=3)
    calendar.current()

    assert not during.is_working(DAY)
    assert fault is not None
    assert str(file) in fault
    assert calendar.fault is None


def test_a_file_that_vanishes_leaves_the_last_good_calendar_in_use(tmp_path: Path) -> None:
    file = tmp_path / "calendar.yaml"
    write(file, REST, at=1)
    calendar = CalendarFile(file)

    file.unlink()

    assert not calendar.current().is_working(DAY)
    assert calendar.fault is not None


def test_a_program_does_not_start_on_a_faulty_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        open_calendar(tmp_path / "nowhere.yaml")

    assert ended.value.code == 2
    assert "HOTLINE_CALENDAR" in capsys.readouterr().err
