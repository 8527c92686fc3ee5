"""The supervisor's desk: what waits is decided here, and only by those who may."""

from backend.alarms.service import Level, raise_alarm
from tests.backend.console_pages.district import District, local_now

TOLD = {"working_days": 3, "reason": "需检测噪声", "progress": "已测量"}


async def asked_back(district: District) -> str:
    number = await district.dispatched()
    await district.act("clerk", number, "return", reason="不属本单位", basis="三定方案第四条")
    return number


async def test_a_return_is_shown_with_its_basis_and_decided(district: District) -> None:
    number, other = await asked_back(district), await asked_back(district)

    page = (await district.get("dispatcher", "/console/decisions")).text
    await district.act("dispatcher", number, "return/accept", reason="确属其他单位")
    await district.act("dispatcher", other, "return/refuse", reason="属城管职责")
    returned = (await district.get("dispatcher", "/console/decisions?kind=returned")).text
    sent = {"unit_id": district.units["street"], "basis": "属地管理"}
    await district.act("dispatcher", number, "dispatch", **sent)

    assert "三定方案第四条" in page
    assert (await district.ticket(other)).state == "return_refused"
    assert number in returned
    assert (await district.ticket(number)).unit == "裕华街道"


async def test_an_extension_is_granted_and_moves_the_deadline(district: District) -> None:
    number = await district.signed()
    before = (await district.ticket(number)).due_at
    told = local_now(minutes=5)
    await district.act("clerk", number, "extension", caller_told_at=told, **TOLD)

    page = (await district.get("supervisor", "/console/decisions?kind=extension")).text
    answer = await district.act("supervisor", number, "extension/grant", reason="确需检测")
    after = await district.ticket(number)

    assert "需检测噪声" in page
    assert answer.status_code == 303
    assert after.due_at is not None
    assert before is not None
    assert after.due_at > before
    left = await district.get("supervisor", "/console/decisions?kind=extension")
    assert f"tickets/{number}" not in left.text


async def test_what_is_nearly_due_is_listed_and_counted(district: District) -> None:
    soon = await district.dispatched(tier="2h")
    later = await district.dispatched(tier="5d")

    page = (await district.get("supervisor", "/console/late")).text
    now = (await district.get("supervisor", "/console/supervisor")).text

    assert soon in page
    assert later not in page
    assert "24小时内到期 1" in now


async def test_an_alarm_is_taken_from_the_page(district: District) -> None:
    async with district.console.app.state.database.transaction() as session:
        alarm = await raise_alarm(session, "emergency.not_reached", Level.CRITICAL, "119未接通")

    before = (await district.get("supervisor", "/console/supervisor")).text
    await district.send("supervisor", f"/console/supervisor/alarms/{alarm.id}/acknowledge")
    after = (await district.get("supervisor", "/console/supervisor")).text

    assert "119未接通" in before
    assert "119未接通" not in after


async def test_the_recogniser_that_does_not_answer_is_told_so(district: District) -> None:
    page = await district.get("supervisor", "/console/supervisor/recogniser")

    assert page.status_code == 200
    assert "语音识别没有应答" in page.text
