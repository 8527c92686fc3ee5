"""Take in what was reported, and see to it that each call gets the ticket it is due."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.calls import service as calls
from backend.calls.entries import Entry, Heard, Kind, read
from backend.calls.fold import RECORDING_STEP
from backend.calls.service import Changed
from backend.emergencies.watch import watch
from backend.errors import Conflict, NotFound
from backend.jobs.service import JobKind, ask
from backend.lines.due import follow as follow_caller
from backend.privacy import Seal
from backend.queue import places
from backend.reception.schemas import EntryIn, EntryResult
from backend.surveys.following import is_survey
from backend.tickets import service as tickets
from backend.tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Received:
    """What became of entries: a result for each, and the calls they changed."""

    results: list[EntryResult]
    changed: dict[uuid.UUID, Changed]


def check(entries: Sequence[EntryIn]) -> tuple[list[Entry], dict[uuid.UUID, str]]:
    """Part entries into those that can be read, and the fault of each of the others."""
    good: dict[uuid.UUID, Entry] = {}
    faults: dict[uuid.UUID, str] = {}
    for one in entries:
        try:
            if one.at.tzinfo is None:
                raise ValueError("at: a time needs its zone, as in 2026-11-23T12:00:00+08:00")
            good.setdefault(one.id, read(one.id, one.call_id, one.kind, one.at, one.data))
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            field = ".".join(["data", *(str(part) for part in first["loc"])])
            faults[one.id] = f"{field}: {first['msg']}"[:500]
        except ValueError as error:
            faults[one.id] = str(error)[:500]
    return list(good.values()), faults


async def receive(
    session: AsyncSession, entries: Sequence[EntryIn], seal: Seal, now: dt.datetime
) -> Received:
    """Take in entries; whatever the order and the repetition, each is kept once."""
    good, faults = check(entries)
    changed = await take_in(session, good, seal, now)
    results = []
    for one in entries:
        if one.id in faults:
            results.append(EntryResult(id=one.id, status="rejected", error=faults[one.id]))
        else:
            fresh = one.id in changed.fresh
            results.append(EntryResult(id=one.id, status="accepted" if fresh else "known"))
    return Received(results, changed.calls)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """The entries that were new, and the calls they changed."""

    fresh: set[uuid.UUID]
    calls: dict[uuid.UUID, Changed]


async def take_in(
    session: AsyncSession, entries: Sequence[Entry], seal: Seal, now: dt.datetime
) -> TakenIn:
    """Append entries, bring their calls up to date, ask for late words, follow with tickets."""
    await calls.lock(session, (entry.call_id for entry in entries), now)
    fresh = await calls.append(session, entries, seal, now)
    touched = {entry.call_id for entry in entries if entry.id in fresh}
    changed: dict[uuid.UUID, Changed] = {}
    for call_id in sorted(touched):
        changed[call_id] = await _refresh(session, call_id, seal, now)
        await _ask_for_late_words(session, changed[call_id], now)
    for one in changed.values():
        if await is_survey(session, one.call.id) and not one.picture.emergencies:
            continue
        ticket = await tickets.follow(session, one.call, one.picture, seal, now)
        await watch(session, one.call, one.picture, ticket, seal, now)
        await follow_caller(session, one.call, one.picture, now)
        await places.follow(session, one.call, one.picture)
    for entry in entries:
        if entry.id in fresh:
            calls.announce(session, entry)
    return TakenIn(fresh, changed)


def heard_later(call_id: uuid.UUID, step: str, sound: str, at: dt.datetime) -> Entry:
    """Say that a kept sound of a call is to be read; the same entry however often it is made."""
    name = uuid.uuid5(call_id, f"heard:{sound}")
    heard = Heard(
        step=step,
        listen_id=str(name),
        profile="statement",
        sound=sound,
        pending=True,
        ended_by="recorded",
    )
    return Entry(name, call_id, Kind.HEARD, at, heard)


async def _refresh(
    session: AsyncSession, call_id: uuid.UUID, seal: Seal, now: dt.datetime
) -> Changed:
    """Bring a call up to date; if its caller left unserved, its recording is to be read."""
    changed = await calls.refresh(session, call_id, seal)
    unread = changed.picture.unread_recording
    if unread is None:
        return changed
    at = changed.picture.ended_at or now
    await calls.append(session, [heard_later(call_id, RECORDING_STEP, unread.file, at)], seal, now)
    return await calls.refresh(session, call_id, seal)


async def draft(
    session: AsyncSession,
    call_id: uuid.UUID,
    entries: Sequence[EntryIn],
    seal: Seal,
    now: dt.datetime,
) -> tuple[Ticket, list[EntryResult]]:
    """Return the call's ticket, made now if need be.

    Raises NotFound for a call nobody reported, Conflict while nothing has been said in it.
    """
    received = await receive(session, entries, seal, now)
    call = await calls.find(session, call_id)
    if call is None:
        raise NotFound(
            "no_such_call",
            f"nothing is known of call {call_id}",
            field="call_id",
            remedy="send its entries along, or to /api/journal first",
        )
    await calls.lock(session, [call_id], now)
    changed = received.changed.get(call_id) or await calls.refresh(session, call_id, seal)
    ticket = await tickets.of_call(session, call_id)
    if ticket is None:
        picture = changed.picture
        if not (picture.said or picture.awaits_words or picture.emergencies):
            raise Conflict(
                "nothing_heard",
                "nothing has been heard in this call that a ticket could be made of",
                field="entries",
                remedy="send the call.heard entry along, or ask the caller again",
            )
        ticket = await tickets.follow(session, changed.call, picture, seal, now, wanted=True)
    assert ticket is not None
    return ticket, received.results


async def _ask_for_late_words(session: AsyncSession, changed: Changed, now: dt.datetime) -> None:
    for utterance in changed.picture.utterances:
        if utterance.pending and utterance.sound:
            data = {
                "call_id": str(changed.call.id),
                "listen_id": utterance.key,
                "sound": utterance.sound,
            }
            key = f"{changed.call.id}:{utterance.key}"
            await ask(session, JobKind.TRANSCRIBE, key, data, now)


__all__ = ["Kind", "Received", "check", "draft", "receive", "take_in"]
