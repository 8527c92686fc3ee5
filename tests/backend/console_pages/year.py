"""Fills a district so that every page has something to show."""

import datetime as dt

from backend.alarms.service import Level, raise_alarm
from backend.calls.fold import AGENT_STEP
from backend.desk.seats import SeatState
from backend.people.roles import Role
from backend.tickets.service import by_number
from tests.backend.console_pages.at_work import staffed, waits
from tests.backend.console_pages.checks import checked
from tests.backend.console_pages.danger import in_danger
from tests.backend.console_pages.district import District, local_now
from tests.backend.console_pages.heard import recorded
from tests.backend.console_pages.rated import badly_rated
from tests.backend.story import Story

MATTERS = (
    "莲池区裕华路夜里施工噪声很大，老人睡不着，希望尽快处理",
    "竞秀区东风路暖气不热，三天了，家里只有十四度",
    "莲池区五四路路灯坏了一个多月没人修",
    "满城区要求查处小广告乱贴",
)


async def fill(district: District, mark: str = "") -> dict[str, str]:
    """Return the numbers of tickets by what has become of them; `mark` ends every text sent."""
    await district.who("supervisor")
    urgent = await district.dispatched(MATTERS[1] + mark, tier="2h")
    for words in MATTERS:
        await district.dispatched(words + mark)
    signed, redo = await district.signed(), await district.signed()
    returned, extended = await district.dispatched(MATTERS[2]), await district.signed()
    told = local_now(minutes=5)
    await district.act("clerk", redo, "reply", result=f"已责令停工{mark}", caller_told_at=told)
    await district.act("supervisor", redo, "redo", lacking=f"夜间仍有施工，请现场值守{mark}")
    await district.act(
        "clerk", returned, "return", reason=f"路灯归电力管理{mark}", basis=f"三定方案第四条{mark}"
    )
    asked = {"working_days": 3, "reason": f"需检测噪声{mark}", "progress": f"已现场测量{mark}"}
    await district.act("clerk", extended, "extension", caller_told_at=told, **asked)
    await district.send(
        "supervisor",
        "/console/supervisions",
        clause="24.5",
        level="1",
        reason=f"媒体关注，请尽快办理{mark}",
        **{"tickets.0": signed},
    )
    text = {
        "title": f"夜间施工怎么投诉{mark}",
        "body": f"夜间22时至次日6时禁止施工。{mark}",
        "keywords": f"噪声{mark}",
    }
    await district.send("clerk", "/console/knowledge", **text)
    rated = await badly_rated(district)
    path = f"/console/unit/tickets/{rated}/rating-dispute"
    await district.send("clerk", path, grounds=f"评价的是另一件事，见现场照片{mark}")
    await district.send("agent", "/console/ratings/1/citizen", words=f"按错了键{mark}")
    call = await in_danger(district.console, reached=False)
    await recorded(district.console, signed)
    await at_the_hotline(district)
    await let_overdue(district, urgent)
    await locked_out(district)
    drafts = await at_the_desk(district, call, mark)
    return {
        **drafts,
        "call": call,
        "rated": rated,
        "urgent": urgent,
        "signed": signed,
        "redo": redo,
        "returned": returned,
        "extended": extended,
    }


async def at_the_hotline(district: District) -> None:
    """Check the lines, raise an alarm, seat two agents, and have a caller wait."""
    console = district.console
    await checked(district)
    async with console.app.state.database.transaction() as session:
        await raise_alarm(session, "line.failed", Level.URGENT, "紧急线路检测未通过：119（119）。")
    await staffed(console, SeatState.READY, name="赵敏", talk="connected")
    await staffed(console, SeatState.PAUSED, name="孙丽", talk=None)
    await waits(console, 70)


async def at_the_desk(district: District, call: str, mark: str) -> dict[str, str]:
    """Leave drafts of every kind: in danger, full of doubt, sent back, in hand; a missed call."""
    console = district.console
    doubtful = await console.draft(f"那个地方老是那样，你们管管{mark}")
    talk, missed = Story("13612345678"), Story("13712345678")
    talk.opened()
    talk.heard(f"竞秀区东风路暖气不热{mark}")
    talk.heard(f"好的，您家里现在多少度{mark}", step=AGENT_STEP)
    talk.closed("transferred_agent")
    missed.opened()
    missed.closed("hung_up")
    entries = [*talk.entries, *missed.entries]
    answer = await console.api.post("/api/journal", json={"entries": entries})
    assert answer.status_code == 200, answer.text
    in_hand = await number_of(district, talk.call_id)
    await district.send("agent", f"/console/desk/{in_hand}/take")
    back = await district.dispatched(MATTERS[3])
    await district.act("clerk", back, "return", reason="属城管职责", basis=f"三定方案第四条{mark}")
    await district.act("dispatcher", back, "return/accept", reason=f"确属其他单位{mark}")
    return {
        "doubtful": doubtful,
        "talk": in_hand,
        "emergency": await number_of(district, call),
    }


async def number_of(district: District, call_id: str) -> str:
    """Return the number of the ticket of a call."""
    found = (await district.console.api.get(f"/api/calls/{call_id}")).json()
    return str(found["ticket"]["number"])


async def let_overdue(district: District, number: str) -> None:
    """Let the time of a ticket be over."""
    async with district.console.app.state.database.transaction() as session:
        ticket = await by_number(session, number)
        assert ticket
        ticket.due_at = dt.datetime.now(dt.UTC) - dt.timedelta(hours=3)


async def locked_out(district: District) -> None:
    """Lock somebody out by wrong passwords."""
    login = await district.console.person(Role.AGENT, name="周锁")
    for _ in range(5):
        await district.console.browser().sign_in(login, "wrong")
