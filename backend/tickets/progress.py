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
