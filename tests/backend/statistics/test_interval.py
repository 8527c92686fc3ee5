"""The Wilson interval against published values, and at its edges."""

from decimal import Decimal
from fractions import Fraction
from math import sqrt

import pytest

from backend.statistics import wilson

Z = Fraction(196, 100)


@pytest.mark.parametrize(
    ("good", "valid", "low", "high"),
    [
        # Newcombe 1998, table I, method 3 (z = 1.96)
        (81, 263, "0.2553", "0.3662"),
        (15, 148, "0.0624", "0.1605"),
        (0, 20, "0.0000", "0.1611"),
        (1, 29, "0.0061", "0.1718"),
    ],
)
def test_the_interval_is_the_published_one(good: int, valid: int, low: str, high: str) -> None:
    found = wilson(Fraction(good, valid), valid, Z)

    assert round(found.low, 4) == Decimal(low)
    assert round(found.high, 4) == Decimal(high)


@pytest.mark.parametrize("valid", [1, 2, 10, 999, 1_000_000])
def test_none_and_all_touch_the_ends_exactly(valid: int) -> None:
    assert wilson(Fraction(0), valid, Z).low == 0
    assert wilson(Fraction(1), valid, Z).high == 1


@pytest.mark.parametrize(("good", "valid"), [(1, 10), (7, 13), (999, 1000), (123_456, 654_321)])
def test_it_agrees_with_the_textbook_formula_in_binary(good: int, valid: int) -> None:
    p, z = good / valid, 1.96
    middle = (p + z * z / (2 * valid)) / (1 + z * z / valid)
    half = z / (1 + z * z / valid) * sqrt(p * (1 - p) / valid + z * z / (4 * valid * valid))

    found = wilson(Fraction(good, valid), valid, Z)

    assert float(found.low) == pytest.approx(middle - half, abs=1e-11)
    assert float(found.high) == pytest.approx(middle + half, abs=1e-11)


def test_more_callbacks_make_it_narrower() -> None:
    widths = [
        (found := wilson(Fraction(4, 5), valid, Z)).high - found.low for valid in (10, 100, 1000)
    ]

    assert widths == sorted(widths, reverse=True)
