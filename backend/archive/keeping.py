"""Brings a call that is over into the archive: its sounds sealed, its journal fixed."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.archive import records, sealed
from backend.archive.journals import fix
from backend.archive.listening import inside
from backend.archive.models import ArchivedCall, FileKind, SealedFile
from backend.archive.sealed import Written
from backend.archive.shelf import Shelf
from backend.calls import service as calls
from backend.calls.models import Call, Recording, Utterance
from backend.database import Database
from backend.people import audit
from backend.people.audit import Act
from backend.recordings.files import MESSAGES, RECORDINGS

ACTOR = "machine"
_KINDS = {RECORDINGS: FileKind.RECORDING, MESSAGES: FileKind.MESSAGE}
_PART_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound of a call: the hash it had when it came to rest, if one was taken."""

    file: str
    sha256: str | None
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a call's sounds: those found changed since they rested, and those gone."""

    sealed: int
    changed: list[str]
    missing: list[str]


async def archive(
    database: Database, shelf: Shelf, call_id: uuid.UUID, now: dt.datetime
) -> Kept | None:
    """Seal what a call left and fix its journal; None while it is not at rest.

    Killed anywhere, it can be done again: a plain file is deleted only when its sealed one
    stands in the database.
    """
    async with database.transaction(writes=False) as session:
        call = await calls.find(session, call_id)
        if call is None or not _rests(call, shelf, now):
            return None
        sounds = await _sounds(session, call_id)
        known = await _sealed_among(session, [one.file for one in sounds])
    written: dict[str, Written] = {}
    missing = []
    for one in sounds:
        if one.file in known:
            continue
        try:
            path = inside(shelf.media, one.file)
            written[one.file] = await asyncio.to_thread(seal_file, shelf, path)
        except FileNotFoundError:
            missing.append(one.file)
    changed = [
        one.file
        for one in sounds
        if one.file in written and one.sha256 not in (None, written[one.file].sha256)
    ]
    async with database.transaction() as session:
        await calls.lock(session, [call_id], now)
        again = await _sealed_among(session, list(written))
        for one in sounds:
            if one.file in written and one.file not in again:
                await _enter(session, call, one, written[one.file], shelf, now)
        await _fix(session, call_id, changed, missing, now)
    for one in sounds:
        if one.file not in missing:
            (shelf.media / one.file).unlink(missing_ok=True)
    return Kept(len(written), changed, missing)


def seal_file(shelf: Shelf, path: Path) -> Written:
    """Seal a file under the hash of what it holds now."""
    sha256, length = sealed.digest_on_disk(path), path.stat().st_size
    return shelf.vault.keep(sha256, _parts(path), length)


def _parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(_PART_BYTES):
            yield part


def _rests(call: Call, shelf: Shelf, now: dt.datetime) -> bool:
    if call.outcome is None or call.pending:
        return False
    over = call.ended_at or call.received_at
    return (now - over).total_seconds() >= shelf.settings.seal_after_seconds


async def _sounds(session: AsyncSession, call_id: uuid.UUID) -> list[Sound]:
    recorded = await session.scalars(select(Recording).where(Recording.call_id == call_id))
    found = {row.file: Sound(row.file, row.sha256, row.seconds) for row in recorded}
    heard = select(Utterance.sound).where(
        Utterance.call_id == call_id, Utterance.sound.is_not(None)
    )
    for file in await session.scalars(heard):
        if file and len(file) <= 300:
            found.setdefault(file, Sound(file, None, None))
    return [found[name] for name in sorted(found)]


async def _sealed_among(session: AsyncSession, names: list[str]) -> set[str]:
    query = select(SealedFile.file).where(SealedFile.file.in_(names))
    return set(await session.scalars(query))


async def _enter(
    session: AsyncSession,
    call: Call,
    sound: Sound,
    written: Written,
    shelf: Shelf,
    now: dt.datetime,
) -> None:
    made_at = call.ended_at or call.received_at
    row = SealedFile(
        kind=_KINDS.get(sound.file.split("/")[0], FileKind.UTTERANCE).value,
        file=sound.file,
        call_id=call.id,
        media_type="audio/wav" if sound.file.endswith(".wav") else "audio/L16; rate=8000",
        sha256=written.sha256,
        bytes=written.bytes,
        seconds=sound.seconds,
        sealed_sha256=written.sealed_sha256,
        sealed_bytes=written.sealed_bytes,
        made_at=made_at,
        sealed_at=now,
        sealed_by=ACTOR,
        keep_until=made_at + dt.timedelta(days=shelf.settings.recordings_keep_days),
    )
    session.add(row)
    await session.flush()
    await records.sealed(session, row)


async def _fix(
    session: AsyncSession,
    call_id: uuid.UUID,
    changed: list[str],
    missing: list[str],
    now: dt.datetime,
) -> None:
    fixed = await fix(session, call_id)
    if fixed is None:
        return
    row = await session.get(ArchivedCall, call_id)
    if row and row.digest == fixed.digest:
        return
    row = row or ArchivedCall(call_id=call_id)
    row.entries, row.digest, row.until, row.at = fixed.entries, fixed.digest, fixed.until, now
    session.add(row)
    await audit.record(
        session,
        Act.CALL_ARCHIVED,
        actor=ACTOR,
        subject=f"call:{call_id}",
        at=now,
        entries=fixed.entries,
        digest=fixed.digest,
        until=fixed.until.isoformat(timespec="microseconds"),
        changed=changed,
        missing=missing,
    )
