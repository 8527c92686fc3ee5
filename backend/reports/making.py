"""Makes the file of a report in the format that is asked for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from backend.reports.as_csv import as_csv
from backend.reports.as_html import as_html
from backend.reports.as_xlsx import as_xlsx
from backend.reports.notes import notes_of, title_of
from backend.reports.sheet import sheet
from backend.statistics.frozen import digest, freeze
from backend.statistics.rates import Figures
from backend.statistics.report import Report

WHOLE_CITY = "全市"
OWN_UNITS = "本单位及所属单位"


class Format(StrEnum):
    """What a report can be had as."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    HTML = "html"

    @property
    def media_type(self) -> str:
        """Its media type."""
        return _MEDIA[self]


_MEDIA = {
    Format.JSON: "application/json",
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.HTML: "text/html; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class File:
    """A report's bytes and the name under which they are saved."""

    name: str
    content: bytes


def make(
    report: Report, as_what: Format, scope: str, trends: Sequence[tuple[str, Figures]] = ()
) -> File:
    """Make the file of a report."""
    name = f"report-{report.period.span}-{report.by}.{as_what}"
    match as_what:
        case Format.JSON:
            content = _json(report, scope)
        case Format.CSV:
            content = as_csv(sheet(report))
        case Format.XLSX:
            content = as_xlsx(sheet(report), title_of(report), notes_of(report, scope))
        case Format.HTML:
            content = as_html(report, scope, trends).encode()
    return File(name, content)


def _json(report: Report, scope: str) -> bytes:
    """The frozen text, word for word, beside its digest."""
    frozen = freeze(report)
    told = {"scope": scope, "digest": digest(frozen), "report": json.loads(frozen)}
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
