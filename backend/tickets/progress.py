"""Progress 办理进度 (Art. 13): what a caller may hear, and the lock on guessed codes."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, Field, model_validator
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import insert_into
from backend.privacy import Seal, plain_number
from backend.tickets.models import Ticket, WrongCodes
from backend.tickets.states import State

WRONG_CODES = 5
"""So many wrong codes for one caller or one number within the hour, and it is locked."""
LOCKED_FOR = dt.timedelta(hours=1)
LATEST = 50
"""How many of a caller's tickets a code is tried on."""

_NOT_FOUND = "没有查到对应的工单，请核对后再试，或者转人工查询。"
_LOCKED = "查询次数过多，请一小时后再试，或者转人工查询。"
_SAYS = {
    State.DRAFT: "您的工单已经受理，正在核对派发。",
    State.EMERGENCY: "您的紧急情况已经转至紧急热线处理。",
    State.ANSWERED: "您的诉求已经答复，感谢您的来电。",
    State.DISPATCHED: "您的工单已经派发至承办单位，等待签收。",
    State.SIGNED: "您的工单已经由承办单位签收，正在办理。",
    State.IN_PROGRESS: "您的工单正在办理。",
    State.RETURN_ASKED: "您的工单正在核实承办单位。",
    State.RETURN_REFUSED: "您的工单由原承办单位继续办理。",
    State.RETURNED: "您的工单正在转派其他单位办理。",
    State.ESCALATED: "您的工单已经报请上级协调解决。",
    State.LONG_LIST: "您的诉求短时间内难以解决，已经列入挂账管理，定期复查。",
    State.REPLIED: "承办单位已经答复，正在核对办理结果。",
    State.AWAITING_CALLBACK: "您的工单已经办理，将对您进行回访。",
    State.CLOSED: "您的工单已经办结。",
    State.REDO: "您的工单正在补充办理。",
    State.REFUSED: "您的诉求不属于热线受理范围，工作人员会向您说明理由。",
    State.PASSED_ON: "您的诉求已经转交有关部门办理。",
    State.MERGED: "您的工单已经与同一诉求合并办理，办结后会对您回访。",
    State.WITHDRAWN: "您的工单已经撤回。",
}


Keyed = Annotated[
    str,
    Field(pattern=r"^[0-9]{1,20}$", description="What the caller keyed or said, right or wrong"),
]


class ProgressQuestion(BaseModel):
    """A ticket by its number, or by the caller's own number; `code` proves that it is theirs."""

    number: Keyed | None = None
    caller: Annotated[str, Field(max_length=64, pattern=r"[0-9]")] | None = None
    code: Keyed | None = None

    @model_validator(mode="after")
    def _enough(self) -> ProgressQuestion:
        if self.number is None and (self.caller is None or self.code is None):
            raise ValueError("give number, number with code, or caller with code")
        return self


class ProgressAnswer(BaseModel):
    """What to say to the caller; `verified` tells that the code was right."""

    found: bool
    number: str | None
    status_text: str
    verified: bool = False
    locked: bool = False


async def progress(
    session: AsyncSession, question: ProgressQuestion, seal: Seal, now: dt.datetime
) -> ProgressAnswer:
    """Answer a question for progress; a number alone gives the state and nothing personal."""
    if question.code is None:
        ticket = await _by_number(session, question.number)
        return _answer(ticket, verified=False)
    subjects = sorted(_subjects(question, seal))
    locks = [await _lock(session, subject, now) for subject in subjects]
    if any(len(lock.times) >= WRONG_CODES for lock in locks):
        return ProgressAnswer(found=False, number=None, status_text=_LOCKED, locked=True)
    ticket = await _proven(session, question, seal)
    if ticket is None:
        for lock in locks:
            lock.times = [*lock.times, now.timestamp()]
    return _answer(ticket, verified=ticket is not None)


def _subjects(question: ProgressQuestion, seal: Seal) -> set[str]:
    subjects = set()
    if question.number:
        subjects.add(f"ticket:{question.number}")
    if question.caller:
        subjects.add(f"caller:{seal.digest_of_number(question.caller)}")
    return subjects


async def _lock(session: AsyncSession, subject: str, now: dt.datetime) -> WrongCodes:
    """Hold a subject's count until the commit, with what is older than an hour left out."""
    row = insert_into(session, WrongCodes).values(subject=subject, times=[])
    same = row.on_conflict_do_update(index_elements=["subject"], set_={"subject": subject})
    await session.execute(same)
    held = await session.get_one(WrongCodes, subject)
    since = (now - LOCKED_FOR).timestamp()
    held.times = [time for time in held.times if time > since]
    return held


async def _by_number(session: AsyncSession, number: str | None) -> Ticket | None:
    return await session.scalar(select(Ticket).where(Ticket.number == number))


async def _proven(session: AsyncSession, question: ProgressQuestion, seal: Seal) -> Ticket | None:
    assert question.code is not None
    if question.number:
        ticket = await _by_number(session, question.number)
        tickets = [ticket] if ticket else []
    else:
        digest = seal.digest_of_number(plain_number(question.caller or ""))
        query = select(Ticket).where(Ticket.caller_digest == digest)
        tickets = list(await session.scalars(query.order_by(Ticket.id.desc()).limit(LATEST)))
    for ticket in tickets:
        if seal.code_is(ticket.number, question.code, ticket.code_digest):
            return ticket
    return None


def _answer(ticket: Ticket | None, *, verified: bool) -> ProgressAnswer:
    if ticket is None:
        return ProgressAnswer(found=False, number=None, status_text=_NOT_FOUND)
    text = _SAYS[State(ticket.state)]
    return ProgressAnswer(found=True, number=ticket.number, status_text=text, verified=verified)
