"""A report as CSV in UTF-8 with the mark that spreadsheets look for."""

from __future__ import annotations

import csv
import io

from backend.reports.sheet import Share, Sheet, Value
from backend.statistics.display import percent

MARK = "\ufeff"
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(made: Sheet) -> bytes:
    """Write heads, lines and the total; shares as 93.33%, once and for all in percent."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(made.heads)
    for line in (*made.lines, made.total):
        writer.writerow([_text(value) for value in line])
    return (MARK + out.getvalue()).encode()


def _text(value: Value) -> str:
    if isinstance(value, Share):
        return percent(value.value)
    return harmless(value) if isinstance(value, str) else str(value)


def harmless(text: str) -> str:
    """Keep a spreadsheet from reading a name as a formula."""
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text
