from asr.admission import Admission, Limits


def test_open_dictation_is_refused_when_full_and_taken_when_one_ends() -> None:
    admission = Admission(Limits(open=2, closed=20, emergency=1))

    assert [admission.admit("open") for _ in range(3)] == [True, True, False]
    admission.release("open")
    assert admission.admit("open")


def test_twenty_closed_questions_fit_where_two_dictations_do() -> None:
    admission = Admission(Limits(open=2, closed=20, emergency=1))

    assert all(admission.admit("closed") for _ in range(20))
    assert not admission.admit("closed")
    assert not admission.admit("open")


def test_both_kinds_share_the_cores() -> None:
    admission = Admission(Limits(open=2, closed=20, emergency=0))

    assert admission.admit("open")
    assert sum(admission.admit("closed") for _ in range(20)) == 10
    assert not admission.admit("open")


def test_an_emergency_finds_its_reserved_slot_and_no_more() -> None:
    admission = Admission(Limits(open=2, closed=2, emergency=1))
    for _ in range(2):
        admission.admit("open")

    assert admission.admit("open", emergency=True)
    assert not admission.admit("open", emergency=True)


def test_calls_that_the_hotline_places_leave_half_to_those_who_call() -> None:
    admission = Admission(Limits(open=2, closed=20, emergency=0))

    assert [admission.admit("closed", survey=True) for _ in range(11)] == [True] * 10 + [False]
    assert [admission.admit("closed") for _ in range(11)] == [True] * 10 + [False]
