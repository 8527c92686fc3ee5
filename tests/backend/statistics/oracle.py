"""The three rates counted ticket by ticket from plain words: slow, and shares no code."""

from dataclasses import dataclass
from fractions import Fraction

GOOD = "valid"


@dataclass(frozen=True)
class Ticket:
    """A closed ticket; the three answers are None unless its callback was valid."""

    unit: str
    district: str
    month: str
    ending: str
    contact: str | None = None
    solution: str | None = None
    satisfaction: str | None = None


def rates(tickets: list[Ticket], smallest: int = 10) -> tuple[Fraction, ...] | None:
    """响应率, 解决率, 满意率 and score with the usual weights, or None."""
    asked = [ticket for ticket in tickets if ticket.ending == GOOD]
    if len(asked) < smallest:
        return None
    reached = solved = tenths = 0
    for ticket in asked:
        if ticket.contact == "contacted":
            reached += 1
        if ticket.solution == "solved":
            solved += 1
        if ticket.satisfaction == "satisfied":
            tenths += 10
        elif ticket.satisfaction == "basically":
            tenths += 9
    v = len(asked)
    score = Fraction(10 * reached + 50 * solved + 4 * tenths, 100 * v)
    return Fraction(reached, v), Fraction(solved, v), Fraction(tenths, 10 * v), score


def band(score: Fraction) -> str:
    """The usual bands, by whole hundredths."""
    hundredths = score.numerator * 100 // score.denominator
    if hundredths >= 90:
        return "优秀"
    if hundredths >= 80:
        return "良好"
    return "合格" if hundredths >= 60 else "待改进"
