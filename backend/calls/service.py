"""Take entries into a call's journal, and keep the call's tables in step with it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.calls import models
from backend.calls.entries import Entry, Heard, Kind, read
from backend.calls.fold import Picture, Utterance, fold
from backend.database import insert_into, tell
from backend.privacy import Seal, mask


@dataclass(frozen=True, slots=True)
class Changed:
    """A call after entries were taken in."""

    call: models.Call
    picture: Picture


async def lock(session: AsyncSession, call_ids: Iterable[uuid.UUID], now: dt.datetime) -> None:
    """Make the calls known and hold them until the commit, always in the same order."""
    for call_id in sorted(set(call_ids)):
        row = insert_into(session, models.Call).values(
            id=call_id, received_at=now, pending=0, needs_call_back=False
        )
        await session.execute(
            row.on_conflict_do_update(index_elements=["id"], set_={"id": call_id})
        )


async def append(
    session: AsyncSession, entries: Sequence[Entry], seal: Seal, now: dt.datetime
) -> set[uuid.UUID]:
    """Write the entries not seen before; returns the ids of those. The calls must be locked."""
    fresh: set[uuid.UUID] = set()
    for entry in entries:
        row = insert_into(session, models.JournalEntry).values(
            id=entry.id,
            call_id=entry.call_id,
            kind=entry.kind.value,
            at=entry.at,
            received_at=now,
            data_sealed=seal.close(entry.data.model_dump(mode="json", exclude_unset=True)),
        )
        row = row.on_conflict_do_nothing(index_elements=["id"]).returning(models.JournalEntry.id)
        if (await session.execute(row)).first():
            fresh.add(entry.id)
    return fresh


async def picture_of(session: AsyncSession, call_id: uuid.UUID, seal: Seal) -> Picture:
    """Read a call's journal and fold it."""
    table = models.JournalEntry
    rows = await session.scalars(select(table).where(table.call_id == call_id))
    return fold(
        read(row.id, row.call_id, row.kind, row.at, seal.open(row.data_sealed)) for row in rows
    )


async def refresh(session: AsyncSession, call_id: uuid.UUID, seal: Seal) -> Changed:
    """Bring the call's tables up to date with its journal. The call must be locked."""
    picture = await picture_of(session, call_id, seal)
    call = await session.get_one(models.Call, call_id)
    _set_call(call, picture, seal)
    await _set_utterances(session, call_id, picture.utterances, seal)
    await _set_emergencies(session, call_id, picture, seal)
    await _set_recordings(session, call_id, picture)
    return Changed(call, picture)


def announce(session: AsyncSession, entry: Entry) -> None:
    """Tell listeners that an entry has come in, without what it says."""
    heard = {"listen_id": entry.data.listen_id} if isinstance(entry.data, Heard) else {}
    facts = {"call_id": str(entry.call_id), "at": entry.at.isoformat(), **heard}
    tell(session, entry.kind.value, **facts)


async def find(session: AsyncSession, call_id: uuid.UUID) -> models.Call | None:
    """Return a call, or None."""
    return await session.get(models.Call, call_id)


async def find_by_sip(session: AsyncSession, sip_call_id: str) -> models.Call | None:
    """Return the latest call with a SIP Call-ID, or None."""
    table = models.Call
    query = select(table).where(table.sip_call_id == sip_call_id)
    return await session.scalar(query.order_by(table.received_at.desc()).limit(1))


def _set_call(call: models.Call, picture: Picture, seal: Seal) -> None:
    opened = picture.opened
    if opened and opened.caller:
        digest = seal.digest_of_number(opened.caller)
        if call.caller_digest != digest or call.caller_sealed is None:
            call.caller_digest = digest
            call.caller_sealed = seal.close(opened.caller)
            call.caller_masked = mask(opened.caller)
    if opened:
        call.called = _cut(opened.called, 64)
        call.sip_call_id = _cut(opened.sip_call_id, 300)
        call.flow = _cut(opened.flow, 100)
    call.opened_at, call.answered_at = picture.opened_at, picture.answered_at
    call.ended_at = picture.ended_at
    call.outcome = picture.outcome.value if picture.outcome else None
    call.pending, call.needs_call_back = picture.pending, picture.needs_call_back


async def _set_utterances(
    session: AsyncSession, call_id: uuid.UUID, heard: list[Utterance], seal: Seal
) -> None:
    table = models.Utterance
    rows = await session.scalars(select(table).where(table.call_id == call_id))
    known = {row.key: row for row in rows}
    for one in heard:
        row = known.get(one.key)
        if row is None:
            row = table(call_id=call_id, key=one.key)
            session.add(row)
        row.at, row.step, row.sound = one.at, one.step, one.sound
        row.confidence, row.engine, row.ended_by = one.confidence, one.engine, one.ended_by
        row.pending, row.late, row.error = one.pending, one.late, one.error
        said = {
            "text": one.text,
            "keys": one.keys,
            "words": [word.model_dump(mode="json") for word in one.words],
        }
        if row.said_sealed is None or seal.open(row.said_sealed) != said:
            row.said_sealed = seal.close(said)


async def _set_emergencies(
    session: AsyncSession, call_id: uuid.UUID, picture: Picture, seal: Seal
) -> None:
    table = models.EmergencyCall
    if not picture.emergencies:
        return
    await session.execute(delete(table).where(table.call_id == call_id))
    for seq, one in enumerate(picture.emergencies, 1):
        row = table(
            call_id=call_id,
            seq=seq,
            service=one.service,
            also=list(one.also),
            cue_sealed=seal.close(one.cue) if one.cue else None,
            source=one.source,
            decided_at=one.decided_at,
            answered_at=one.answered_at,
            attempts=[attempt.model_dump(mode="json") for attempt in one.attempts],
        )
        session.add(row)


async def _set_recordings(session: AsyncSession, call_id: uuid.UUID, picture: Picture) -> None:
    for one in picture.recordings:
        values: dict[str, Any] = {
            "sha256": one.sha256[:64],
            "bytes": one.bytes,
            "seconds": one.seconds,
        }
        row = insert_into(session, models.Recording).values(
            call_id=call_id, file=one.file[:300], **values
        )
        keys = ["call_id", "file"]
        await session.execute(row.on_conflict_do_update(index_elements=keys, set_=values))


def _cut(text: str | None, most: int) -> str | None:
    return text[:most] if text else None


__all__ = ["Changed", "Kind", "announce", "append", "find", "find_by_sip", "lock", "refresh"]
