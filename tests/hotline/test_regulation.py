"""The table of the law: every article that must have a test has one, and it is shown."""

from pathlib import Path

from hotline.instance import CHECKOUT
from hotline.regulation import NAMED, articles, table, without_tests

HERE = CHECKOUT / "tests" / "regulation"


def test_every_article_that_must_be_tested_is() -> None:
    assert without_tests(articles(HERE)) == []


def test_the_table_names_article_behaviour_and_test() -> None:
    lines = list(table(articles(HERE)))

    assert len(lines) > len(NAMED) + 2
    twelve = [line for line in lines if line.startswith("| 12 |")]
    assert any("refused by one of the three clauses" in line for line in twelve)
    assert all("tests/regulation/test_article_12.py::test_" in line for line in twelve)


def test_a_file_without_a_test_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "test_article_7.py").write_text('"""第七条。"""\n', encoding="utf-8")
    (tmp_path / "test_article_11.py").write_text(
        '"""第十一条。"""\n\n\ndef test_it() -> None:\n    pass\n', encoding="utf-8"
    )

    missing = without_tests(articles(tmp_path))

    assert 7 in missing
    assert 11 not in missing
