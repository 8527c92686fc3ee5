"""Takes in the files of a call, and closes the call if nobody else did.

A call whose script died leaves its note, its recording and perhaps a message. They become
entries of its journal with ids made from the call's own, so that doing it again changes nothing.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from backend.calls import service as calls
from backend.calls.entries import Closed, Entry, Kind, Opened, Outcome, Recorded
from backend.calls.fold import CALLERS_SIDE, RECORDING_STEP, SHORTEST_SECONDS, Picture
from backend.jobs.service import JobKind, ask_again
from backend.privacy import Seal
from backend.reception.service import heard_later
from backend.reception.service import take_in as receive
from backend.recordings import files
from backend.recordings.files import Note, Sound

MESSAGE_STEP = "message"
ARCHIVED_AFTER = timedelta(minutes=1)
"""When a call is first offered to the archive, which takes it once it has rested long enough."""


async def take_in(
    session: AsyncSession, media: Path, call_id: uuid.UUID, seal: Seal, sounds: list[Sound]
) -> bool:
    """Write what the files of a call tell into its journal; returns whether it was adopted."""
    now = datetime.now(UTC)
    note = files.read_note(media, call_id)
    await calls.lock(session, [call_id], now)
    picture = await calls.picture_of(session, call_id, seal)
    entries = list(entries_of(picture, call_id, note, sounds))
    await receive(session, entries, seal, now)
    rested = now + ARCHIVED_AFTER
    await ask_again(session, JobKind.ARCHIVE, str(call_id), {"call_id": str(call_id)}, rested)
    return picture.outcome is None


async def measure_all(media: Path, call_id: uuid.UUID) -> list[Sound]:
    """Hash and measure the files of a call, off the event loop."""
    return await asyncio.to_thread(
        lambda: [files.measure(media, path) for path in files.paths_of(media, call_id)]
    )


def entries_of(
    picture: Picture, call_id: uuid.UUID, note: Note | None, sounds: list[Sound]
) -> Iterator[Entry]:
    """Say in journal entries what is new about a call whose files have settled."""
    last = max((sound.changed_at for sound in sounds), default=note.at if note else None)
    if picture.opened is None and note:
        opened = Opened(caller=note.caller, called=note.called, sip_call_id=note.sip_call_id)
        yield _entry(call_id, "opened", Kind.OPENED, note.at, opened)
    for sound in sounds:
        recorded = Recorded(
            file=sound.file, sha256=sound.sha256, bytes=sound.bytes, seconds=sound.seconds
        )
        yield _entry(call_id, sound.file, Kind.RECORDED, sound.changed_at, recorded)
    for sound in _unheard(picture, sounds):
        step = MESSAGE_STEP if sound.file.startswith(files.MESSAGES) else RECORDING_STEP
        yield heard_later(call_id, step, sound.file, sound.changed_at)
    if picture.outcome is None:
        at = last or datetime.now(UTC)
        closed = Closed(outcome=Outcome.RECOVERED, ended_at=at)
        yield _entry(call_id, "closed", Kind.CLOSED, at, closed)


def _unheard(picture: Picture, sounds: list[Sound]) -> Iterator[Sound]:
    """Choose the sounds whose words nobody has: messages, and the caller's side if it broke off."""
    known = {utterance.sound for utterance in picture.utterances}
    spoken = [one for one in sounds if one.seconds is None or one.seconds > SHORTEST_SECONDS]
    messages = [one for one in spoken if one.file.startswith(files.MESSAGES)]
    yield from (one for one in messages if one.file not in known)
    script_never_ran = picture.opened is None or picture.opened.flow is None
    if picture.outcome is not None or (script_never_ran and messages):
        return
    for one in spoken:
        if one.file.startswith(files.RECORDINGS) and CALLERS_SIDE in one.file:
            yield one


def _entry(
    call_id: uuid.UUID,
    name: str,
    kind: Kind,
    at: datetime,
    data: Opened | Recorded | Closed,
) -> Entry:
    return Entry(_id(call_id, name), call_id, kind, at, data)


def _id(call_id: uuid.UUID, name: str) -> uuid.UUID:
    return uuid.uuid5(call_id, name)
