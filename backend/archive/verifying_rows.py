"""Looks whether calls, sealed files and orders to keep are as the record tells."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from collections.abc import AsyncIterator, Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, String, cast, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from backend.archive import records, sealed
from backend.archive.faults import Fault
from backend.archive.journals import fix
from backend.archive.models import ArchivedCall, LegalHold, SealedFile
from backend.archive.shelf import Shelf
from backend.calls.models import Call
from backend.people.audit import Act, AuditEntry

AT_ONCE = 500
Row = TypeVar("Row", SealedFile, LegalHold)


async def calls(session: AsyncSession, shelf: Shelf) -> AsyncIterator[Fault | int]:
    """Compare the journal of each archived call with its digest in the record."""
    async for batch in _entries(session, Act.CALL_ARCHIVED):
        newest = {one.subject: one for one in batch}
        for subject, entry in newest.items():
            if not await _is_newest(session, entry):
                continue
            name = subject.removeprefix("call:")
            row = await session.get(ArchivedCall, uuid.UUID(name))
            if await session.get(Call, uuid.UUID(name)) is None:
                yield Fault("call", name, "it is missing")
                continue
            if row is None or (row.digest, row.entries) != _told(entry):
                yield Fault("call", name, "archived_calls: the row is not the one recorded")
            until = dt.datetime.fromisoformat(entry.data["until"])
            fixed = await fix(session, uuid.UUID(name), until)
            if fixed is None or (fixed.digest, fixed.entries) != _told(entry):
                count = fixed.entries if fixed else 0
                what = f"its journal was changed: {count} entries of {entry.data['entries']}"
                yield Fault("call", name, what)
            for kind in ("changed", "missing"):
                for file in entry.data[kind]:
                    yield Fault("file", file, f"it was {kind} before it could be sealed")
            yield 1
        session.expunge_all()


async def files(session: AsyncSession, shelf: Shelf) -> AsyncIterator[Fault | int]:
    """Compare each sealed file with its row, its row with the record, and the directory."""
    async for batch in _entries(session, Act.FILE_SEALED):
        rows = await _rows(session, SealedFile, batch, "file:")
        removed = await _removed(session, batch)
        for entry in batch:
            row = rows.get(entry.subject)
            if row is None:
                yield Fault("file", entry.data["file"], "its row is missing")
                continue
            if records.facts_of_file(row) != entry.data:
                yield Fault("file", entry.data["file"], "its row was changed")
            if (row.removed_at is not None) != (entry.subject in removed):
                yield Fault("file", entry.data["file"], "its removal is not the one recorded")
            if entry.subject not in removed:
                what = await asyncio.to_thread(_on_disk, shelf, entry)
                if what:
                    yield Fault("file", entry.data["file"], what)
            yield 1
        session.expunge_all()
    name = "file:" + cast(SealedFile.id, String)
    async for file in _unrecorded(session, SealedFile.file, name, Act.FILE_SEALED):
        yield Fault("file", file, "the record does not know its row")
    async for fault in _lying_there(session, shelf):
        yield fault


async def holds(session: AsyncSession, shelf: Shelf) -> AsyncIterator[Fault | int]:
    """Compare each order to keep with the record."""
    async for batch in _entries(session, Act.HOLD_PLACED):
        rows = await _rows(session, LegalHold, batch, "hold:")
        subjects = [one.subject for one in batch]
        query = select(AuditEntry.subject).where(
            AuditEntry.act == Act.HOLD_LIFTED, AuditEntry.subject.in_(subjects)
        )
        lifted = set(await session.scalars(query))
        for entry in batch:
            row = rows.get(entry.subject)
            held = entry.data["held"]
            if row is None:
                yield Fault("hold", held["subject"], "its row is missing")
            elif records.facts_of_hold(row) != held or row.reason != entry.reason:
                yield Fault("hold", held["subject"], "its row was changed")
            elif (row.lifted_at is not None) != (entry.subject in lifted):
                yield Fault("hold", held["subject"], "its end is not the one recorded")
            yield 1
    name = "hold:" + cast(LegalHold.id, String)
    async for subject in _unrecorded(session, LegalHold.subject, name, Act.HOLD_PLACED):
        yield Fault("hold", subject, "the record does not know its row")


def _on_disk(shelf: Shelf, entry: AuditEntry) -> str | None:
    path = shelf.vault.path_of(entry.data["sha256"])
    if not path.is_file():
        return f"{path.name} is missing"
    if sealed.digest_on_disk(path) != entry.data["sealed_sha256"]:
        return f"{path.name} was changed"
    return None


async def _lying_there(session: AsyncSession, shelf: Shelf) -> AsyncIterator[Fault]:
    found = await asyncio.to_thread(lambda: list(shelf.vault.lying_there()))
    for begin in range(0, len(found), AT_ONCE):
        some = found[begin : begin + AT_ONCE]
        query = select(SealedFile.sha256).where(
            SealedFile.sha256.in_(some), SealedFile.removed_at.is_(None)
        )
        known = set(await session.scalars(query))
        for name in some:
            if name not in known:
                yield Fault("file", name, "it lies in the archive and belongs to no row")


async def _entries(session: AsyncSession, act: Act) -> AsyncIterator[Sequence[AuditEntry]]:
    after = 0
    while True:
        query = select(AuditEntry).where(AuditEntry.act == act, AuditEntry.seq > after)
        batch = (await session.scalars(query.order_by(AuditEntry.seq).limit(AT_ONCE))).all()
        if not batch:
            return
        after = batch[-1].seq
        yield batch


async def _is_newest(session: AsyncSession, entry: AuditEntry) -> bool:
    newest = select(func.max(AuditEntry.seq)).where(
        AuditEntry.subject == entry.subject, AuditEntry.act == entry.act
    )
    return await session.scalar(newest) == entry.seq


async def _removed(session: AsyncSession, batch: Sequence[AuditEntry]) -> set[str]:
    query = select(AuditEntry.subject).where(
        AuditEntry.act == Act.FILE_REMOVED, AuditEntry.subject.in_([one.subject for one in batch])
    )
    return set(await session.scalars(query))


async def _rows(
    session: AsyncSession, table: type[Row], batch: Sequence[AuditEntry], prefix: str
) -> dict[str, Row]:
    ids = [int(one.subject.removeprefix(prefix)) for one in batch]
    found = await session.scalars(select(table).where(table.id.in_(ids)))
    return {f"{prefix}{row.id}": row for row in found}


async def _unrecorded(
    session: AsyncSession,
    shown: InstrumentedAttribute[str],
    name: ColumnElement[str],
    act: Act,
) -> AsyncIterator[str]:
    told = exists().where(AuditEntry.subject == name, AuditEntry.act == act)
    for one in (await session.scalars(select(shown).where(~told))).all():
        yield one


def _told(entry: AuditEntry) -> tuple[str, int]:
    return entry.data["digest"], entry.data["entries"]
