"""第二十五条 Callback: by telephone, message and network, with the result recorded truthfully.

市热线工作机构应当通过电话、短信、网络等方式对诉求人进行回访，并如实记录评价结果。
"""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from backend.database import Database
from backend.deadlines import SHANGHAI
from backend.errors import Conflict
from backend.privacy import Seal
from backend.statistics import DEFAULT, Cell, Dimension, Month, NotRated, make_report
from backend.surveys import answering
from backend.surveys.answers import ALL_ANSWERS, ANSWERS_BY_CODE
from backend.surveys.codes import EXCLUSIONS, MEANINGS, After, SurveyResult, TryResult
from backend.surveys.models import Channel
from backend.surveys.plan import Due, NoTry, Rules, Survey, Try, ending, next_try
from backend.tickets import history
from backend.tickets.states import State
from tests.backend.conftest import KEY
from tests.backend.surveys.town import SATISFIED, Town
from tests.conftest import migrated

OPENED = datetime(2026, 11, 23, 8, tzinfo=SHANGHAI)


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'hotline.db'}"
    migrated(url)
    database = Database(url)
    yield Town(database, Seal(KEY))
    await database.close()


def every_day(_: date) -> bool:
    return True


@pytest.mark.parametrize("never", [TryResult.BUSY, TryResult.NO_ANSWER, TryResult.SWITCHED_OFF])
def test_a_citizen_hard_to_reach_is_called_at_four_times_of_the_day_and_no_oftener(
    never: TryResult,
) -> None:
    survey, now, parts = Survey(OPENED), OPENED, []

    while isinstance(due := next_try(survey, now, every_day, Rules()), Due):
        parts.append(due.part.name)
        survey = Survey(OPENED, (*survey.tries, Try(due.at, never)))
        now = due.at + timedelta(minutes=1)

    assert due is NoTry.TRIES_USED
    assert sorted(parts) == sorted(["上午", "午前", "下午", "晚间"])
    assert ending([one.result for one in survey.tries], due) is SurveyResult.NOT_REACHED


def test_whoever_cannot_be_reached_by_the_machine_has_another_way() -> None:
    ways = {meaning.after for meaning in MEANINGS.values()}

    assert {After.PERSON, After.LINK} <= ways


@pytest.mark.parametrize("result", [one for one in TryResult if one is not TryResult.ANSWERED])
def test_no_ending_but_three_clear_answers_is_recorded_as_an_evaluation(result: TryResult) -> None:
    for reason in NoTry:
        assert ending([result], reason) in EXCLUSIONS


@pytest.mark.parametrize("reason", EXCLUSIONS)
def test_an_evaluation_not_given_raises_and_lowers_no_rate(reason: SurveyResult) -> None:
    november = Month(2026, 11)
    place = (november, "供热公司", "市级", "莲池区", "供热")
    answered = [Cell(*place, SurveyResult.VALID, answers, 5) for answers in ALL_ANSWERS]
    silent = Cell(*place, reason, None, 1000)

    without = make_report(answered, november, DEFAULT, Dimension.UNIT, OPENED)
    with_silent = make_report([*answered, silent], november, DEFAULT, Dimension.UNIT, OPENED)
    only_silent = make_report([silent], november, DEFAULT, Dimension.UNIT, OPENED)

    assert with_silent.figures == without.figures
    assert with_silent.counts.closed == without.counts.closed + 1000
    assert only_silent.figures == NotRated(valid=0, smallest=10)


async def test_every_completed_ticket_is_called_back_and_the_answers_stand_in_its_history(
    town: Town,
) -> None:
    numbers = [await town.complete(f"1390000000{n}", closed=False) for n in range(3)]
    await town.open()

    for said in (SATISFIED, SATISFIED | {"satisfaction": "basically"}, {"way": "refused"}):
        await town.call(said)

    results = [(await town.survey(one)).result for one in numbers]
    assert sorted(results) == [SurveyResult.REFUSED, SurveyResult.VALID, SurveyResult.VALID]
    for number in numbers:
        ticket = await town.ticket(number)
        async with town.database.transaction(writes=False) as session:
            told = [one.data for one in await history.events_of(session, ticket)]
            assert await history.fault(session, ticket) is None
        survey = await town.survey(number)
        assert told[-2]["answers"] == survey.answers
        assert (
            told[-1]["callback"]
            == {
                None: "none",
                "contacted/solved/satisfied": "satisfied",
                "contacted/solved/basically": "basically_satisfied",
            }[survey.answers]
        )
        assert ticket.state == State.CLOSED


async def test_an_answer_by_link_or_to_an_agent_is_the_same_record_with_its_channel(
    town: Town,
) -> None:
    given = ANSWERS_BY_CODE["not_contacted/partly/basically"]
    for n, channel in enumerate((Channel.LINK, Channel.AGENT)):
        number = await town.complete(f"1390000000{n}")
        await town.open()
        survey = await town.survey(number)
        async with town.database.transaction() as session:
            await answering.answer(
                session,
                survey.id,
                given,
                channel=channel,
                actor="person:1",
                seal=town.seal,
                now=town.now,
            )

        kept = await town.survey(number)
        assert (kept.result, kept.answers, kept.channel) == ("valid", given.code, channel)


async def test_an_answer_once_given_is_not_given_again(town: Town) -> None:
    number = await town.complete()
    await town.open()
    await town.call(SATISFIED)
    survey, other = await town.survey(number), ANSWERS_BY_CODE["contacted/solved/basically"]

    with pytest.raises(Conflict):
        async with town.database.transaction() as session:
            await answering.answer(
                session,
                survey.id,
                other,
                channel=Channel.LINK,
                actor="citizen",
                seal=town.seal,
                now=town.now,
            )

    assert (await town.survey(number)).answers == survey.answers
