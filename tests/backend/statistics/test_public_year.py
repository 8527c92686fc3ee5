"""A year beside its public months: added up, and giving away nothing that a month hides."""

from dataclasses import asdict
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backend.statistics import DEFAULT, TOTAL, Dimension, Month, make_report, public_report
from backend.statistics.months import Year
from backend.statistics.public import PublicReport, PublicRow
from backend.statistics.public_year import PublicMonth, public_year
from backend.statistics.suppression_grid import with_totals
from tests.backend.statistics.algebra import solved
from tests.backend.statistics.given import COUNTED_AT, FEW, cell

SMALLEST = DEFAULT.versions[0].smallest_public
UNITS, MONTHS = ("城管局", "供热公司", "水务局", "裕华街道"), (3, 4, 5)
Table = dict[tuple[str, int], int]
tables = st.dictionaries(
    st.tuples(st.sampled_from(UNITS), st.sampled_from(MONTHS)),
    st.integers(1, 25),
    min_size=1,
    max_size=12,
)


def month(number: int, table: Table) -> PublicMonth:
    span = Month(2026, number)
    cells = [cell(unit, many, span) for (unit, at), many in table.items() if at == number]
    report = make_report(cells, span, DEFAULT, Dimension.UNIT, COUNTED_AT)
    return PublicMonth(report, asdict(public_report(report)))


def published(table: Table) -> tuple[list[PublicMonth], PublicReport]:
    months = [month(number, table) for number in sorted({at for _, at in table})]
    months = [one for one in months if one.figures["total"]["valid"] is not None]
    assert months
    return months, public_year(Year(2026), Dimension.UNIT, months, DEFAULT)


def valid_of(year: PublicReport) -> dict[str, int | None]:
    return {row.key: row.valid for row in year.rows}


def hidden_in(one: PublicMonth) -> list[str]:
    rows: list[dict[str, Any]] = one.figures["rows"]
    return [row["key"] for row in rows if row["valid"] is None]


def test_a_year_is_its_public_months_added_up() -> None:
    _, year = published({("供热公司", 3): 20, ("供热公司", 4): 30, ("水务局", 4): 12})

    assert (year.span, valid_of(year)) == ("2026", {"供热公司": 50, "水务局": 12})
    assert year.total.valid == 62
    assert year.rows[0].figures is not None
    assert year.rows[0].figures["满意率"] == "100.00%"


def test_what_one_month_hides_is_not_the_year_less_the_other_months() -> None:
    months, year = published(
        {("水务局", 3): 2, ("城管局", 3): 9, ("水务局", 4): 20, ("城管局", 4): 20}
        | {("供热公司", 3): 50, ("供热公司", 4): 50}
    )

    assert hidden_in(months[0]) == ["城管局", "水务局"]
    assert valid_of(year) == {"城管局": None, "水务局": None, "供热公司": 100}
    assert PublicRow("水务局", None, None) in year.rows


@FEW
@given(tables)
def test_no_hidden_count_follows_from_a_year_and_its_months(table: Table) -> None:
    totals = {at: sum(n for (_, m), n in table.items() if m == at) for _, at in table}
    if not any(total >= 2 * SMALLEST for total in totals.values()):
        table = table | {("供热公司", 3): 30}
    months, year = published(table)
    shown = {one.span: int(one.span[-2:]) for one in months}
    inner = {(unit, span): table.get((unit, at), 0) for span, at in shown.items() for unit in UNITS}
    gone = {(unit, one.span) for one in months for unit in hidden_in(one)}
    gone |= {(unit, TOTAL) for unit, valid in valid_of(year).items() if valid is None}
    gone |= {(TOTAL, TOTAL)} if year.total.valid is None else set()

    assert solved(with_totals(inner), frozenset(gone)) == set()
    assert all(
        valid is None or valid == 0 or valid >= SMALLEST for valid in valid_of(year).values()
    )
