"""Ticket numbers and codes: the number can be read aloud, the code proves who asks."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import insert_into
from backend.tickets.models import TicketSequence

CITY_TIME = ZoneInfo("Asia/Shanghai")


async def next_number(session: AsyncSession, now: dt.datetime) -> str:
    """Return the day's next number: YYMMDD and a count of four digits, five past 9999.

    The day's row stays locked until the commit, so no number is given twice; call it late.
    """
    return (await next_number_and_id(session, now))[0]


async def next_number_and_id(session: AsyncSession, now: dt.datetime) -> tuple[str, int | None]:
    """Return the day's next number, and the row's next id where the database gives it before."""
    day = now.astimezone(CITY_TIME).strftime("%y%m%d")
    given: list[Any] = [TicketSequence.last]
    if session.get_bind().dialect.name == "postgresql":
        given.append(func.nextval(func.pg_get_serial_sequence("tickets", "id")))
    row = insert_into(session, TicketSequence).values(day=day, last=1)
    row = row.on_conflict_do_update(
        index_elements=["day"], set_={"last": TicketSequence.last + 1}
    ).returning(*given)
    last, *ids = (await session.execute(row)).one()
    return f"{day}{last:04d}", ids[0] if ids else None


def new_code() -> str:
    """Return a random four-digit code."""
    return f"{secrets.randbelow(10_000):04d}"
