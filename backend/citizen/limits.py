"""How often one address may guess: wrong codes and wrong links are counted together."""

from __future__ import annotations

import datetime as dt
import hashlib

from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import insert_into
from backend.tickets.models import WrongCodes

MOST_WRONG = 30
"""An office or a village behind one address makes honest mistakes too."""
WITHIN = dt.timedelta(hours=1)


async def hold(session: AsyncSession, address: str, now: dt.datetime) -> WrongCodes:
    """Hold the count of an address until the commit, without what is older than an hour."""
    subject = f"web:{hashlib.sha256(address.encode()).hexdigest()[:32]}"
    row = insert_into(session, WrongCodes).values(subject=subject, times=[])
    same = row.on_conflict_do_update(index_elements=["subject"], set_={"subject": subject})
    await session.execute(same)
    held = await session.get_one(WrongCodes, subject, populate_existing=True)
    since = (now - WITHIN).timestamp()
    held.times = [time for time in held.times if time > since]
    return held


def locked(held: WrongCodes) -> bool:
    """Tell whether an address has guessed too often."""
    return len(held.times) >= MOST_WRONG


def count_wrong(held: WrongCodes, now: dt.datetime) -> None:
    """Count one more wrong guess."""
    held.times = [*held.times, now.timestamp()]
