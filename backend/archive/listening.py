"""Who may hear which sound of a call, and the permit under which a player fetches it."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import InvalidToken
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.archive.models import SealedFile
from backend.archive.shelf import Shelf
from backend.archive.sounds import NotASound, PlainFile, Side, Source, Wav, side_of
from backend.calls.models import Call, Recording, Utterance
from backend.errors import Forbidden, Invalid, NotFound
from backend.people.callers import confidential_among, subject_of
from backend.people.identity import Identity
from backend.people.looks import Look, look
from backend.privacy import Seal
from backend.tickets import service as tickets
from backend.tickets.seen import sees

_SIDES = ("-caller.", "-hotline.")


@dataclass(frozen=True, slots=True)
class Permit:
    """What one asker may play until a moment; it travels sealed in the address of the sound."""

    actor: str
    files: tuple[str, ...]
    from_seconds: float
    to_seconds: float | None
    until: float

    def closed(self, seal: Seal) -> str:
        """Return the permit as part of an address."""
        whole = [self.actor, list(self.files), self.from_seconds, self.to_seconds, self.until]
        return seal.close({"permit": whole}).decode()

    @classmethod
    def opened(cls, text: str, seal: Seal) -> Permit:
        """Read a permit; raises NotFound for what is none."""
        try:
            actor, files, begin, end, until = seal.open(text.encode("ascii"))["permit"]
        except (InvalidToken, UnicodeEncodeError, KeyError, TypeError, ValueError) as error:
            raise NotFound(
                "no_such_permit",
                "this address gives no sound",
                field="permit",
                remedy="ask for one: POST /api/recordings/{call_id}/listening",
            ) from error
        return cls(actor, tuple(files), begin, end, until)


async def record_look(
    session: AsyncSession, asker: Identity, call_id: uuid.UUID, reason: str, now: dt.datetime
) -> int:
    """Record that somebody hears a call, or refuse it; returns the line of the record."""
    ticket = await tickets.of_call(session, call_id)
    known = await session.get(Call, call_id) is not None
    seen = asker.sight.everything or (ticket and await sees(session, asker.sight, ticket))
    if not known or not seen:
        raise NotFound(
            "no_such_call",
            "no call is known by this",
            field="call_id",
            remedy="a call appears with its first journal entry: ask again in a moment",
        )
    subject = subject_of(ticket.number) if ticket else f"call:{call_id}"
    entry = await look(
        session,
        asker,
        Look.RECORDING,
        subject,
        reason,
        unit_path=asker.sight.path,
        confidential=bool(await confidential_among(session, [subject])),
        now=now,
    )
    return entry.seq


async def files_of(
    session: AsyncSession, call_id: uuid.UUID, file: str | None, listen_id: str | None
) -> tuple[str, ...]:
    """Name the sounds that are meant: one file, one utterance, or both sides of the call."""
    query = select(Recording.file).where(Recording.call_id == call_id).order_by(Recording.file)
    recorded = (await session.scalars(query)).all()
    if listen_id is not None:
        spoken = await session.get(Utterance, (call_id, listen_id))
        if spoken and spoken.sound:
            return (spoken.sound,)
        raise _no_sound("listen_id")
    if file is not None:
        heard = select(Utterance.sound).where(Utterance.call_id == call_id)
        if file in recorded or file in (await session.scalars(heard)).all():
            return (file,)
        raise _no_sound("file")
    sides = tuple(one for side in _SIDES for one in recorded if side in one)
    if not sides:
        raise _no_sound("call_id")
    return sides


async def wav_of(session: AsyncSession, permit: Permit, shelf: Shelf) -> Wav:
    """Open the sounds of a permit, sealed or not; raises NotFound where one is gone."""
    sides = [await _side(session, one, shelf) for one in permit.files]
    try:
        return Wav(sides, permit.from_seconds, permit.to_seconds)
    except NotASound:
        return Wav(sides[:1], permit.from_seconds, permit.to_seconds)


async def _side(session: AsyncSession, file: str, shelf: Shelf) -> Side:
    row = await session.scalar(select(SealedFile).where(SealedFile.file == file))
    if row and row.removed_at:
        raise NotFound(
            "recording_removed",
            f"the recording was removed on {row.removed_at.date()}: its time was over",
            field="file",
            remedy="a legal hold placed in time keeps recordings longer",
        )
    try:
        source: Source = (
            shelf.vault.open(row.sha256) if row else PlainFile(inside(shelf.media, file))
        )
        return side_of(source)
    except (FileNotFoundError, NotASound) as error:
        raise _no_sound("file") from error


def inside(media: Path, file: str) -> Path:
    """Return the path of a sound below the media directory; raises FileNotFoundError."""
    path = (media / file).resolve()
    if not path.is_relative_to(media.resolve()) or not path.is_file():
        raise FileNotFoundError(file)
    return path


def check_times(from_seconds: float, to_seconds: float | None) -> None:
    """Refuse a part that ends before it begins."""
    if to_seconds is not None and to_seconds <= from_seconds:
        raise Invalid(
            "wrong_part",
            "to_seconds: lies before from_seconds",
            field="to_seconds",
            remedy="leave it out to hear on to the end",
        )


def check_holder(permit: Permit, asker: Identity, now: dt.datetime) -> None:
    """Refuse a permit that is over or somebody else's."""
    if permit.actor != asker.actor or now.timestamp() > permit.until:
        raise Forbidden(
            "permit_over",
            "this permit to listen is over, or it is not yours",
            field="permit",
            remedy="ask for a new one: POST /api/recordings/{call_id}/listening",
        )


def _no_sound(field: str) -> NotFound:
    return NotFound(
        "no_such_sound",
        "there is no sound by this",
        field=field,
        remedy="GET /api/calls/{call_id} names the sounds of a call; they appear when it is over",
    )
