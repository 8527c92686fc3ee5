"""The law as it is tested: a table article -> behaviour -> test, read from tests/regulation."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NAMED = (7, *range(11, 25), 26, 27, 35, 40, 41)
"""Articles that must have a test."""
_FILE = re.compile(r"test_article_(\d+)\.py")


@dataclass(frozen=True, slots=True)
class Article:
    """One article with what it says in a sentence, and its tests as sentences."""

    number: int
    says: str
    file: str
    tests: tuple[str, ...]


def articles(directory: Path) -> list[Article]:
    """Return every article that has a file of tests, in the order of the law."""
    found = []
    for path in directory.glob("test_article_*.py"):
        if name := _FILE.fullmatch(path.name):
            found.append(_read(int(name[1]), path))
    return sorted(found, key=lambda one: one.number)


def without_tests(found: list[Article]) -> list[int]:
    """Return the articles that must have a test and have none."""
    tested = {one.number for one in found if one.tests}
    return [number for number in NAMED if number not in tested]


def table(found: list[Article]) -> Iterator[str]:
    """Draw article -> behaviour -> test in Markdown."""
    yield "| article | it says | behaviour | test |"
    yield "|---|---|---|---|"
    for one in found:
        for name in one.tests:
            behaviour = name.removeprefix("test_").replace("_", " ")
            yield f"| {one.number} | {one.says} | {behaviour} | {one.file}::{name} |"


def _read(number: int, path: Path) -> Article:
    tree = ast.parse(path.read_text("utf-8"))
    says = (ast.get_docstring(tree) or "").split("\n")[0]
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    tests = [node.name for node in tree.body if isinstance(node, kinds)]
    return Article(
        number,
        says.replace("|", "/"),
        f"tests/regulation/{path.name}",
        tuple(name for name in tests if name.startswith("test_")),
    )
