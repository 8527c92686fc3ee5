"""Tables as files: CSV and Excel, read into rows by their headings and written from rows."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from backend.errors import Invalid

MOST_ROWS = 20_000
MOST_UNPACKED_BYTES = 64 * 1024 * 1024
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would run instead of show."""


class Format(StrEnum):
    """In which form a table is wanted."""

    CSV = "csv"
    XLSX = "xlsx"

    @property
    def media_type(self) -> str:
        """The Content-Type of the file."""
        if self is Format.CSV:
            return "text/csv; charset=utf-8"
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table by its headings; `line` counts from 1 with the headings."""

    line: int
    cells: dict[str, str]


def write(form: Format, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Write a table; a cell that a spreadsheet would run as a formula is shown as text."""
    table = [[_harmless(cell) for cell in row] for row in rows]
    if form is Format.CSV:
        out = io.StringIO(newline="")
        csv.writer(out).writerows([headings, *table])
        return b"\xef\xbb\xbf" + out.getvalue().encode()
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in [headings, *table]:
        sheet.append(list(line))
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def read(content: bytes, headings: Sequence[str]) -> list[Row]:
    """Read a CSV (UTF-8 or GB 18030) or Excel table; Invalid if it is none or lacks a heading."""
    lines = _excel(content) if content[:2] == b"PK" else _csv(content)
    first = next(lines, None)
    names = [name.strip() for name in first] if first else []
    if missing := [name for name in headings if name not in names]:
        raise _unreadable(
            f"the first line has no heading {'、'.join(missing)}",
            f"the headings are {'、'.join(headings)}: export the catalogue for an example",
        )
    rows = []
    for number, cells in enumerate(lines, 2):
        if number > MOST_ROWS:
            raise _unreadable(f"more than {MOST_ROWS} rows", "send it in two versions")
        by_name = dict(zip(names, (_plain(cell) for cell in cells), strict=False))
        if any(by_name.values()):
            rows.append(Row(number, {name: by_name.get(name, "") for name in headings}))
    if not rows:
        raise _unreadable("it holds no row", "fill in at least one line under the headings")
    return rows


def _csv(content: bytes) -> Iterator[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            yield from csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), strict=True)
        except csv.Error as error:
            raise _unreadable(f"it is no CSV: {error}", "save it again as CSV or Excel") from error
        return
    raise _unreadable("its text is neither UTF-8 nor GB 18030", "save it as CSV UTF-8 or Excel")


def _excel(content: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED_BYTES:
                raise ValueError("it unpacks to more than is read")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        lines = book.worksheets[0].iter_rows(values_only=True, max_col=40, max_row=MOST_ROWS + 1)
        table = [["" if cell is None else str(cell) for cell in line] for line in lines]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError) as error:
        raise _unreadable("it is no Excel table", "save it again as .xlsx or CSV") from error
    yield from table


def _plain(cell: str) -> str:
    text = cell.strip()
    return text[1:].strip() if text[:1] == "'" and text[1:2] in _FORMULA else text


def _harmless(cell: object) -> object:
    if cell is None:
        return ""
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    return cell


def _unreadable(problem: str, remedy: str) -> Invalid:
    return Invalid("unreadable_table", f"file: {problem}", field="file", remedy=remedy)
