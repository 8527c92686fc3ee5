"""Files on tickets and replies 附件: what they are is told by their content, kept sealed."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.archive import records
from backend.archive.content import ALLOWED, Content, content_of
from backend.archive.models import FileKind, SealedFile
from backend.archive.shelf import Shelf
from backend.errors import Conflict, Invalid, NotFound, TooLarge
from backend.people import audit
from backend.people.audit import Act
from backend.people.callers import subject_of
from backend.tickets.models import Ticket, TicketEvent

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in: its bytes, what they are, and the text its sender named it by."""

    data: bytes
    content: Content
    name: str

    @property
    def sha256(self) -> str:
        """Return the hash under which it is kept."""
        return hashlib.sha256(self.data).hexdigest()


def check(data: bytes, name: str, most_bytes: int) -> Upload:
    """Look at a file; raises TooLarge, or Invalid for one that may not be attached."""
    if len(data) > most_bytes:
        raise TooLarge(
            "file_too_large",
            f"file: is larger than {most_bytes} bytes",
            field="file",
            remedy="send a smaller picture, or several files",
        )
    content = content_of(data)
    if content is None:
        endings = ", ".join(one.ending for one in ALLOWED)
        raise Invalid(
            "wrong_file",
            "file: its content is none that may be attached",
            field="file",
            remedy=f"send one of {endings}; the content decides, not the name",
        )
    return Upload(data, content, plain_name(name, content))


def plain_name(name: str, content: Content) -> str:
    """Return a name as text to show: no path, no control signs, with the ending of its content."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    signs = (one for one in unicodedata.normalize("NFC", last) if one.isprintable())
    stem = "".join(signs).strip(" .")[:LONGEST_NAME]
    if stem.lower().endswith(f".{content.ending}"):
        return stem
    return f"{stem or 'file'}.{content.ending}"


async def attach(
    session: AsyncSession,
    shelf: Shelf,
    ticket: Ticket,
    upload: Upload,
    event_seq: int | None,
    *,
    actor: str,
    now: dt.datetime,
) -> SealedFile:
    """Keep a file on a ticket whose row is locked, or on one of its events."""
    await _must_fit(session, shelf, ticket, event_seq)
    written = await asyncio.to_thread(
        shelf.vault.keep, upload.sha256, [upload.data], len(upload.data)
    )
    row = SealedFile(
        kind=FileKind.ATTACHMENT.value,
        file=f"ticket/{ticket.number}/{secrets.token_hex(8)}",
        ticket_id=ticket.id,
        event_seq=event_seq,
        name=upload.name,
        media_type=upload.content.media_type,
        sha256=written.sha256,
        bytes=written.bytes,
        sealed_sha256=written.sealed_sha256,
        sealed_bytes=written.sealed_bytes,
        made_at=now,
        sealed_at=now,
        sealed_by=actor,
    )
    session.add(row)
    await session.flush()
    await records.sealed(session, row)
    return row


async def of_ticket(session: AsyncSession, ticket: Ticket) -> Sequence[SealedFile]:
    """Return the files of a ticket, oldest first."""
    query = select(SealedFile).where(
        SealedFile.ticket_id == ticket.id,
        SealedFile.kind == FileKind.ATTACHMENT,
        SealedFile.removed_at.is_(None),
    )
    return (await session.scalars(query.order_by(SealedFile.id))).all()


async def opened(
    session: AsyncSession, ticket: Ticket, file_id: int, *, actor: str, now: dt.datetime
) -> SealedFile:
    """Return a file of a ticket, once the look at it is recorded."""
    row = await session.get(SealedFile, file_id)
    if row is None or row.ticket_id != ticket.id or row.removed_at is not None:
        raise NotFound(
            "no_such_file",
            f"ticket {ticket.number} has no file {file_id}",
            field="file_id",
            remedy="GET /api/tickets/{number}/attachments lists them",
        )
    await audit.record(
        session,
        Act.FILE_READ,
        actor=actor,
        subject=subject_of(ticket.number),
        at=now,
        file=row.id,
    )
    return row


async def _must_fit(
    session: AsyncSession, shelf: Shelf, ticket: Ticket, event_seq: int | None
) -> None:
    query = select(func.count()).where(SealedFile.ticket_id == ticket.id)
    most = shelf.settings.attachments_most
    if (await session.scalar(query) or 0) >= most:
        raise Conflict(
            "too_many_files",
            f"ticket {ticket.number} has {most} files already",
            field="file",
            remedy="attach no more, or raise HOTLINE_ATTACHMENTS_MOST",
        )
    if event_seq is None:
        return
    event = select(TicketEvent.id).where(
        TicketEvent.ticket_id == ticket.id, TicketEvent.seq == event_seq
    )
    if await session.scalar(event) is None:
        raise NotFound(
            "no_such_event",
            f"ticket {ticket.number} has no event {event_seq}",
            field="event",
            remedy="GET /api/tickets/{number} lists its events; a reply is one of them",
        )
