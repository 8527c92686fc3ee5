"""Tokens of sessions and other systems: random, told apart by their beginning, kept as digests."""

from __future__ import annotations

import hashlib
import secrets

SESSION, VOUCHED, SYSTEM = "hls_", "hlo_", "hlt_"
"""`VOUCHED` begins a session of somebody who signed in at another system."""
BYTES = 32


def new(kind: str) -> str:
    """Return a new token of 256 random bits, beginning with its kind."""
    return kind + secrets.token_urlsafe(BYTES)


def digest(token: str) -> str:
    """Return the hex SHA-256 under which a token is stored; enough, for tokens are random."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
