"""What the audit record tells of the archive's rows, so that row and record can be compared."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.archive.models import LegalHold, SealedFile
from backend.people import audit
from backend.people.audit import Act


def file_subject(row: SealedFile) -> str:
    """Return how the record names a file."""
    return f"file:{row.id}"


def hold_subject(row: LegalHold) -> str:
    """Return how the record names an order to keep."""
    return f"hold:{row.id}"


def facts_of_file(row: SealedFile) -> dict[str, Any]:
    """Return what is fixed of a file when it is sealed."""
    return {
        "kind": row.kind,
        "file": row.file,
        "call": str(row.call_id) if row.call_id else None,
        "ticket": row.ticket_id,
        "event": row.event_seq,
        "media_type": row.media_type,
        "sha256": row.sha256,
        "bytes": row.bytes,
        "sealed_sha256": row.sealed_sha256,
        "sealed_bytes": row.sealed_bytes,
        "made_at": _text(row.made_at),
        "keep_until": _text(row.keep_until),
    }


def facts_of_hold(row: LegalHold) -> dict[str, Any]:
    """Return what is fixed of an order when it is placed."""
    return {"subject": row.subject, "placed_at": _text(row.placed_at)}


async def sealed(session: AsyncSession, row: SealedFile) -> None:
    """Record that a file is in the archive; the row must have its id."""
    await audit.record(
        session,
        Act.FILE_SEALED,
        actor=row.sealed_by,
        subject=file_subject(row),
        at=row.sealed_at,
        **facts_of_file(row),
    )


def _text(moment: dt.datetime | None) -> str | None:
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds") if moment else None
