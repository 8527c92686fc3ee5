"""One fact of a call's journal, as it is kept and sent."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4


def now() -> datetime:
    """Give the present moment, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact with an id of its own: sent twice, it counts once."""

    call_id: str
    kind: str
    data: Mapping[str, Any]
    at: str = field(default_factory=lambda: now().isoformat())
    id: str = field(default_factory=lambda: str(uuid4()))

    def to_json(self) -> dict[str, Any]:
        """Give the entry as the backend takes it."""
        return {
            "id": self.id,
            "call_id": self.call_id,
            "kind": self.kind,
            "at": self.at,
            "data": dict(self.data),
        }

    def to_bytes(self) -> bytes:
        """Give the entry as one compact JSON text."""
        return json.dumps(self.to_json(), ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, text: bytes) -> "Entry":
        """Read what ``to_bytes`` gave; raises ``ValueError``."""
        read = json.loads(text)
        try:
            return cls(read["call_id"], read["kind"], read["data"], read["at"], read["id"])
        except (KeyError, TypeError) as error:
            raise ValueError("not an entry") from error
