"""The time by which citizens are called back: the real one, or in a rehearsal one set ahead."""

from __future__ import annotations

import datetime as dt
from pathlib import Path


class Clock:
    """Tells the time; the file, if there is one, holds how many seconds it is ahead."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file

    def now(self) -> dt.datetime:
        """Return the moment, aware."""
        return dt.datetime.now(dt.UTC) + self._ahead()

    def _ahead(self) -> dt.timedelta:
        if self._file is None:
            return dt.timedelta(0)
        try:
            return dt.timedelta(seconds=float(self._file.read_text("ascii")))
        except (OSError, ValueError):
            return dt.timedelta(0)


def set_ahead(file: Path, seconds: float) -> None:
    """Set the clock of a rehearsal ahead."""
    fresh = file.with_suffix(".new")
    fresh.write_text(f"{seconds:.3f}", "ascii")
    fresh.replace(file)
