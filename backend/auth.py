"""Who asks, and what they may do: the one address from which endpoints take it."""

from __future__ import annotations

from backend.people.access import open_to_all, require
from backend.people.identity import SERVICE, Identity
from backend.people.rights import Right

__all__ = ["SERVICE", "Identity", "Right", "open_to_all", "require"]
