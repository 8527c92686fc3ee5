"""The digest of a call's journal, by which a change behind it shows."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.calls.models import JournalEntry


@dataclass(frozen=True, slots=True)
class Fixed:
    """A journal as it stood: how many entries, their digest, and when the newest came."""

    entries: int
    digest: str
    until: dt.datetime


async def fix(
    session: AsyncSession, call_id: uuid.UUID, until: dt.datetime | None = None
) -> Fixed | None:
    """Return the digest over the entries received up to `until`, or None if there are none."""
    table = JournalEntry
    query = select(table).where(table.call_id == call_id).order_by(table.id)
    rows = (await session.scalars(query, execution_options={"populate_existing": True})).all()
    known = [row for row in rows if until is None or row.received_at <= until]
    if not known:
        return None
    whole = hashlib.sha256()
    for row in known:
        at = row.at.isoformat(timespec="microseconds")
        data = hashlib.sha256(row.data_sealed).hexdigest()
        whole.update(f"{row.id}|{row.kind}|{at}|{data}\n".encode())
    newest = max(row.received_at for row in known)
    return Fixed(len(known), whole.hexdigest(), newest)
