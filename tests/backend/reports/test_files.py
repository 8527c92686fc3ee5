"""Names are never formulas, whatever a unit is called."""

import csv
import io
from datetime import datetime

import pytest
from openpyxl import load_workbook

from backend.deadlines import SHANGHAI
from backend.reports.making import WHOLE_CITY, Format, make
from backend.statistics import DEFAULT, Dimension, Month, make_report
from tests.backend.statistics.given import cell

COUNTED_AT = datetime(2026, 12, 1, tzinfo=SHANGHAI)
EVIL = ('=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "<img src=x onerror=1>")


@pytest.mark.parametrize("name", EVIL)
def test_a_name_stays_a_name_in_every_format(name: str) -> None:
    report = make_report([cell(name, 12)], Month(2026, 11), DEFAULT, Dimension.UNIT, COUNTED_AT)

    text = make(report, Format.CSV, WHOLE_CITY).content.decode("utf-8-sig")
    book = load_workbook(io.BytesIO(make(report, Format.XLSX, WHOLE_CITY).content))
    page = make(report, Format.HTML, WHOLE_CITY).content.decode()

    first = list(csv.reader(io.StringIO(text)))[1][0]
    assert not first.startswith(("=", "+", "-", "@"))
    assert book["考核报表"]["A3"].value == name
    assert book["考核报表"]["A3"].data_type == "s"
    assert "<img" not in page


def test_the_report_says_how_it_was_counted_in_every_format_that_people_read() -> None:
    report = make_report([cell("u", 12)], Month(2026, 11), DEFAULT, Dimension.UNIT, COUNTED_AT)

    book = load_workbook(io.BytesIO(make(report, Format.XLSX, WHOLE_CITY).content))
    page = make(report, Format.HTML, WHOLE_CITY).content.decode()

    notes = {row[0]: str(row[1]) for row in book["统计说明"].iter_rows(values_only=True)}
    for name in ("考核期", "统计时刻", "有效回访数V", "规则版本", "校验码"):
        assert notes[name] in page.replace("&gt;", ">")
