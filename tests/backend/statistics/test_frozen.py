"""A kept report: canonical, complete, and proved from its own text."""

import json
from datetime import UTC
from fractions import Fraction

import pytest
from hypothesis import given

from backend.statistics import (
    DEFAULT,
    BrokenReport,
    Dimension,
    History,
    RateSettings,
    Year,
    digest,
    freeze,
    make_report,
    prove,
)
from tests.backend.statistics.given import COUNTED_AT, FEW, NOV, cell, cells, tickets
from tests.backend.statistics.oracle import Ticket

KEPT = freeze(
    make_report(
        [cell("城管局", 14), cell("城管局", 1, happy=False), cell("水务局", 3)],
        NOV,
        DEFAULT,
        Dimension.UNIT,
        COUNTED_AT,
    )
)


@FEW
@given(tickets)
def test_every_report_is_proved_from_its_own_text_to_the_same_bytes(made: list[Ticket]) -> None:
    for dimension in Dimension:
        for span in (NOV, Year(2026)):
            kept = freeze(make_report(cells(made), span, DEFAULT, dimension, COUNTED_AT))

            assert freeze(prove(kept)) == kept


def test_these_tickets_give_these_bytes_for_ever() -> None:
    assert digest(KEPT) == "7183a06de4cab49f0e5090a12d92d79942e094fb1a67e9ab86786131060a82e6"


def test_figures_are_exact_fractions_and_nothing_in_the_text_is_a_binary_number() -> None:
    def refuse(text: str) -> float:
        raise AssertionError(text)

    record = json.loads(KEPT, parse_float=refuse)

    assert record["rows"][0]["pooled"]["satisfaction"]["rate"] == "14/15"
    assert record["rows"][1]["pooled"] == {"rated": False, "valid": 3, "smallest_valid": 10}
    assert record["mean"]["rated"] == 1


def test_a_report_carries_its_settings_their_version_and_their_digest() -> None:
    record = json.loads(KEPT)
    settings = RateSettings.model_validate(record["settings"])

    assert settings == DEFAULT.in_force(NOV)
    assert record["settings_digest"] == settings.digest
    assert record["settings"]["version"] == "2022-11"


def test_a_past_month_stays_what_it_was_when_settings_change() -> None:
    changed = History(
        (
            *DEFAULT.versions,
            RateSettings(
                version="2027",
                from_month="2027-01",
                contact_weight=Fraction(2, 10),
                solution_weight=Fraction(4, 10),
            ),
        )
    )
    tickets_of_november = [cell("城管局", 14), cell("城管局", 1, happy=False), cell("水务局", 3)]

    again = make_report(tickets_of_november, NOV, changed, Dimension.UNIT, COUNTED_AT)

    assert freeze(again) == KEPT


def test_the_zone_in_which_the_moment_of_counting_is_given_changes_no_byte() -> None:
    report = make_report(
        [cell("城管局", 14), cell("城管局", 1, happy=False), cell("水务局", 3)],
        NOV,
        DEFAULT,
        Dimension.UNIT,
        COUNTED_AT.astimezone(UTC),
    )

    assert freeze(report) == KEPT


def test_rows_in_another_order_are_refused() -> None:
    record = json.loads(KEPT)
    record["rows"].reverse()

    with pytest.raises(BrokenReport):
        prove(json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


@pytest.mark.parametrize(
    ("written", "forged"),
    [
        ('"rate":"14/15"', '"rate":"1"'),
        ('"contacted/solved/satisfied":14', '"contacted/solved/satisfied":15'),
        ('"valid":15', '"valid":16'),
        ('"band":"优秀"', '"band":"良好"'),
        ('"smallest_valid":10', '"smallest_valid":2'),
        ('"formulas":"three-rates/1"', '"formulas":"three-rates/2"'),
        ('"preliminary":false', '"preliminary":true'),
        ('"begins":"2026-10-19', '"begins":"2026-10-18'),
        ('"ends":"2026-11-19T00:00:00+08:00"', '"ends":"9999-12-31T23:00:00-08:00"'),
        ('"ends":"2026-11-19T00:00:00+08:00"', '"ends":"2026-11-19T00:00:00"'),
        ('"by":"unit"', '"by":"mood"'),
        ('"partly_solved":"0"', '"partly_solved":0.0'),
        ("{", "["),
        ("{", " {"),
    ],
)
def test_a_text_altered_anywhere_is_refused(written: str, forged: str) -> None:
    assert written in KEPT

    with pytest.raises(BrokenReport):
        prove(KEPT.replace(written, forged, 1))


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "{}", '{"formulas":"three-rates/1"}', "[" * 9999]
)
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(BrokenReport):
        prove(text)
