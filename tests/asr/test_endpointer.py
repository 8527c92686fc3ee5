import pytest

from asr.endpointer import PROFILES, Endpointer, Mark

FRAME = 0.02


def run(endpointer: Endpointer, *parts: tuple[float, bool]) -> list[tuple[float, Mark]]:
    """Tell (seconds, is_speech) in frames; give the marks with their second."""
    marks: list[tuple[float, Mark]] = []
    frame = 0
    for seconds, speech in parts:
        for _ in range(round(seconds / FRAME)):
            frame += 1
            mark = endpointer.hear(FRAME, speech)
            if mark is not Mark.NOTHING:
                marks.append((round(frame * FRAME, 2), mark))
            if mark in (Mark.ENDED, Mark.NO_INPUT, Mark.LONGEST):
                return marks
    return marks


def waiting(profile: str = "statement", longest: float = 60, wait: float = 6) -> Endpointer:
    endpointer = Endpointer(PROFILES[profile], longest, wait)
    endpointer.prompt_ended()
    return endpointer


@pytest.mark.parametrize(
    ("profile", "seconds"),
    [("yes_no", 0.3), ("menu", 0.3), ("statement", 1.2), ("address", 1.5), ("digits", 1.8)],
)
def test_each_kind_of_question_has_its_own_patience(profile: str, seconds: float) -> None:
    marks = run(waiting(profile), (1.0, True), (3.0, False))

    ended = next(at for at, mark in marks if mark is Mark.ENDED)
    assert ended == pytest.approx(1.0 + seconds, abs=0.021)


def test_a_pause_within_a_statement_is_marked_and_taken_back() -> None:
    marks = run(waiting(), (1.0, True), (0.8, False), (0.5, True), (1.3, False))

    assert [mark for _, mark in marks] == [
        Mark.STARTED,
        Mark.PAUSED,
        Mark.RESUMED,
        Mark.PAUSED,
        Mark.ENDED,
    ]


def test_a_click_does_not_take_a_pause_back() -> None:
    marks = run(waiting(), (1.0, True), (0.8, False), (0.02, True), (0.4, False))

    assert marks[-1][1] is Mark.ENDED


def test_silence_is_no_input_only_after_the_prompt() -> None:
    endpointer = Endpointer(PROFILES["statement"], 60, 2)

    during = run(endpointer, (10, False))
    endpointer.prompt_ended()

    assert during == []
    assert run(endpointer, (3, False))[0] == (2.0, Mark.NO_INPUT)


def test_a_prompt_is_stopped_by_a_quarter_second_of_speech_and_no_less() -> None:
    endpointer = Endpointer(PROFILES["statement"], 60, 6)

    assert run(endpointer, (0.2, True), (0.6, False)) == []
    assert run(endpointer, (0.4, True)) == [(0.26, Mark.STARTED)]


def test_a_short_yes_after_the_prompt_is_heard() -> None:
    assert run(waiting("yes_no"), (0.14, True))[0][1] is Mark.STARTED


def test_who_never_stops_is_stopped_at_the_longest_time() -> None:
    marks = run(waiting(longest=5), (20, True))

    assert marks[1][0] == pytest.approx(5.0, abs=0.03)
    assert marks[1][1] is Mark.LONGEST
