from pathlib import Path

from hotline.exchange_arrivals import read_arrivals

LOG = """\
100.250|a.1|invited|119|13800000000
100.500|b.2|invited|120|13900000000
102.250|a.1|answered|119|13800000000
103.000|c.3|invited|119|
104.000|c.3|ended|119|
110.000|a.1|ended|119|13800000000
"""


def test_each_call_to_a_number_is_told_with_its_moments(tmp_path: Path) -> None:
    (tmp_path / "arrivals.log").write_text(LOG)

    first, second = read_arrivals(tmp_path, "119")

    assert (first.caller, first.invited_at, first.answered_at, first.ended_at) == (
        "13800000000",
        100.25,
        102.25,
        110.0,
    )
    assert first.heard == tmp_path / "heard" / "a.1.sln"
    assert (second.answered_at, second.ended_at, second.heard) == (None, 104.0, None)


def test_a_call_that_goes_on_has_no_end_yet(tmp_path: Path) -> None:
    (tmp_path / "arrivals.log").write_text(LOG)

    [arrival] = read_arrivals(tmp_path, "120")

    assert arrival.ended_at is None


def test_a_number_nobody_called_has_no_arrivals(tmp_path: Path) -> None:
    assert read_arrivals(tmp_path, "119") == []


def test_a_line_that_is_being_written_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "arrivals.log").write_text(LOG + "111.0|d.4|invi")

    assert len(read_arrivals(tmp_path, "119")) == 2
