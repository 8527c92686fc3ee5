"""A ticket's history in Chinese: what was done, by whom, under which article, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.console import words
from backend.people.models import Person
from backend.surveys.answers import Contact, Satisfaction, Solution
from backend.tickets.models import TicketEvent
from backend.tickets.moves import Move
from backend.tickets.states import EventKind
from backend.units.models import Unit

MOVES = {
    Move.ANSWER: "即时答复",
    Move.DISPATCH: "派发",
    Move.REFUSE: "不予受理",
    Move.PASS_ON: "转交",
    Move.RAISE: "转紧急",
    Move.CALM: "解除紧急",
    Move.SIGN: "签收",
    Move.START: "开始办理",
    Move.REPLY: "答复反馈",
    Move.ASK_RETURN: "申请退单",
    Move.ACCEPT_RETURN: "同意退单",
    Move.REFUSE_RETURN: "不同意退单",
    Move.REASSIGN: "改派",
    Move.ASK_EXTENSION: "申请延期",
    Move.GRANT_EXTENSION: "同意延期",
    Move.REFUSE_EXTENSION: "不同意延期",
    Move.RECOMPUTE: "重新核定时限",
    Move.JOIN: "增加协办单位",
    Move.REPORT: "协办单位反馈",
    Move.ESCALATE: "报请协调",
    Move.GUIDE: "上级处理意见",
    Move.LIST_LONG: "列入挂账",
    Move.REVIEW: "挂账复查",
    Move.TAKE_OFF: "移出挂账",
    Move.ACCEPT_REPLY: "答复审核通过",
    Move.CLOSE: "办结",
    Move.EXPLAIN: "解释后办结",
    Move.REDO: "退回补充办理",
    Move.REOPEN: "重新受理",
    Move.MERGE: "并单",
    Move.FOLLOW: "随主单回访",
    Move.SPLIT: "拆分并单",
    Move.WITHDRAW: "撤回",
}
KINDS = {
    EventKind.DRAFTED: "生成草稿",
    EventKind.REDRAFTED: "更新草稿",
    EventKind.CORRECTED: "更正",
    EventKind.RAISED: "转紧急",
    EventKind.ATTEMPTED: "紧急转接",
    EventKind.MERGED_IN: "并入工单",
    EventKind.SPLIT_OFF: "拆出工单",
    EventKind.TASK_SET: "交办事项",
    EventKind.TASK_DONE: "事项完成",
    EventKind.EMERGENCY_REVIEWED: "复核紧急识别",
    EventKind.DISPUTED: "列为疑难事项",
    EventKind.OPINED: "单位意见",
    EventKind.DISPUTE_DROPPED: "疑难事项无须裁定",
    EventKind.REMINDED: "提醒",
    EventKind.SUPERVISED: "督办",
    EventKind.TOLERATED: "容错认定",
    EventKind.TOLD: "告知",
    EventKind.SURVEYED: "回访",
}
CALLBACKS = {
    "satisfied": "满意",
    "basically_satisfied": "基本满意",
    "unsatisfied": "不满意",
    "not_reached": "多次未接通",
    "none": "未回访",
}
ANSWERS = {
    Contact.CONTACTED: "已联系",
    Contact.NOT_CONTACTED: "未联系",
    Solution.SOLVED: "已解决",
    Solution.PARTLY: "部分解决",
    Solution.NOT_SOLVED: "未解决",
    Satisfaction.SATISFIED: "满意",
    Satisfaction.BASICALLY: "基本满意",
    Satisfaction.NOT_SATISFIED: "不满意",
}
"""What a citizen answers when called back."""
TOLD = {
    "result": "办理结果",
    "lacking": "应办未办事项",
    "reason": "理由",
    "basis": "依据",
    "progress": "阶段进展",
    "legal_basis": "法律依据",
    "why_late": "未按时原因",
    "opinion": "处理意见",
    "measures": "必要措施",
    "answer": "答复",
    "explanation": "解释说明",
    "finding": "复查结论",
    "scope": "范围",
    "standard": "标准",
    "procedure": "程序",
    "note": "备注",
    "into": "并入",
    "ticket": "工单",
    "body": "转交单位",
    "why": "说明",
}
"""Words of an event that people read, in this order."""
_UNITS = {"lead": "牵头单位", "unit": "单位", "to": "报请", "ended": "原承办单位"}
_TIMES = {"caller_told_at": "告知诉求人", "decide_by": "审核期限", "due_at": "时限"}


@dataclass(frozen=True, slots=True)
class Line:
    """One event as people read it; `told` are pairs of a label and its words."""

    at: dt.datetime
    actor: str
    what: str
    article: str
    told: list[tuple[str, str]]


async def lines(session: AsyncSession, events: Iterable[TicketEvent]) -> list[Line]:
    """Return events newest first."""
    listed = list(events)
    named = await _units(session, listed)
    people = await names(session, (one.actor for one in listed))
    return [_line(one, named, people) for one in reversed(listed)]


async def names(session: AsyncSession, actors: Iterable[str]) -> dict[str, str]:
    """Return the names of the people among actors."""
    ids = {int(one[7:]) for one in actors if one.startswith("person:") and one[7:].isdigit()}
    query = select(Person.id, Person.name).where(Person.id.in_(ids))
    return {f"person:{id_}": name for id_, name in (await session.execute(query)).all()}


def _line(event: TicketEvent, units: Mapping[int, str], people: Mapping[str, str]) -> Line:
    data = event.data
    known = KINDS.get(EventKind(event.kind))
    what = MOVES[Move(data["move"])] if "move" in data else known or event.kind
    told = [(label, str(data[name])) for name, label in TOLD.items() if data.get(name)]
    for name, label in _UNITS.items():
        if found := [units[one] for one in _ids(name, data) if one in units]:
            told.append((label, "、".join(found)))
    told += [(label, words.when(data[name])) for name, label in _TIMES.items() if data.get(name)]
    if days := data.get("working_days"):
        told.append(("申请延长", f"{days}个工作日"))
    if data.get("callback"):
        told.append(("回访结果", CALLBACKS.get(data["callback"], data["callback"])))
    if data.get("late"):
        told.append(("是否超时", "是"))
    actor = people.get(event.actor) or words.actor(event.actor)
    return Line(event.at, actor, what, str(data.get("article", "")), told)


def _ids(name: str, data: Mapping[str, Any]) -> list[int]:
    value = data.get(name)
    if name == "to" and data.get("move") != Move.ESCALATE:
        return []
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, int)]


async def _units(session: AsyncSession, events: list[TicketEvent]) -> dict[int, str]:
    wanted = {one for event in events for name in _UNITS for one in _ids(name, event.data)}
    query = select(Unit.id, Unit.name).where(Unit.id.in_(wanted))
    return {id_: name for id_, name in (await session.execute(query)).all()}
