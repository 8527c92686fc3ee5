"""What stands on the ticket says the same for ever."""

from datetime import datetime, time

import pytest

from backend.deadlines import (
    SHANGHAI,
    BrokenRecord,
    Deadline,
    Inputs,
    Tier,
    UnknownRules,
    WorkingCalendar,
    due,
    freeze,
    prove,
    read_overrides,
    thaw,
)

CALENDAR = WorkingCalendar()
START = datetime(2026, 9, 16, 10, 15, 30, 250_000, tzinfo=SHANGHAI)


def every_form() -> list[Deadline]:
    return [
        due(Inputs(start, tier, around, closes, extensions), CALENDAR)
        for start in (START, START.replace(month=12, day=29))
        for tier in Tier
        for around in (False, True)
        for closes in (None, time(17, 30))
        for extensions in ((), (5,), (2, 3))
    ]


def test_a_frozen_deadline_is_canonical_text_with_everything_in_it() -> None:
    assert freeze(due(Inputs(START, Tier.THREE_DAYS), CALENDAR)) == (
        '{"calendar":"chinesecalendar-1.11.0","counted":["2026-09-17","2026-09-18","2026-09-20"],'
        '"due_at":"2026-09-20T23:59:59+08:00","inputs":{"closes_at":null,'
        '"dispatched_at":"2026-09-16T10:15:30.250000+08:00","extensions":[],'
        '"round_the_clock":false,"tier":"3d"},"presumed":[],"provisional":false,'
        '"rule":"baoding-2022-11-01/art19/1","skipped":["2026-09-19"]}'
    )


def test_every_form_of_deadline_comes_back_from_its_text_and_recomputes_to_the_same_bytes() -> None:
    for deadline in every_form():
        text = freeze(deadline)

        again = thaw(text)

        assert again == deadline
        assert freeze(due(again.inputs, CALENDAR)) == text
        prove(again)


def test_the_proof_needs_no_calendar_of_that_time() -> None:
    text = "notices: [{source: 市政府公告（示例）, rest: [2026-09-17..2026-09-25]}]"
    deadline = due(Inputs(START, Tier.THREE_DAYS), WorkingCalendar(read_overrides(text)))

    prove(thaw(freeze(deadline)))

    assert deadline.due_at.date() != due(Inputs(START, Tier.THREE_DAYS), CALENDAR).due_at.date()


@pytest.mark.parametrize(
    ("written", "forged"),
    [
        ("2026-09-20T23:59:59", "2026-09-21T23:59:59"),
        ('"tier":"3d"', '"tier":"5d"'),
        ('"2026-09-16T10:15', '"2026-09-17T10:15'),
        ('"extensions":[]', '"extensions":[1]'),
        ('"skipped":["2026-09-19"]', '"skipped":[]'),
    ],
)
def test_a_record_that_does_not_follow_from_its_inputs_is_found(written: str, forged: str) -> None:
    text = freeze(due(Inputs(START, Tier.THREE_DAYS), CALENDAR))

    with pytest.raises(BrokenRecord):
        prove(thaw(text.replace(written, forged)))


@pytest.mark.parametrize(
    ("written", "forged"),
    [
        ('"provisional":false', '"provisional":true'),
        ('"tier":"3d"', '"tier":"4d"'),
        ('"tier":"3d"', '"tier": "3d"'),
        ('"extensions":[]', '"extensions":["5"]'),
        ("+08:00", ""),
        ('{"calendar"', '{"note":1,"calendar"'),
        ('"counted":["2026', '"counted":[2026'),
        ('{"calendar"', '["calendar"'),
    ],
)
def test_a_text_of_another_form_is_not_a_deadline(written: str, forged: str) -> None:
    text = freeze(due(Inputs(START, Tier.THREE_DAYS), CALENDAR))

    with pytest.raises(BrokenRecord):
        thaw(text.replace(written, forged))


def test_a_deadline_of_another_reading_of_the_law_is_neither_proved_nor_recomputed() -> None:
    text = freeze(due(Inputs(START, Tier.THREE_DAYS), CALENDAR))

    with pytest.raises(UnknownRules):
        prove(thaw(text.replace("art19/1", "art19/0")))
