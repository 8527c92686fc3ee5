import asyncio
from typing import Any

import httpx
import pytest

from tests.backend.dispatch.town import Town

SAME = {"reason": "同一工地、同一时段"}


async def pair(town: Town) -> tuple[str, str]:
    """A parent that was dispatched, and a duplicate of another caller merged into it."""
    parent = await town.signed()
    child = await town.draft(caller="13900000000")
    await town.do("agent", "merge", child, into=parent, **SAME)
    return parent, child


async def progress(town: Town, number: str) -> str:
    reply = await town.browsers["program"].post("/api/progress", json={"number": number})
    return str(reply.json()["status_text"])


async def test_a_merged_ticket_keeps_its_number_its_caller_and_its_history(town: Town) -> None:
    parent, child = await pair(town)

    stands = await town.stands(child)
    above = await town.stands(parent)

    assert (stands["state_chinese"], stands["parent"]) == ("已并单", parent)
    assert above["merged"] == [child]
    assert (await town.ticket(child)).caller_digest != (await town.ticket(parent)).caller_digest
    assert (await town.events(parent))[-1].kind == "merged_in"
    assert "合并办理" in await progress(town, child)


async def test_every_caller_is_called_back_when_the_parent_is_done(town: Town) -> None:
    parent, child = await pair(town)

    await town.do("clerk", "reply", parent, **town.reply())
    await town.do("agent", "accept-reply", parent)

    assert (await town.stands(child))["state_chinese"] == "待回访"
    assert "回访" in await progress(town, child)
    closed = await town.do("agent", "close", child, callback="satisfied")
    assert closed["state_chinese"] == "已办结"
    assert (await town.stands(parent))["state_chinese"] == "待回访"


async def test_a_parent_is_not_withdrawn_over_the_other_callers_heads(town: Town) -> None:
    parent, child = await pair(town)

    refused = await town.try_to("agent", "withdraw", parent, reason="诉求人撤回")

    assert refused.status_code == 409
    assert child in refused.json()["message"]


async def test_a_wrong_merge_is_undone(town: Town) -> None:
    parent, child = await pair(town)

    stands = await town.do("agent", "split", child, reason="不是同一工地")

    assert (stands["state_chinese"], stands["parent"]) == ("草稿", None)
    assert (await town.stands(parent))["merged"] == []
    assert (await town.events(parent))[-1].kind == "split_off"


async def test_a_dissatisfied_caller_of_a_merged_ticket_gets_a_ticket_of_their_own(
    town: Town,
) -> None:
    parent, child = await pair(town)
    await town.do("clerk", "reply", parent, **town.reply())
    await town.do("agent", "accept-reply", parent)

    redo = await town.try_to("dispatcher", "redo", child, lacking="仍在施工")
    reopened = await town.do("dispatcher", "reopen", child, reason="诉求人不满意")
    dispatched = await town.dispatch(child)

    assert (redo.status_code, redo.json()["error"]) == (409, "no_lead")
    assert (reopened["state_chinese"], reopened["parent"]) == ("草稿", None)
    assert dispatched["state_chinese"] == "已派发"


async def merge(town: Town, child: str, into: str) -> httpx.Response:
    return await town.try_to("agent", "merge", child, into=into, **SAME)


async def test_a_ticket_is_merged_into_a_living_one_and_not_into_itself(town: Town) -> None:
    parent, child = await pair(town)
    other = await town.draft()

    answers: list[Any] = [
        await merge(town, other, other),
        await merge(town, other, child),
        await merge(town, other, "2603029999"),
        await merge(town, parent, other),
    ]

    assert [(one.status_code, one.json()["error"]) for one in answers] == [
        (422, "same_ticket"),
        (409, "takes_no_more"),
        (404, "no_such_ticket"),
        (409, "no_such_move"),
    ]


@pytest.mark.parametrize("what", ["refuse", "pass-on"])
async def test_callers_are_told_too_when_the_parent_is_refused_or_passed_on(
    town: Town, what: str
) -> None:
    parent, child = await town.draft(), await town.draft(caller="13900000000")
    await town.do("agent", "merge", child, into=parent, **SAME)
    told = town.office.now.isoformat()
    sent = {
        "refuse": {"clause": "12.1", "reason": "已经起诉", "told_at": told},
        "pass-on": {"body": "雄安新区热线", "reason": "不属于本市"},
    }[what]

    await town.do("agent", what, parent, **sent)

    assert (await town.stands(child))["state_chinese"] == "待回访"


async def test_a_duplicate_that_was_dispatched_is_taken_from_its_unit_by_the_merge(
    town: Town,
) -> None:
    parent, child = await town.signed(), await town.draft(caller="13900000000")
    await town.dispatch(child, "street")

    await town.do("dispatcher", "merge", child, into=parent, **SAME)

    assert (await town.last_event(child))["ended"] == [town.units["street"]]
    gone = await town.browsers["street"].get(f"/api/tickets/{child}/handling")
    assert gone.status_code == 404


async def test_two_tickets_merged_into_each_other_at_once_end_as_one_pair(town: Town) -> None:
    one, other = await town.draft(), await town.draft(caller="13900000000")

    answers = await asyncio.gather(
        town.try_to("agent", "merge", one, into=other, version=1, **SAME),
        town.try_to("dispatcher", "merge", other, into=one, version=1, **SAME),
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409]
