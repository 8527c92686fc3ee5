"""What is sent and shown around reports."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import BaseModel, Field

from backend.statistics.counts import Counts, Dimension
from backend.statistics.frozen import figures_record
from backend.statistics.rates import Figures

Span = Annotated[str, Field(max_length=7, description="A month, 2026-11, or a year, 2026")]


class KeepIn(BaseModel):
    """Which report is to be kept word for word."""

    span: Span
    by: Dimension = Dimension.UNIT


class KeptView(BaseModel):
    """A kept report without its text."""

    span: str
    by: str
    digest: str
    actor: str
    at: dt.datetime


class KeptList(BaseModel):
    """Kept reports, the newest first."""

    reports: list[KeptView]


class ProofView(BaseModel):
    """Whether a kept report follows from its own text, and from the database of today."""

    digest: str
    from_its_text: bool
    from_the_database: bool
    digest_counted_again: str


class TrendPoint(BaseModel):
    """A month's total: exact fractions, or why there are none."""

    month: str
    closed: int
    valid: int
    figures: dict[str, Any]


class TrendView(BaseModel):
    """Totals by month, the oldest first."""

    counted_at: dt.datetime
    months: list[TrendPoint]


class SettingsView(BaseModel):
    """Every version of the rates' settings, by the month from which it is in force."""

    versions: list[dict[str, Any]]


def point_of(month: str, counts: Counts, figures: Figures) -> TrendPoint:
    """Show a month of a trend."""
    told = figures_record(figures)
    return TrendPoint(month=month, closed=counts.closed, valid=counts.valid, figures=told)
