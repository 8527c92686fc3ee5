"""Intake: a caller's words become the fields of a draft ticket. Pure, no I/O but its own data."""

from backend.intake.drafting import draft, draft_lines, prepare
from backend.intake.fields import Alternative, Fields, Kind, Mend, Tier
from backend.intake.normalise import normalise

__all__ = [
    "Alternative",
    "Fields",
    "Kind",
    "Mend",
    "Tier",
    "draft",
    "draft_lines",
    "normalise",
    "prepare",
]
