"""Lists of tickets as files: masked like every list, harmless to a spreadsheet, recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from backend.errors import Invalid
from backend.people.callers import confidential_among, number_shown, shown, subject_of
from backend.people.identity import Identity
from backend.privacy import Seal
from backend.tickets import search
from backend.tickets.filters import Wanted
from backend.tickets.models import Ticket
from backend.tickets.schemas import is_late
from backend.tickets.states import State

MOST_ROWS = 20_000
STEP = 1000
HEADINGS = (
    "工单编号",
    "诉求类型",
    "状态",
    "事项分类",
    "区县",
    "地点",
    "诉求内容",
    "联系方式",
    "办理时限",
    "承办单位",
    "受理时间",
    "截止时间",
    "办结时间",
    "是否逾期",
    "紧急",
    "保密",
)
_CITY = ZoneInfo("Asia/Shanghai")


async def rows(
    session: AsyncSession, wanted: Wanted, asker: Identity, seal: Seal, now: dt.datetime
) -> list[Sequence[str]]:
    """Return a line for each ticket of a list, in its order.

    Raises Invalid when there are more than one file should hold.
    """
    lines: list[Sequence[str]] = []
    cursor: str | None = None
    while True:
        found = await search.find(session, wanted, asker, seal, now, cursor=cursor, limit=STEP)
        subjects = [subject_of(one.number) for one in found.tickets]
        hidden = await confidential_among(session, subjects)
        for one in found.tickets:
            confidential = subject_of(one.number) in hidden
            lines.append(list(_line(one, seal, now, confidential=confidential)))
        session.expunge_all()
        if len(lines) > MOST_ROWS or (found.next_cursor and len(lines) == MOST_ROWS):
            raise Invalid(
                "too_many_rows",
                f"there are more than {MOST_ROWS} tickets in this list",
                field="made_from",
                remedy="narrow it, by a shorter time or one district after the other",
            )
        if found.next_cursor is None:
            return lines
        cursor = found.next_cursor


def _line(ticket: Ticket, seal: Seal, now: dt.datetime, *, confidential: bool) -> Iterator[str]:
    contact = seal.open(ticket.contact_sealed) if ticket.contact_sealed else None
    said = shown({"place": ticket.place, "words": ticket.words}, confidential=confidential)
    cells: list[Any] = [
        ticket.number,
        ticket.kind,
        State(ticket.state).chinese,
        ticket.category,
        ticket.district,
        said["place"],
        said["words"],
        number_shown(contact, confidential=confidential),
        ticket.tier,
        ticket.unit,
        ticket.created_at,
        ticket.due_at,
        ticket.closed_at,
        is_late(ticket, now),
        ticket.emergency,
        confidential,
    ]
    for cell in cells:
        match cell:
            case None:
                yield ""
            case bool():
                yield "是" if cell else "否"
            case dt.datetime():
                yield cell.astimezone(_CITY).strftime("%Y-%m-%d %H:%M:%S")
            case _:
                yield "".join(sign for sign in str(cell) if sign.isprintable() or sign == "\n")
