"""A mark of what a ticket says, kept in its history: what is changed behind it shows."""

from __future__ import annotations

import hashlib
import json

from backend.tickets.models import Ticket


def fingerprint(ticket: Ticket) -> str:
    """Return the SHA-256 (hex) over the words and fields that only a told change may change.

    The words are taken as they are sealed, so that the mark betrays nothing.
    """
    contact = ticket.contact_sealed or b""
    said = [
        ticket.number,
        ticket.code_digest,
        ticket.words,
        hashlib.sha256(ticket.words_sealed).hexdigest(),
        hashlib.sha256(contact).hexdigest(),
        ticket.kind,
        ticket.category,
        ticket.district,
        ticket.neighbour,
        ticket.place,
        ticket.time,
        ticket.date.isoformat() if ticket.date else None,
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
