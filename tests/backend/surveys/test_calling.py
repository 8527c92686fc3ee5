"""Citizens called back, on a real database, with calls told as stories."""

import asyncio
import datetime as dt
import uuid
from itertools import pairwise

import pytest
from sqlalchemy import select

from backend.people.callers import keep_confidential, subject_of
from backend.surveys import answering, service
from backend.surveys.answers import ANSWERS_BY_CODE
from backend.surveys.causes import result_of
from backend.surveys.channels import RINGING
from backend.surveys.codes import SurveyResult, TryResult
from backend.surveys.models import Channel
from backend.surveys.schemas import Waiting
from backend.tickets import history, moving
from backend.tickets.models import TicketEvent
from backend.tickets.moves import Move
from backend.tickets.states import EventKind, State
from tests.backend.surveys.town import MONDAY, SATISFIED, Town

UNSOLVED = SATISFIED | {"solution": "not_solved", "satisfaction": "not_satisfied"}


async def test_a_completed_ticket_is_called_back_and_its_answers_are_kept(town: Town) -> None:
    number = await town.complete()

    assert await town.open() == 1
    assert await town.call(SATISFIED) is TryResult.ANSWERED

    survey, ticket = await town.survey(number), await town.ticket(number)
    assert survey.result == SurveyResult.VALID
    assert survey.answers == "contacted/solved/satisfied"
    assert survey.channel == Channel.CALL
    assert ticket.state == State.CLOSED
    async with town.database.transaction(writes=False) as session:
        assert await history.fault(session, ticket) is None
        kinds = [one.kind for one in await history.events_of(session, ticket)]
    assert kinds[-1] == EventKind.SURVEYED


async def test_a_ticket_gets_one_survey_however_often_it_is_looked_for(town: Town) -> None:
    await town.complete()
    await town.complete("13900000000")

    assert [await town.open() for _ in range(3)] == [2, 0, 0]


async def test_every_caller_of_a_merged_ticket_is_called_back(town: Town) -> None:
    parent = await town.complete("13812345678")
    async with town.database.transaction() as session:
        child = await town._ticket(session, "13900000000")
        moving.move(session, child, Move.MERGE, actor="agent", at=town.now, version=None)
        moving.move(session, child, Move.FOLLOW, actor="agent", at=town.now, version=None)

    await town.open()

    assert (await town.survey(parent)).number_digest != (
        await town.survey(child.number)
    ).number_digest
    assert await town.call(SATISFIED) is TryResult.ANSWERED
    assert await town.call(SATISFIED) is TryResult.ANSWERED
    assert (await town.ticket(child.number)).state == State.CLOSED


async def test_a_citizen_without_a_number_is_reported_as_such(town: Town) -> None:
    number = await town.complete(None)
    await town.open()

    assert await town.claim() is None
    assert (await town.survey(number)).result == SurveyResult.NO_NUMBER


async def test_four_tries_in_four_parts_of_the_day_and_then_not_reached(town: Town) -> None:
    number = await town.complete()
    await town.open()

    for _ in range(4000):
        if (await town.survey(number)).ended_at:
            break
        if claimed := await town.claim():
            await town.busy(claimed.id)
        due = (await town.survey(number)).due_at
        town.now = max(town.now, due) if due else town.now

    tries = await town.tries()
    assert len({one.part for one in tries}) == len(tries) == 4
    gaps = [b.began_at - a.began_at for a, b in pairwise(tries)]
    assert min(gaps) >= town.policy.rules.rest
    survey = await town.survey(number)
    assert (survey.result, survey.follow_up) == (SurveyResult.NOT_REACHED, "link")


async def test_a_congested_line_is_no_try_and_lets_the_number_not_rest(town: Town) -> None:
    number = await town.complete()
    await town.open()
    claimed = await town.claim()
    assert claimed

    assert await town.left(claimed.id, 34, "asked") is TryResult.CONGESTED

    assert await town.claim() is None
    town.later(minutes=6)
    assert await town.call(SATISFIED) is TryResult.ANSWERED
    assert (await town.survey(number)).answers == "contacted/solved/satisfied"


async def test_a_number_of_two_tickets_rests_between_their_calls(town: Town) -> None:
    await town.complete()
    await town.complete()
    await town.open()
    assert await town.call(SATISFIED) is TryResult.ANSWERED

    assert await town.claim() is None
    town.later(hours=19)
    assert await town.claim() is None
    town.later(hours=6)
    assert await town.claim() is not None


async def test_two_diallers_never_have_one_number_in_hand(town: Town) -> None:
    for _ in range(6):
        await town.complete("13812345678")
    for n in range(6):
        await town.complete(f"1390000000{n}")
    await town.open()

    claimed = await asyncio.gather(*(town.claim(f"dialler:{n}") for n in range(14)))
    for _ in range(14):
        claimed.append(await town.claim())

    numbers = [one.number for one in claimed if one]
    assert sorted(numbers) == sorted(set(numbers))
    assert len(numbers) == 7


async def test_a_try_whose_dialler_died_counts_as_a_call_and_is_followed_by_another(
    town: Town,
) -> None:
    number = await town.complete()
    await town.open()
    claimed = await town.claim()
    assert claimed

    assert await town.over(claimed.id) is None
    assert await town.over(claimed.id, give_up=True) is TryResult.LOST
    assert await town.claim() is None

    survey = await town.survey(number)
    assert survey.due_at
    assert survey.due_at >= MONDAY + town.policy.rules.rest
    town.now = survey.due_at
    assert await town.call(SATISFIED) is TryResult.ANSWERED


async def test_what_was_answered_counts_even_if_the_script_died_after_it(town: Town) -> None:
    number = await town.complete()
    await town.open()
    claimed = await town.claim()
    assert claimed
    steps = [
        ("call.step", {"step": q, "reply": "key", "question": q, "answer": a, "by": "key"})
        for q, a in SATISFIED.items()
    ]
    await town.tell(claimed.id, ("call.opened", {"flow": "survey"}), *steps)
    await town.left(claimed.id, 16)

    assert await town.over(claimed.id) is None
    assert await town.over(claimed.id, give_up=True) is TryResult.ANSWERED
    assert (await town.survey(number)).result == SurveyResult.VALID


@pytest.mark.parametrize(
    ("said", "outcome", "result"),
    [
        ({}, "hung_up", TryResult.HUNG_UP_GREETING),
        ({"way": "ready"}, "hung_up", TryResult.HUNG_UP_1),
        ({"way": "ready", "contact": "contacted"}, "hung_up", TryResult.HUNG_UP_2),
        (
            {"way": "ready", "contact": "contacted", "solution": "solved"},
            "hung_up",
            TryResult.HUNG_UP_3,
        ),
        ({"way": "wrong_person"}, "completed", TryResult.WRONG_PERSON),
        ({"person": "wrong_person"}, "hung_up", TryResult.WRONG_PERSON),
        ({"way": "refused"}, "completed", TryResult.REFUSED),
        ({"way": "machine"}, "hung_up", TryResult.MACHINE),
        ({"way": "ready", "contact": "contacted"}, "completed", TryResult.UNSURE),
        ({"way": "later", "later": "evening"}, "completed", TryResult.POSTPONED),
        ({"way": "ready", "contact": "contacted"}, "broken", TryResult.LOST),
    ],
)
async def test_each_ending_has_its_code_and_none_is_an_answer(
    town: Town, said: dict[str, str], outcome: str, result: TryResult
) -> None:
    number = await town.complete()
    await town.open()

    assert await town.call(said, outcome=outcome) is result

    assert (await town.survey(number)).answers is None


async def test_a_citizen_who_has_no_time_is_called_when_they_said(town: Town) -> None:
    number = await town.complete()
    await town.open()

    await town.call({"way": "later", "later": "evening"})

    survey = await town.survey(number)
    assert survey.due_at == dt.datetime(2026, 11, 24, 10, 30, tzinfo=dt.UTC)


async def test_an_unanswered_call_ends_by_its_cause(town: Town) -> None:
    causes = {17: TryResult.BUSY, 19: TryResult.NO_ANSWER, 20: TryResult.SWITCHED_OFF}
    causes |= {1: TryResult.INVALID, 34: TryResult.CONGESTED, 0: TryResult.NO_ANSWER}
    for n, (cause, result) in enumerate(causes.items()):
        await town.complete(f"1390000000{n}")
        await town.open()
        claimed = await town.claim()
        assert claimed
        assert await town.left(claimed.id, cause, RINGING) is result


def test_a_telephone_that_cannot_be_rung_is_switched_off() -> None:
    assert result_of(19, rang=False) is TryResult.SWITCHED_OFF
    assert result_of(19, rang=True) is TryResult.NO_ANSWER


async def test_whoever_wants_no_more_calls_gets_none_for_any_ticket(town: Town) -> None:
    first, second = await town.complete(), await town.complete()
    await town.open()
    claimed = await town.claim()
    assert claimed
    opened = ("call.opened", {"flow": "survey"})
    stopped = ("call.step", {"step": "stopped", "reply": "done"})
    await town.tell(claimed.id, opened, stopped, ("call.closed", {"outcome": "completed"}))
    await town.left(claimed.id, 16)

    assert await town.over(claimed.id) is TryResult.OPTED_OUT

    town.later(days=2)
    assert await town.claim() is None
    results = {(await town.survey(one)).result for one in (first, second)}
    assert results == {SurveyResult.OPTED_OUT}


async def test_dissatisfied_without_reopening_waits_for_the_supervisor(town: Town) -> None:
    number = await town.complete(closed=False)
    await town.open()

    await town.call(UNSOLVED, reason="还是不热，打13812345678找我")

    survey, ticket = await town.survey(number), await town.ticket(number)
    assert (survey.proposal, survey.decision) == ("redo", None)
    assert ticket.state == State.AWAITING_CALLBACK
    async with town.database.transaction(writes=False) as session:
        waiting = await service.page(session, Waiting.DECISION, None, 0, 10)
        shown = (await service.views(session, waiting, town.seal))[0]
    assert shown.reason == "还是不热，打138****5678找我"
    assert shown.reason_sound == "utterances/r.wav"


async def test_the_citizen_has_the_matter_taken_up_again_on_the_spot(town: Town) -> None:
    number = await town.complete()
    await town.open()

    await town.call(UNSOLVED | {"reopen": "yes"}, reason="没人来")

    survey, ticket = await town.survey(number), await town.ticket(number)
    assert (survey.reopened, survey.decided_by) == (True, "citizen")
    assert ticket.state == State.DRAFT


async def test_a_survey_is_overtaken_by_a_ticket_that_is_dealt_with_again(town: Town) -> None:
    number = await town.complete()
    await town.open()
    async with town.database.transaction() as session:
        ticket = await session.merge(await town.ticket(number))
        moving.move(session, ticket, Move.REOPEN, actor="agent", at=town.now, version=None)

    assert await town.claim() is None

    survey = await town.survey(number)
    assert survey.ended_at
    assert survey.result == SurveyResult.PENDING


async def test_the_subject_of_a_confidential_caller_is_marked(town: Town) -> None:
    number = await town.complete()
    async with town.database.transaction() as session:
        subject = subject_of(number)
        await keep_confidential(session, subject, actor="agent", now=town.now)
    await town.open()
    claimed = await town.claim()
    assert claimed

    async with town.database.transaction(writes=False) as session:
        assert (await service.subject(session, claimed.id)).confidential


async def test_words_of_a_survey_make_no_new_ticket(town: Town) -> None:
    await town.complete()
    await town.open()

    await town.call(UNSOLVED, reason="莲池区裕华路的暖气还是不热")

    async with town.database.transaction(writes=False) as session:
        drafted = select(TicketEvent).where(TicketEvent.kind == EventKind.DRAFTED)
        assert len((await session.scalars(drafted)).all()) == 1


async def test_an_answer_on_another_channel_is_kept_with_it_and_only_once(town: Town) -> None:
    number = await town.complete()
    await town.open()
    survey = await town.survey(number)
    answers = ANSWERS_BY_CODE["contacted/partly/basically"]

    async with town.database.transaction() as session:
        await answering.answer(
            session,
            survey.id,
            answers,
            channel=Channel.LINK,
            actor="citizen",
            seal=town.seal,
            now=town.now,
        )

    assert await town.claim() is None
    assert [one.channel for one in await town.tries()] == [Channel.LINK]
    kept = await town.survey(number)
    assert (kept.answers, kept.channel) == (answers.code, Channel.LINK)


async def test_units_take_turns_and_the_oldest_goes_first(town: Town) -> None:
    numbers = [f"139000000{n:02}" for n in range(5)]
    for one in numbers:
        await town.complete(one)
        town.later(seconds=1)
    await town.open()

    called = [await town.claim() for _ in numbers]

    assert [one.number for one in called if one] == numbers


async def test_a_unit_with_a_long_queue_keeps_no_other_unit_waiting(town: Town) -> None:
    many = [await town.complete(f"138000000{n:02}") for n in range(4)]
    town.later(minutes=1)
    few = [await town.complete(f"139000000{n:02}") for n in range(2)]
    await town.open()
    await town.handled_by("many", many)
    await town.handled_by("few", few)

    called = []
    for _ in range(6):
        claimed = await town.claim()
        called.append(claimed.number if claimed else "")
        town.later(seconds=1)

    assert [one[:3] for one in called] == ["138", "139", "138", "139", "138", "138"]


async def test_nobody_is_called_at_night_or_on_a_day_of_rest(town: Town) -> None:
    await town.complete()
    await town.open()

    town.now = MONDAY.replace(hour=21)
    assert await town.claim() is None
    town.now = MONDAY + dt.timedelta(days=5)
    assert await town.claim() is None
    town.now = MONDAY + dt.timedelta(days=7)
    assert await town.claim() is not None


async def test_an_unknown_call_has_no_subject(town: Town) -> None:
    async with town.database.transaction(writes=False) as session:
        with pytest.raises(Exception, match="placed for no survey"):
            await service.subject(session, uuid.uuid4())
