"""The Wilson interval: between which rates the truth probably lies when V callbacks were made."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction

_CONTEXT = Context(prec=50)
_STEP = Decimal("1E-12")


@dataclass(frozen=True, slots=True)
class Interval:
    """Both ends between 0 and 1, rounded outwards at the twelfth place."""

    low: Decimal
    high: Decimal


def wilson(rate: Fraction, valid: int, z: Fraction) -> Interval:
    """The interval of a rate over `valid` >= 1 callbacks, the same digits on every machine.

    (p + z²/2V ± z·√(p(1-p)/V + z²/4V²)) / (1 + z²/V)     E. B. Wilson, 1927

    For a weighted rate (a basically satisfied citizen counts 0.9) it is too wide rather than too
    narrow: values between 0 and 1 with mean p vary by at most p(1-p).
    """
    squared = z * z
    scale = 1 + squared / valid
    middle = (rate + squared / (2 * valid)) / scale
    under_root = (rate * (1 - rate) / valid + squared / (4 * valid * valid)) * squared
    half = _CONTEXT.divide(_CONTEXT.sqrt(_decimal(under_root)), _decimal(scale))
    centre = _decimal(middle)
    low = _CONTEXT.subtract(centre, half).quantize(_STEP, ROUND_FLOOR)
    high = _CONTEXT.add(centre, half).quantize(_STEP, ROUND_CEILING)
    return Interval(max(low, Decimal(0).quantize(_STEP)), min(high, Decimal(1).quantize(_STEP)))


def _decimal(value: Fraction) -> Decimal:
    return _CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))
