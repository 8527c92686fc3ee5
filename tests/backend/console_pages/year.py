"""Fills a district so that every page has something to show."""

from backend.alarms.service import Level, raise_alarm
from backend.desk.seats import SeatState
from tests.backend.console_pages.at_work import staffed, waits
from tests.backend.console_pages.checks import checked
from tests.backend.console_pages.danger import in_danger
from tests.backend.console_pages.district import District, local_now
from tests.backend.console_pages.heard import recorded
from tests.backend.console_pages.rated import badly_rated

MATTERS = (
    "莲池区裕华路夜里施工噪声很大，老人睡不着，希望尽快处理",
    "竞秀区东风路暖气不热，三天了，家里只有十四度",
    "莲池区五四路路灯坏了一个多月没人修",
    "满城区要求查处小广告乱贴",
)


async def fill(district: District) -> dict[str, str]:
    """Return the numbers of tickets by what has become of them."""
    await district.who("supervisor")
    urgent = await district.dispatched(MATTERS[1], tier="2h")
    for words in MATTERS:
        await district.dispatched(words)
    signed, redo = await district.signed(), await district.signed()
    returned, extended = await district.dispatched(MATTERS[2]), await district.signed()
    told = local_now(minutes=5)
    await district.act("clerk", redo, "reply", result="已责令停工", caller_told_at=told)
    await district.act("supervisor", redo, "redo", lacking="夜间仍有施工，请现场值守")
    await district.act("clerk", returned, "return", reason="路灯归电力管理", basis="三定方案第四条")
    asked = {"working_days": 3, "reason": "需检测噪声", "progress": "已现场测量"}
    await district.act("clerk", extended, "extension", caller_told_at=told, **asked)
    await district.send(
        "supervisor",
        "/console/supervisions",
        clause="24.5",
        level="1",
        reason="媒体关注，请尽快办理",
        **{"tickets.0": signed},
    )
    text = {"title": "夜间施工怎么投诉", "body": "夜间22时至次日6时禁止施工。", "keywords": "噪声"}
    await district.send("clerk", "/console/knowledge", **text)
    rated = await badly_rated(district)
    path = f"/console/unit/tickets/{rated}/rating-dispute"
    await district.send("clerk", path, grounds="评价的是另一件事，见现场照片")
    await district.send("agent", "/console/ratings/1/citizen", words="按错了键")
    call = await in_danger(district.console, reached=False)
    await recorded(district.console, signed)
    await at_the_hotline(district)
    return {
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
