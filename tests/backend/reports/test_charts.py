from fractions import Fraction
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from backend.reports.charts import Bar, Point, bars, trend
from backend.statistics.interval import wilson
from backend.statistics.rates import Rate
from tests.backend.statistics.given import FEW

SVG = "{http://www.w3.org/2000/svg}"
rates = st.none() | st.tuples(st.integers(0, 50), st.integers(0, 50)).filter(any).map(
    lambda two: of(two[0], sum(two))
)


def of(good: int, valid: int) -> Rate:
    value = Fraction(good, valid)
    return Rate(value, wilson(value, valid, Fraction(196, 100)))


def words(picture: str) -> list[str]:
    return [one.text or "" for one in ElementTree.fromstring(picture).iter(f"{SVG}text")]


@FEW
@given(st.lists(st.tuples(st.text(max_size=30), rates), max_size=12))
def test_every_name_and_rate_makes_a_picture_that_is_well_formed_and_stays_inside(
    groups: list[tuple[str, Rate | None]],
) -> None:
    printable = [("".join(c for c in name if c.isprintable()), rate) for name, rate in groups]

    for picture in (
        bars("响应率", [Bar(*one) for one in printable]),
        trend("响应率", [Point(*one) for one in printable]),
    ):
        root = ElementTree.fromstring(picture)
        _, _, width, height = (float(part) for part in root.attrib["viewBox"].split())
        for line in root.iter(f"{SVG}line"):
            assert all(0 <= float(line.attrib[x]) <= width for x in ("x1", "x2"))
            assert all(0 <= float(line.attrib[y]) <= height for y in ("y1", "y2"))


def test_a_bar_is_as_long_as_its_rate_and_says_it_in_words() -> None:
    root = ElementTree.fromstring(bars("满意率", [Bar("甲", of(1, 2)), Bar("乙", of(2, 2))]))

    half, whole = (float(one.attrib["width"]) for one in root.iter(f"{SVG}rect"))
    assert abs(whole - 2 * half) < 0.2
    assert {"50.00%", "100.00%"} <= set(
        words(bars("满意率", [Bar("甲", of(1, 2)), Bar("乙", of(2, 2))]))
    )


def test_what_is_not_rated_has_no_bar_and_no_point_but_says_so() -> None:
    assert "<rect" not in bars("满意率", [Bar("甲", None)])
    assert "不予评价" in bars("满意率", [Bar("甲", None)])
    assert "<circle" not in trend("满意率", [Point("2026-11", None)])


def test_a_name_is_never_markup() -> None:
    assert "<script" not in bars("<script>", [Bar("<script>x</script>", of(1, 2))])
