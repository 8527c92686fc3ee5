"""A report as an Excel workbook: the table, and a sheet that says how it was counted."""

from __future__ import annotations

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from backend.reports.sheet import Share, Sheet, Value

PERCENT = "0.00%"
_BOLD = Font(bold=True)


def as_xlsx(made: Sheet, title: str, notes: Sequence[tuple[str, str]]) -> bytes:
    """Write the workbook; a share is the number itself, and the cell shows it in percent."""
    book = Workbook()
    table = book.active
    assert isinstance(table, Worksheet)
    table.title = "考核报表"
    _write(table, 1, [title])
    _write(table, 2, made.heads, bold=True)
    for number, line in enumerate((*made.lines, made.total), start=3):
        _write(table, number, line)
    table.freeze_panes = "B3"
    table.column_dimensions["A"].width = 28
    for column in range(2, len(made.heads) + 1):
        table.column_dimensions[get_column_letter(column)].width = 13
    told = book.create_sheet("统计说明")
    for number, pair in enumerate(notes, start=1):
        _write(told, number, pair)
    told.column_dimensions["A"].width = 16
    told.column_dimensions["B"].width = 100
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(page: Worksheet, row: int, line: Sequence[Value], *, bold: bool = False) -> None:
    for column, value in enumerate(line, start=1):
        cell = page.cell(row=row, column=column)
        assert isinstance(cell, Cell)
        _fill(cell, value)
        if bold:
            cell.font, cell.alignment = _BOLD, Alignment(wrap_text=True, vertical="top")


def _fill(cell: Cell, value: Value) -> None:
    if isinstance(value, Share):
        cell.value = float(value.value)
        cell.number_format = PERCENT
    else:
        cell.value = value
        if isinstance(value, str):
            # A name is never read as a formula.
            cell.data_type = "s"
