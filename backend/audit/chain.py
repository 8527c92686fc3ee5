"""A chain of hashes: each event carries the hash of the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

START = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """One event of a history, as it was hashed."""

    seq: int
    facts: dict[str, Any]
    previous: str
    hash: str


def hash_of(previous: str, seq: int, facts: dict[str, Any]) -> str:
    """Return the SHA-256 (hex) of an event; `facts` is a JSON value, its key order is no matter."""
    text = json.dumps([previous, seq, facts], ensure_ascii=False, sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def first_fault(links: Iterable[Link], count: int, head: str) -> str | None:
    """Say where a history was changed, cut or reordered, or None if it is whole."""
    previous, seq = START, 0
    for link in links:
        if link.seq != seq + 1:
            return f"event {seq + 1} is missing or out of order"
        if link.previous != previous or link.hash != hash_of(previous, link.seq, link.facts):
            return f"event {link.seq} was changed"
        previous, seq = link.hash, link.seq
    if seq != count or previous != head:
        return f"the end is missing: {seq} events of {count}"
    return None
