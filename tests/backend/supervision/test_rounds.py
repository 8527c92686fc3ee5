"""Rounds find what is late, say it once, and put it under supervision when the time has come."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from backend.alarms.models import Alarm
from backend.jobs.models import Job
from backend.supervision.models import Reminder
from tests.backend.dispatch.town import Json, Town
from tests.backend.supervision.watch import keeper_of, round_of, work

WHY = {"reason": "不属于本单位职责", "basis": "三定方案"}


async def reminders(town: Town, who: str = "supervisor") -> list[str]:
    shown = (await town.browsers[who].get("/api/reminders")).json()
    return [one["kind"] for one in reversed(shown["items"])]


async def cases(town: Town, who: str = "supervisor") -> list[Json]:
    return list((await town.browsers[who].get("/api/supervisions")).json()["items"])


async def test_nearly_due_and_overdue_are_said_once_each(town: Town) -> None:
    number = await town.signed(tier="24h")
    await round_of(town)
    town.pass_time(hours=21)
    await round_of(town)
    await round_of(town)
    town.pass_time(hours=4)
    await round_of(town)
    await round_of(town)

    assert await reminders(town) == ["nearly_due", "overdue"]
    assert await reminders(town, "bureau") == ["nearly_due", "overdue"]
    assert await reminders(town, "water") == []
    kinds = [one.kind for one in await town.events(number)]
    assert kinds.count("reminded") == 2


async def test_a_co_handler_is_reminded_of_its_own_time(town: Town) -> None:
    helps = [{"unit_id": town.units["water"], "tier": "2h"}]
    await town.signed(co_handlers=helps)
    town.pass_time(hours=3)

    await round_of(town)

    assert await reminders(town, "water") == ["overdue"]
    assert await reminders(town, "bureau") == []


async def test_what_was_replied_in_time_is_never_called_late(town: Town) -> None:
    await town.replied()
    town.pass_time(days=30)

    await round_of(town)

    assert await reminders(town) == []


async def test_an_extended_deadline_is_watched_anew(town: Town) -> None:
    number = await town.signed()
    await town.do("clerk", "extension", number, **town.extension())
    await town.do("dispatcher", "extension/grant", number, reason="同意")
    town.pass_time(days=8)
    await round_of(town)
    before = await reminders(town)
    town.pass_time(days=8)

    await round_of(town)

    assert (before, await reminders(town)) == ([], ["overdue"])


async def test_what_the_hotline_does_not_decide_in_time_is_said_to_the_hotline(town: Town) -> None:
    returned, disputed = await town.signed(), await town.draft()
    await town.do("clerk", "return", returned, **WHY)
    asked: dict[str, Any] = {"question": "职责交叉", "units": [town.units["street"]]}
    await town.try_to("agent", "dispute", disputed, **asked)
    town.pass_time(days=2, hours=16)

    await round_of(town)
    await round_of(town)

    assert sorted(await reminders(town)) == ["dispute_undecided", "return_undecided"]
    assert await reminders(town, "bureau") == []


async def test_the_long_list_is_reviewed_on_its_day(town: Town) -> None:
    number = await town.signed()
    sent = {"scope": "老旧管网", "standard": "需立项", "procedure": "专项审批"}
    sent |= {"reason": "短期难以解决", "review_on": "2026-03-04"}
    await town.do("dispatcher", "long-list", number, **sent)
    town.pass_time(days=1)
    await round_of(town)
    before = await reminders(town)
    town.pass_time(days=1)

    await round_of(town)

    assert (before, await reminders(town)) == ([], ["review_due"])


async def test_two_workers_at_once_say_it_once(town: Town) -> None:
    for _ in range(4):
        await town.signed(tier="2h")
    town.pass_time(hours=3)
    first, second = keeper_of(town), keeper_of(town)

    async def keep() -> None:
        return None

    await asyncio.gather(first.rounds.look(keep), second.rounds.look(keep))

    async with town.office.database.transaction(writes=False) as session:
        rows = (await session.scalars(select(Reminder))).all()
    assert len(rows) == 4


async def test_only_one_worker_makes_the_round(town: Town) -> None:
    keeper = keeper_of(town)
    await keeper.rounds.ask()
    await keeper.rounds.ask()

    await work(town, keeper)

    async with town.office.database.transaction(writes=False) as session:
        rows = (await session.scalars(select(Job).where(Job.kind == "round"))).all()
    assert [(one.done_at, one.leased_by) for one in rows] == [(None, None)]


@pytest.mark.parametrize("hours", [3, 40])
async def test_who_does_not_sign_is_reminded_then_supervised_then_pressed(
    town: Town, hours: int
) -> None:
    number = await town.draft()
    await town.dispatch(number, tier="24h")
    town.pass_time(hours=5)
    await round_of(town)
    assert await cases(town) == []
    town.pass_time(hours=hours + 1)

    await round_of(town)
    await round_of(town)

    (case,) = await cases(town)
    assert (case["clause"], case["level"], case["tickets"]) == ("24.1", 1, [number])
    assert case["unit_id"] == town.units["bureau"]
    town.pass_time(days=6)
    await round_of(town)
    await round_of(town)
    (case,) = await cases(town)
    assert (case["level"], case["level_chinese"]) == (2, "重点督办")


async def test_a_new_calendar_settles_the_deadlines_of_all_in_hand(
    town: Town, tmp_path: Any
) -> None:
    town.pass_time(days=303)
    numbers = [await town.signed() for _ in range(3)]
    over = await town.replied()
    stands = await town.stands(numbers[0])
    file = tmp_path / "calendar.yaml"
    rest = "[2027-01-01, 2027-01-02, 2027-01-03, 2027-01-04, 2027-01-05, 2027-01-06]"
    file.write_text(f"notices: [{{source: 放假安排（示例）, rest: {rest}}}]", encoding="utf-8")

    await round_of(town, keeper_of(town, calendar=file))
    await round_of(town, keeper_of(town, calendar=file))

    assert stands["deadline"]["provisional"]
    for number in numbers:
        after = await town.stands(number)
        assert after["deadline"]["due_at"] == "2027-01-12T23:59:59+08:00"
        moves = [one.data.get("move") for one in await town.events(number)]
        assert moves.count("recompute") == 1
    assert "recompute" not in [one.data.get("move") for one in await town.events(over)]


async def test_thirty_days_before_the_calendar_ends_an_alarm_is_raised_once(town: Town) -> None:
    await round_of(town)
    town.pass_time(days=277)

    await round_of(town)
    await round_of(town)

    async with town.office.database.transaction(writes=False) as session:
        rows = (await session.scalars(select(Alarm))).all()
    assert [one.kind for one in rows] == ["calendar.ends"]
    assert "HOTLINE_CALENDAR" in rows[0].text


async def test_a_broken_calendar_file_leaves_the_last_good_one_and_rings(
    town: Town, tmp_path: Any
) -> None:
    file = tmp_path / "calendar.yaml"
    file.write_text("notices: []", encoding="utf-8")
    keeper = keeper_of(town, calendar=file)
    file.write_text("notices: [{source: 通知, rest: [soon]}]", encoding="utf-8")

    await round_of(town, keeper)

    async with town.office.database.transaction(writes=False) as session:
        rows = (await session.scalars(select(Alarm))).all()
    assert [one.kind for one in rows] == ["calendar.fault"]
    assert "no day" in rows[0].text


async def test_work_done_long_ago_is_forgotten_and_what_was_told_is_not(town: Town) -> None:
    number = await town.draft()
    await town.dispatch(number)
    await round_of(town)
    town.pass_time(days=8)

    await round_of(town)

    async with town.office.database.transaction(writes=False) as session:
        kinds = set(await session.scalars(select(Job.kind).where(Job.done_at.is_not(None))))
    shown = (await town.browsers["agent"].get(f"/api/tickets/{number}/notices")).json()
    assert not {"notify"} & kinds
    assert shown[0]["occasion"] == "dispatch"
