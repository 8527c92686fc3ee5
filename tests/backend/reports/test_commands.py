from pathlib import Path

import pytest

from backend.reports.commands import write


def test_the_operator_gets_a_file(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTLINE_DATABASE_URL", database_url)
    out = tmp_path / "report"

    for as_what, begins in (("csv", "\ufeff考核月"), ("xlsx", "PK"), ("html", "<!doctype")):
        write("month", "2026-11", "month", as_what, out)
        assert out.read_bytes().decode("utf-8", "ignore").startswith(begins)


@pytest.mark.parametrize(
    ("kind", "span"), [("month", "2026"), ("year", "2026-11"), ("month", "soon")]
)
def test_a_wrong_span_is_one_line_with_the_remedy(
    kind: str, span: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        write(kind, span, "unit", "csv", None)

    told = capsys.readouterr()
    assert ended.value.code == 2
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    assert "write" in told.err
