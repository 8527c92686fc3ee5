"""Figures as people read them."""

from decimal import Decimal
from fractions import Fraction

import pytest

from backend.statistics import NotRated, percent, shown


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Fraction(0), "0.00%"),
        (Fraction(1), "100.00%"),
        (Fraction(14, 15), "93.33%"),
        (Fraction(2, 3), "66.67%"),
        (Fraction(1, 80_000), "0.00%"),
        (Fraction(1, 20_000), "0.01%"),
        (Decimal("0.12345"), "12.35%"),
        (Decimal("0.12335"), "12.34%"),
    ],
)
def test_a_share_is_shown_in_percent_and_halves_round_up(
    share: Fraction | Decimal, text: str
) -> None:
    assert percent(share) == text


def test_the_number_of_places_can_be_chosen() -> None:
    assert percent(Fraction(14, 15), 0) == "93%"
    assert percent(Fraction(14, 15), 4) == "93.3333%"


@pytest.mark.parametrize("share", [Fraction(-1, 10), Fraction(101, 100), Decimal("93.33")])
def test_what_is_no_share_is_refused(share: Fraction | Decimal) -> None:
    with pytest.raises(ValueError, match="no share"):
        percent(share)


def test_a_unit_that_is_not_rated_shows_words_and_no_number() -> None:
    assert not any(char.isdigit() for text in shown(NotRated(3, 10)).values() for char in text)
