"""What goes on now: calls, agents, the queue, alarms, the recogniser's load, what is late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import httpx
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.alarms import service as alarms
from backend.alarms.models import Alarm
from backend.calls.models import Call
from backend.console.supervisor import waiting
from backend.deadlines import SHANGHAI
from backend.desk import seats
from backend.desk.seats import Seated
from backend.queue import service as queue
from backend.queue.service import Figures, Waiting
from backend.settings import Settings

LONGEST_CALL_HOURS = 3
"""A call that was opened longer ago and never closed is not shown as going on."""
MOST_WAITING = 50
PATIENCE_SECONDS = 1.5
OUTCOMES = {
    "completed": "自助办结",
    "hung_up": "诉求人挂机",
    "transferred_agent": "转人工",
    "transferred_emergency": "转紧急热线",
    "message_left": "留言",
    "broken": "中断",
    "recovered": "录音补录",
}


@dataclass(frozen=True, slots=True)
class Now:
    """The moment as the hotline sees it."""

    at: dt.datetime
    calls: Sequence[Call]
    today: int
    outcomes: list[tuple[str, int]]
    to_call_back: int
    alarms: Sequence[Alarm]
    overdue: int
    nearly: int
    queue: Figures
    waiting: Sequence[Waiting]
    agents: Sequence[Seated]


@dataclass(frozen=True, slots=True)
class Load:
    """The recogniser's places; `said` tells in Chinese how it is."""

    well: bool
    said: str
    used: int = 0
    total: int = 0


async def look(session: AsyncSession, now: dt.datetime) -> Now:
    """Gather what goes on now, from the database."""
    since = now - dt.timedelta(hours=LONGEST_CALL_HOURS)
    going = select(Call).where(Call.opened_at > since, Call.ended_at.is_(None))
    morning = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    ended = select(Call.outcome, func.count()).where(Call.opened_at >= morning)
    counted = {name: n for name, n in await session.execute(ended.group_by(Call.outcome))}
    overdue, nearly = await waiting.how_late(session, now)
    return Now(
        at=now,
        calls=(await session.scalars(going.order_by(Call.opened_at.desc()).limit(100))).all(),
        today=sum(counted.values()),
        outcomes=[(said, counted[name]) for name, said in OUTCOMES.items() if name in counted],
        to_call_back=await queue.how_many_missed(session),
        alarms=await alarms.page(session, None, 20, waiting=True),
        overdue=overdue,
        nearly=nearly,
        queue=await queue.figures(session, now),
        waiting=await queue.who_waits(session, now, MOST_WAITING),
        agents=await seats.seated(session),
    )


async def recogniser(settings: Settings) -> Load:
    """Ask the recogniser how busy it is; it is not waited for long."""
    url = f"http://{settings.asr_host}:{settings.asr_port}/health"
    try:
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS, trust_env=False) as http:
            told = (await http.get(url)).json()
        slots = told["slots"]
        used, total = int(slots["used"]), int(slots["total"])
    except (TimeoutError, httpx.HTTPError, ValueError, KeyError, TypeError):
        return Load(False, "语音识别没有应答：来电改为录音，稍后转写。")
    full = used >= total
    said = "已满：新的来电先录音，稍后转写。" if full else "正常"
    return Load(not full and told.get("status") == "ok", said, used, total)
