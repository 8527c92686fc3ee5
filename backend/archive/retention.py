"""Removes sounds whose time is over 保存期限, unless they are to be kept; each is recorded."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.archive import records
from backend.archive.holds import held_calls
from backend.archive.models import SealedFile
from backend.archive.shelf import Shelf
from backend.database import Database
from backend.people import audit
from backend.people.audit import Act

ACTOR = "machine"
AT_ONCE = 200
SWEPT = dt.timedelta(days=2)
"""How long after its removal a file left behind by a crash is still looked for."""


async def remove_old(database: Database, shelf: Shelf, now: dt.datetime) -> int:
    """Remove what is older than its time and not held; returns how many files."""
    removed, after = 0, 0
    while True:
        async with database.transaction() as session:
            query = (
                select(SealedFile)
                .where(
                    SealedFile.keep_until < now,
                    SealedFile.removed_at.is_(None),
                    SealedFile.id > after,
                )
                .order_by(SealedFile.id)
                .limit(AT_ONCE)
                .with_for_update(skip_locked=True)
            )
            rows = (await session.scalars(query)).all()
            held = await held_calls(session, {row.call_id for row in rows if row.call_id})
            for row in rows:
                if row.call_id not in held:
                    await _remove(session, row, now)
                    removed += 1
        if not rows:
            break
        after = rows[-1].id
    await sweep(database, shelf, now)
    return removed


async def sweep(database: Database, shelf: Shelf, now: dt.datetime) -> None:
    """Delete the content of removed files that no other file shares."""
    async with database.transaction(writes=False) as session:
        gone = select(SealedFile.sha256).where(SealedFile.removed_at > now - SWEPT)
        hashes = set(await session.scalars(gone))
        for sha256 in sorted(hashes):
            shared = select(SealedFile.id).where(
                SealedFile.sha256 == sha256, SealedFile.removed_at.is_(None)
            )
            if await session.scalar(shared.limit(1)) is None:
                shelf.vault.remove(sha256)


async def _remove(session: AsyncSession, row: SealedFile, now: dt.datetime) -> None:
    row.removed_at = now
    await audit.record(
        session,
        Act.FILE_REMOVED,
        actor=ACTOR,
        subject=records.file_subject(row),
        at=now,
        reason="保存期限届满",
        file=row.file,
        sha256=row.sha256,
    )
