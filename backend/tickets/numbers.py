"""Ticket numbers and codes: the number can be read aloud, the code proves who asks."""

from __future__ import annotations

import datetime as dt
import secrets
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import insert_into
from backend.tickets.models import TicketSequence

CITY_TIME = ZoneInfo("Asia/Shanghai")


async def next_number(session: AsyncSession, now: dt.datetime) -> str:
    """Return the day's next number: YYMMDD and a count of four digits, five past 9999.

    The day's row stays locked until the commit, so no number is given twice; call it late.
    """
    day = now.astimezone(CITY_TIME).strftime("%y%m%d")
    row = insert_into(session, TicketSequence).values(day=day, last=1)
    row = row.on_conflict_do_update(
        index_elements=["day"], set_={"last": TicketSequence.last + 1}
    ).returning(TicketSequence.last)
    return f"{day}{(await session.execute(row)).scalar_one():04d}"


def new_code() -> str:
    """Return a random four-digit code."""
    return f"{secrets.randbelow(10_000):04d}"
