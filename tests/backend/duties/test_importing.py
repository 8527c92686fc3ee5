"""A catalogue is read from CSV and Excel; each wrong cell is named, and then nothing is read."""

import pytest

from backend.duties import importing, sheets
from backend.duties.importing import HEADINGS, Known
from backend.duties.matching import Duty
from backend.duties.sheets import Format
from backend.errors import Invalid

NAMES = Known(
    frozenset({"供热", "噪声油烟"}),
    frozenset({"莲池区"}),
    {"供热公司": 7, "城管局": 8, "执法队": None},
)
HEAT = Duty(
    "GR-01", "供热", "供热公司", "特许经营协议", ("停暖", "不热"), "莲池区", "裕华路", "2h", 7
)
NOISE = Duty("ZS-01", "噪声油烟", "城管局", "三定方案", unit_id=8)


def lines(*rows: tuple[str, ...]) -> bytes:
    return sheets.write(Format.CSV, HEADINGS, rows)


@pytest.mark.parametrize("form", Format)
def test_what_is_exported_can_be_imported_again(form: Format) -> None:
    content = sheets.write(form, HEADINGS, importing.table([HEAT, NOISE]))

    assert importing.read(content, NAMES) == [HEAT, NOISE]


def test_a_table_saved_by_chinese_excel_is_read() -> None:
    content = lines(("A", "供热", "", "", "", "供热公司", "", "协议")).decode("utf-8-sig")

    assert importing.read(content.encode("gb18030"), NAMES)[0].unit_id == 7


def test_every_wrong_cell_is_named_with_row_column_and_remedy() -> None:
    content = lines(
        ("A", "供热", "", "莲池区", "", "供热公司", "2h", "协议"),
        ("A", "停电", "", "唐山市", "", "没有的局", "7d", ""),
        ("B", "供热", "", "", "", "执法队", "", "协议"),
    )

    with pytest.raises(Invalid) as refused:
        importing.read(content, NAMES)

    body = refused.value.body
    assert [one.field for one in body.problems] == [
        "第3行 依据",
        "第3行 事项",
        "第3行 区县",
        "第3行 办理时限",
        "第3行 承办单位",
        "第3行 编号",
        "第4行 承办单位",
    ]
    assert "没有导入任何条目" in body.message
    assert all(one.remedy for one in body.problems)


def test_a_unit_that_is_not_in_the_tree_is_kept_if_that_is_wanted() -> None:
    content = lines(("A", "供热", "", "", "", "没有的局", "", "协议"))

    kept = importing.read(content, NAMES, unknown_units=True)

    assert (kept[0].unit, kept[0].unit_id) == ("没有的局", None)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "heading"),
        ("编号,事项\n1,供热\n".encode(), "heading"),
        (lines(), "no row"),
        (b"PK\x03\x04 broken", "no Excel"),
        (b"\xff\xfe\x00\xff", "UTF-8"),
        (b'"a' + b"\n", "CSV"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_plain_words(content: bytes, says: str) -> None:
    with pytest.raises(Invalid) as refused:
        importing.read(content, NAMES)

    assert refused.value.body.field == "file"
    assert says in refused.value.body.message


def test_a_cell_that_a_spreadsheet_would_run_is_written_as_text() -> None:
    evil = Duty("=1+1", "供热", "供热公司", "@SUM(A1)")

    content = sheets.write(Format.CSV, HEADINGS, importing.table([evil]))

    assert "'=1+1" in content.decode()
    again = importing.read(content, NAMES)[0]
    assert (again.code, again.basis) == ("=1+1", "@SUM(A1)")
