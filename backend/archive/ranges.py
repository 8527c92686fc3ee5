"""Answers with bytes, whole or the part that a player asked for (RFC 9110, section 14)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from fastapi import Response
from fastapi.responses import JSONResponse, StreamingResponse

from backend.archive.sounds import Source
from backend.errors import ErrorBody

PART_BYTES = 256 * 1024
_ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def answer(
    source: Source, asked: str | None, media_type: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Return the bytes of a source; `asked` is the Range header, None for all of it."""
    told = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
        **(headers or {}),
    }
    found = _ONE_RANGE.fullmatch(asked.strip()) if asked else None
    if found is None or found[0] == "bytes=-":
        told["Content-Length"] = str(source.length)
        return StreamingResponse(
            _parts(source, 0, source.length), media_type=media_type, headers=told
        )
    first, last = _limits(found[1], found[2], source.length)
    if first > last:
        return _nothing_there(source.length)
    told |= {
        "Content-Range": f"bytes {first}-{last}/{source.length}",
        "Content-Length": str(last - first + 1),
    }
    return StreamingResponse(
        _parts(source, first, last + 1), status_code=206, media_type=media_type, headers=told
    )


def _limits(first: str, last: str, length: int) -> tuple[int, int]:
    if not first:
        return max(0, length - int(last)), length - 1
    return int(first), min(int(last), length - 1) if last else length - 1


def _parts(source: Source, offset: int, end: int) -> Iterator[bytes]:
    while offset < end:
        part = source.read(offset, min(PART_BYTES, end - offset))
        if not part:
            return
        offset += len(part)
        yield part


def _nothing_there(length: int) -> JSONResponse:
    body = ErrorBody(
        error="no_such_range",
        message="Range: lies beyond the end",
        field="Range",
        remedy=f"ask for bytes within 0-{length - 1}, or leave the header out",
    )
    headers = {"Content-Range": f"bytes */{length}"}
    return JSONResponse(body.model_dump(mode="json"), status_code=416, headers=headers)
