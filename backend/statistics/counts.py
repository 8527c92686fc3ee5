"""Closed tickets counted by how their callback ended: all that the rates are made from."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from backend.statistics.errors import ForeignCell
from backend.statistics.months import Month
from backend.surveys.answers import Answers, Contact, Satisfaction, Solution
from backend.surveys.codes import SurveyResult


class Dimension(StrEnum):
    """What a report is grouped by: graded (分级) and by kind (分类), Art. 36."""

    UNIT = "unit"
    LEVEL = "level"
    DISTRICT = "district"
    CATEGORY = "category"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Cell:
    """So many closed tickets with the same marks: one row of a GROUP BY.

    Grouping by a report's dimension and its MEMBERS suffices; marks it does not use may be "".
    `answers` are given for valid callbacks and for nothing else; ForeignCell otherwise.
    """

    month: Month
    unit: str
    level: str
    district: str
    category: str
    result: SurveyResult
    answers: Answers | None
    tickets: int

    def __post_init__(self) -> None:
        if self.tickets < 0:
            raise ForeignCell(f"{self.unit} {self.month}: a count below 0")
        if (self.answers is not None) is not (self.result is SurveyResult.VALID):
            raise ForeignCell(f"{self.unit} {self.month}: answers belong to valid callbacks only")

    def key(self, dimension: Dimension) -> str:
        """The group this cell belongs to."""
        match dimension:
            case Dimension.UNIT:
                return self.unit
            case Dimension.LEVEL:
                return self.level
            case Dimension.DISTRICT:
                return self.district
            case Dimension.CATEGORY:
                return self.category
            case Dimension.MONTH:
                return str(self.month)
            case Dimension.YEAR:
                return f"{self.month.year:04}"


@dataclass(frozen=True, slots=True)
class Counts:
    """Tickets by answers and by reason of exclusion; every closed ticket is in just one place."""

    answers: Mapping[Answers, int] = field(default_factory=dict)
    excluded: Mapping[SurveyResult, int] = field(default_factory=dict)

    @property
    def valid(self) -> int:
        """V: closed tickets with a valid callback."""
        return sum(self.answers.values())

    @property
    def closed(self) -> int:
        """Closed tickets: V and every excluded one."""
        return self.valid + sum(self.excluded.values())

    def contacted(self) -> int:
        """Valid callbacks in which the citizen said that the unit had been in touch."""
        return sum(n for a, n in self.answers.items() if a.contact is Contact.CONTACTED)

    def solved(self, solution: Solution) -> int:
        """Valid callbacks with this answer to the second question."""
        return sum(n for a, n in self.answers.items() if a.solution is solution)

    def satisfied(self, satisfaction: Satisfaction) -> int:
        """Valid callbacks with this answer to the third question."""
        return sum(n for a, n in self.answers.items() if a.satisfaction is satisfaction)


def pool(many: Iterable[Counts]) -> Counts:
    """All of them added up."""
    answers: Counter[Answers] = Counter()
    excluded: Counter[SurveyResult] = Counter()
    for one in many:
        answers.update(one.answers)
        excluded.update(one.excluded)
    return Counts(dict(answers), dict(excluded))


Grouped = dict[str, dict[str, Counts]]


def group(cells: Iterable[Cell], by: Dimension, members: Dimension) -> Grouped:
    """Counts by group and, within it, by member; the order of the cells changes nothing."""
    tallies: dict[tuple[str, str], tuple[Counter[Answers], Counter[SurveyResult]]] = {}
    for cell in cells:
        place = cell.key(by), cell.key(members)
        tally = tallies.get(place)
        if tally is None:
            tally = tallies[place] = (Counter(), Counter())
        if cell.answers is not None:
            tally[0][cell.answers] += cell.tickets
        else:
            tally[1][cell.result] += cell.tickets
    grouped: Grouped = {}
    for key, member in sorted(tallies):
        answers, excluded = tallies[key, member]
        grouped.setdefault(key, {})[member] = Counts(dict(answers), dict(excluded))
    return grouped
