"""Cursors of pages: the place of the last row seen, wrapped so that nobody builds on its form."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Annotated

from fastapi import Query

from backend.errors import Invalid

CursorText = Annotated[str, Query(max_length=400, description="`next_cursor` of the page before")]
Limit = Annotated[int, Query(ge=1, le=200)]


def wrap(kind: str, place: str) -> str:
    """Return the cursor of a place in the list of this kind."""
    return base64.urlsafe_b64encode(f"{kind}:{place}".encode()).decode().rstrip("=")


def unwrap(kind: str, cursor: str | None, shape: str) -> str | None:
    """Return the place in a cursor, or None without one; `shape` is the pattern it must have."""
    if cursor is None:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (ValueError, binascii.Error):
        text = ""
    begin = f"{kind}:"
    if text.startswith(begin) and re.fullmatch(shape, text[len(begin) :], re.ASCII):
        return text[len(begin) :]
    raise Invalid(
        "wrong_cursor",
        "cursor: is not one that a page gave",
        field="cursor",
        remedy="leave it out for the first page, then send next_cursor unchanged",
    )


def unwrap_id(kind: str, cursor: str | None) -> int | None:
    """Return the id in a cursor, or None without one."""
    text = unwrap(kind, cursor, r"\d{1,15}")
    return None if text is None else int(text)
