"""What the dialplan's notes of a call tell, whatever became of the programs."""

import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backend.calls.entries import Attempt, Emergency
from backend.lines.legs import (
    Leg,
    attempts_of,
    called_back_talks,
    cut_off,
    met_at,
    path_of,
    read_legs,
    with_legs,
)

AT = 1_795_400_000.0


def legs(*moments: str) -> list[Leg]:
    """Legs a second apart, each told as ``number moment``; all of service 119."""
    told = [moment.split() for moment in moments]
    return [
        Leg(datetime.fromtimestamp(AT + place * 5, UTC), number, moment, "119")
        for place, (number, moment) in enumerate(told)
    ]


@pytest.mark.parametrize(
    ("moments", "results"),
    [
        (["119 dialled", "119 busy"], ["busy"]),
        (["119 dialled", "119 busy", "0312119 dialled", "0312119 answered"], ["busy"]),
        (["119 dialled", "caller left", "citizen answered", "119 dialled"], ["caller_left"]),
        (["119 dialled", "caller left", "119 dialled", "119 busy"], ["caller_left", "busy"]),
        (["119 dialled", "119 answered", "119 connected", "119 answered"], ["answered"]),
        (["119 dialled", "119 answered", "119 connected", "119 far_hangup"], ["far_hangup"]),
        (["119 dialled", "119 answered", "119 connected", "caller left"], ["answered"]),
        (["119 dialled", "119 answered", "caller left"], ["caller_left"]),
        (["119 dialled", "caller left"], ["caller_left"]),
        (["caller left"], []),
    ],
)
def test_each_ringing_is_an_attempt_with_its_end(moments: list[str], results: list[str]) -> None:
    assert [one.result for one in attempts_of(legs(*moments), "119")] == results


@pytest.mark.parametrize(
    ("moments", "service"),
    [
        (["119 dialled", "caller left"], "119"),
        (["119 dialled", "119 answered", "caller left"], "119"),
        (["119 dialled", "119 answered", "119 connected", "caller left"], None),
        (["119 dialled", "119 busy", "agents answered", "caller left"], None),
        (["119 dialled", "119 busy", "caller told", "caller left"], None),
        (["119 dialled", "119 busy", "caller left"], "119"),
        (["119 dialled"], None),
        ([], None),
    ],
)
def test_a_caller_is_cut_off_who_left_with_nobody_on_the_line(
    moments: list[str], service: str | None
) -> None:
    assert cut_off(legs(*moments)) == service


@pytest.mark.parametrize(
    ("moments", "talks"),
    [
        (["119 dialled", "caller left"], False),
        (["caller left", "citizen answered"], True),
        (["caller left", "citizen answered", "119 connected"], True),
        (["caller left", "citizen answered", "119 connected", "caller left"], False),
    ],
)
def test_a_citizen_who_was_called_back_talks_until_they_leave(
    moments: list[str], talks: bool
) -> None:
    assert called_back_talks(legs(*moments)) is talks


def test_a_service_that_went_at_once_has_not_met_the_caller() -> None:
    gone = legs("119 dialled", "119 answered", "119 connected", "119 far_hangup")
    stayed = legs("119 dialled", "119 answered", "119 connected", "caller left")

    assert met_at(gone, "119") is None
    assert met_at(stayed, "119") == stayed[2].at


def test_what_the_call_script_reported_is_not_told_twice() -> None:
    noted = legs("119 dialled", "119 busy", "0312119 dialled", "0312119 connected")
    known = Emergency(
        service="119",
        source="word",
        decided_at=noted[0].at,
        attempts=[Attempt(number="119", dialled_at=noted[0].at, result="busy")],
    )

    found = with_legs(known, noted, "119")

    assert found is not None
    assert [(one.number, one.result) for one in found.attempts] == [
        ("119", "busy"),
        ("0312119", "answered"),
    ]
    assert (found.source, found.decided_at) == ("word", known.decided_at)
    assert found.answered_at == noted[3].at
    assert with_legs(found, noted, "119") is None


def test_lines_that_cannot_be_read_are_left_out(tmp_path: Path) -> None:
    call_id = uuid.uuid4()
    (tmp_path / "recordings").mkdir()
    path_of(tmp_path, call_id).write_text(f"\nx|119|dialled|119\n{AT}|119\n{AT}|119|dialled|119\n")

    assert [leg.moment for leg in read_legs(tmp_path, call_id)] == ["dialled"]
    assert read_legs(tmp_path, uuid.uuid4()) == []
