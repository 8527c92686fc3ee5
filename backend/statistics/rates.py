"""The three rates (三率) of Art. 36 from counts, as exact fractions between 0 and 1."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from backend.statistics.counts import Counts
from backend.statistics.interval import Interval, wilson
from backend.statistics.settings import RateSettings
from backend.surveys.answers import Satisfaction, Solution


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate and its interval."""

    value: Fraction
    interval: Interval


@dataclass(frozen=True, slots=True)
class Rated:
    """响应率, 解决率, 满意率, the score they make and its band."""

    contact: Rate
    solution: Rate
    satisfaction: Rate
    score: Fraction
    band: str


@dataclass(frozen=True, slots=True)
class NotRated:
    """不予评价: too few valid callbacks; neither 0 nor 100, and in no mean."""

    valid: int
    smallest: int


Figures = Rated | NotRated


@dataclass(frozen=True, slots=True)
class Mean:
    """The plain mean of the rated members, for comparison only: the pooled figures are official."""

    members: int
    rated: int
    contact: Fraction
    solution: Fraction
    satisfaction: Fraction
    score: Fraction


def contact_rate(counts: Counts) -> Fraction:
    """响应率 = contacted / V. V must not be 0."""
    return Fraction(counts.contacted(), counts.valid)


def solution_rate(counts: Counts, settings: RateSettings) -> Fraction:
    """解决率 = (solved + p x partly solved) / V, p a setting (0). V must not be 0."""
    partly = settings.partly_solved * counts.solved(Solution.PARTLY)
    return (counts.solved(Solution.SOLVED) + partly) / counts.valid


def satisfaction_rate(counts: Counts, settings: RateSettings) -> Fraction:
    """满意率 = (satisfied + b x basically satisfied) / V, b a setting (0.9). V must not be 0."""
    basically = settings.basically_satisfied * counts.satisfied(Satisfaction.BASICALLY)
    return (counts.satisfied(Satisfaction.SATISFIED) + basically) / counts.valid


def figures(counts: Counts, settings: RateSettings) -> Figures:
    """The rates of these tickets taken together, or NotRated when V is below the smallest."""
    valid = counts.valid
    if valid < settings.smallest_valid:
        return NotRated(valid, settings.smallest_valid)
    contact = contact_rate(counts)
    solution = solution_rate(counts, settings)
    satisfaction = satisfaction_rate(counts, settings)
    score = (
        settings.contact_weight * contact
        + settings.solution_weight * solution
        + settings.satisfaction_weight * satisfaction
    )
    return Rated(
        contact=Rate(contact, wilson(contact, valid, settings.z)),
        solution=Rate(solution, wilson(solution, valid, settings.z)),
        satisfaction=Rate(satisfaction, wilson(satisfaction, valid, settings.z)),
        score=score,
        band=band(score, settings),
    )


def band(score: Fraction, settings: RateSettings) -> str:
    """The name of the band a score lies in; its lower edge belongs to it."""
    return next(one.name for one in settings.bands if score >= one.at_least)


def mean(members: Iterable[Figures]) -> Mean | None:
    """The mean over the rated members, each weighing the same; None when none is rated."""
    everyone = list(members)
    rated = [one for one in everyone if isinstance(one, Rated)]
    if not rated:
        return None
    many = len(rated)
    return Mean(
        members=len(everyone),
        rated=many,
        contact=sum((one.contact.value for one in rated), Fraction(0)) / many,
        solution=sum((one.solution.value for one in rated), Fraction(0)) / many,
        satisfaction=sum((one.satisfaction.value for one in rated), Fraction(0)) / many,
        score=sum((one.score for one in rated), Fraction(0)) / many,
    )
