"""The working calendar in use: the published days and the operator's file, read anew on change."""

from __future__ import annotations

import sys
from pathlib import Path

from backend.deadlines import OverrideFault, WorkingCalendar, read_overrides
from backend.logs import log

Stamp = tuple[int, int]


class CalendarFile:
    """Gives the calendar to count by; without a file, the published days.

    A file that becomes faulty while programs run leaves the last good calendar in use, and
    `fault` says what is wrong.
    """

    fault: str | None

    def __init__(self, path: Path | None) -> None:
        """Read the file; raises OverrideFault or OSError for one that cannot be used."""
        self.path, self.fault = path, None
        self._stamp = self._stamp_now()
        self._calendar = self._read()

    def current(self) -> WorkingCalendar:
        """Return the calendar as the file says it now."""
        stamp = self._stamp_now()
        if stamp != self._stamp:
            self._stamp = stamp
            self._reload()
        return self._calendar

    def _reload(self) -> None:
        try:
            self._calendar = self._read()
        except (OverrideFault, OSError, UnicodeDecodeError) as error:
            self.fault = f"{self.path}: {error}"
            log.error("the calendar file cannot be used; the last good one stays", why=self.fault)
        else:
            self.fault = None
            log.info("calendar read", version=self._calendar.version)

    def _read(self) -> WorkingCalendar:
        if self.path is None:
            return WorkingCalendar()
        return WorkingCalendar(read_overrides(self.path.read_text("utf-8")))

    def _stamp_now(self) -> Stamp | None:
        try:
            found = self.path.stat() if self.path else None
        except OSError:
            return None
        return (found.st_mtime_ns, found.st_size) if found else None


def open_calendar(path: Path | None) -> CalendarFile:
    """Read the operator's file, or end the program (exit 2) with a line that says what is wrong."""
    try:
        return CalendarFile(path)
    except (OverrideFault, OSError, UnicodeDecodeError) as error:
        print(f"HOTLINE_CALENDAR: {path}: {error}; mend the file, or unset it", file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from None
