"""Numbers and words at rest: sealed with the data key, found by a keyed digest, shown masked."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from typing import Any

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from backend.logs import mask_in

_NOT_DIGITS = re.compile(r"\D")
_ABROAD = re.compile(r"^(?:00)?86(?=1[3-9]\d{9}$|0\d{9,11}$)")
_TRUNK_ZERO = re.compile(r"^0(?=1[3-9]\d{9}$)")


def plain_number(number: str) -> str:
    """Write a telephone number one way only: +86 138-1234-5678 and 013812345678 are 13812345678."""
    digits = _NOT_DIGITS.sub("", number)[:32]
    return _TRUNK_ZERO.sub("", _ABROAD.sub("", digits))


def mask(number: str | None) -> str | None:
    """Show a number to people who need not call it: 138****5678; short ones keep two digits."""
    if not number:
        return None
    digits = plain_number(number)
    if len(digits) < 7:
        return "****" + digits[-2:]
    return f"{digits[:3]}****{digits[-4:]}"


class Seal:
    """Closes and opens what must not lie open in the database; made from one Fernet key."""

    def __init__(self, data_key: str) -> None:
        self._fernet = Fernet(data_key)
        derive = HKDF(SHA256(), length=32, salt=None, info=b"look-up digests")
        self._digest_key = derive.derive(data_key.encode())

    def close(self, value: Any) -> bytes:
        """Seal a JSON value."""
        return self._fernet.encrypt(json.dumps(value, separators=(",", ":")).encode())

    def open(self, token: bytes) -> Any:
        """Return what `close` was given; raises InvalidToken for another key's seal."""
        return json.loads(self._fernet.decrypt(token))

    def digest_of_number(self, number: str) -> str:
        """Return the hex digest under which a telephone number is found again."""
        return self._keyed(f"number:{plain_number(number)}")

    def digest_of_code(self, ticket_number: str, code: str) -> str:
        """Return the hex digest of a ticket's four-digit code."""
        return self._keyed(f"code:{ticket_number}:{code}")

    def code_is(self, ticket_number: str, code: str, digest: str) -> bool:
        """Compare a code with its digest in constant time."""
        return hmac.compare_digest(self.digest_of_code(ticket_number, code), digest)

    def _keyed(self, text: str) -> str:
        return hmac.new(self._digest_key, text.encode(), hashlib.sha256).hexdigest()


__all__ = ["Seal", "mask", "mask_in", "plain_number"]
