"""Figures as people read them: the only place where anything is rounded or multiplied by 100."""

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from backend.statistics.rates import Figures, NotRated

NOT_RATED = "不予评价"
_CONTEXT = Context(prec=60)


def percent(value: Fraction | Decimal, places: int = 2) -> str:
    """A share between 0 and 1 as text, as 93.33%; halves round up.

    The text is no number, so it cannot be multiplied again; ValueError for a share outside 0 to 1.
    """
    exact = Fraction(value)
    if not 0 <= exact <= 1:
        raise ValueError(f"{value} is no share between 0 and 1")
    hundredfold = exact * 100
    number = _CONTEXT.divide(Decimal(hundredfold.numerator), Decimal(hundredfold.denominator))
    return f"{number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _CONTEXT)}%"


def shown(figures: Figures) -> dict[str, str]:
    """The three rates, score and band in words for a table; all say 不予评价 when not rated."""
    if isinstance(figures, NotRated):
        return dict.fromkeys(("响应率", "解决率", "满意率", "综合得分", "等次"), NOT_RATED)
    return {
        "响应率": percent(figures.contact.value),
        "解决率": percent(figures.solution.value),
        "满意率": percent(figures.satisfaction.value),
        "综合得分": percent(figures.score),
        "等次": figures.band,
    }
