"""Lines and alarms as a page: the last check is shown, a new one is asked for once."""

import pytest
from sqlalchemy import select

from backend.alarms.models import Alarm
from backend.alarms.service import Level, raise_alarm
from backend.jobs.models import Job
from backend.jobs.service import JobKind
from tests.backend.console_pages.checks import checked
from tests.backend.console_pages.danger import SCRIPT
from tests.backend.console_pages.district import District


async def checks(district: District) -> list[Job]:
    async with district.console.app.state.database.transaction(writes=False) as session:
        query = select(Job).where(Job.kind == JobKind.LINE_CHECK.value)
        return list(await session.scalars(query))


async def alarm_of(district: District) -> Alarm:
    async with district.console.app.state.database.transaction() as session:
        return await raise_alarm(session, "line.failed", Level.URGENT, f"线路未通过{SCRIPT}")


async def test_each_route_stands_with_what_the_last_check_found(district: District) -> None:
    before = (await district.get("keeper", "/console/lines")).text
    await checked(district)
    after = (await district.get("keeper", "/console/lines")).text

    assert "尚未检测过" in before
    for told in ("119火警", "没有应答", "无人接听", "未通过", "120急救", "未检测"):
        assert told in after, told


async def test_an_exchange_that_did_not_answer_is_told(district: District) -> None:
    await checked(district, "no answer within 3 s")

    assert "电话交换机没有应答" in (await district.get("keeper", "/console/lines")).text


async def test_a_check_is_asked_for_once_while_it_is_under_way(district: District) -> None:
    first = await district.send("keeper", "/console/lines/check")
    await district.send("keeper", "/console/lines/check")
    page = (await district.get("keeper", "/console/lines")).text

    assert first.status_code == 303
    assert [one.done_at for one in await checks(district)] == [None]
    assert "正在检测" in page


@pytest.mark.parametrize("who", ["auditor", "clerk"])
async def test_others_have_nothing_checked(district: District, who: str) -> None:
    answer = await district.send(who, "/console/lines/check")

    assert answer.status_code == 403
    assert await checks(district) == []


async def test_an_alarm_is_taken_with_a_note_and_stays_listed(district: District) -> None:
    alarm = await alarm_of(district)

    before = (await district.get("agent", "/console/lines?waiting=true")).text
    path = f"/console/lines/alarms/{alarm.id}/acknowledge"
    answer = await district.send("agent", path, note=f"已报修{SCRIPT}")
    after = (await district.get("agent", "/console/lines")).text
    left = (await district.get("agent", "/console/lines?waiting=true")).text

    assert answer.status_code == 303, answer.text
    assert "线路未通过" in before
    assert "已报修" in after
    assert SCRIPT not in before + after
    assert "线路未通过" not in left
