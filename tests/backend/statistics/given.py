"""Tickets as the tests make them, and the cells a database would count them into."""

from collections import Counter
from datetime import datetime

from hypothesis import settings
from hypothesis import strategies as st

from backend.deadlines import SHANGHAI
from backend.statistics import Cell, Counts, Month
from backend.surveys.answers import Answers, Contact, Satisfaction, Solution
from backend.surveys.codes import EXCLUSIONS, SurveyResult
from tests.backend.statistics.oracle import GOOD, Ticket

NOV = Month(2026, 11)
COUNTED_AT = datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)
FEW = settings(max_examples=60, derandomize=True, database=None, deadline=None)
MANY = settings(max_examples=400, derandomize=True, database=None, deadline=None)

UNITS = ("城管局", "供热公司", "水务局", "裕华街道")
DISTRICTS = ("莲池区", "竞秀区", "易县")


def cells(tickets: list[Ticket]) -> list[Cell]:
    """The rows a GROUP BY over these tickets gives."""
    return [
        Cell(
            month=Month.parse(one.month),
            unit=one.unit,
            level="市级",
            district=one.district,
            category="供热",
            result=SurveyResult(one.ending),
            answers=_answers(one),
            tickets=many,
        )
        for one, many in Counter(tickets).items()
    ]


def counts(
    satisfied: int = 0, basically: int = 0, dissatisfied: int = 0, **excluded: int
) -> Counts:
    """Valid callbacks, all contacted and solved, by satisfaction; and excluded ones by reason."""
    by_answer = {
        Answers(Contact.CONTACTED, Solution.SOLVED, satisfaction): many
        for satisfaction, many in zip(
            Satisfaction, (satisfied, basically, dissatisfied), strict=True
        )
        if many
    }
    return Counts(by_answer, {SurveyResult(code): many for code, many in excluded.items()})


def cell(unit: str, tickets: int, month: Month = NOV, *, happy: bool = True) -> Cell:
    """So many valid callbacks of a unit, all good or all bad."""
    good = Answers(Contact.CONTACTED, Solution.SOLVED, Satisfaction.SATISFIED)
    bad = Answers(Contact.NOT_CONTACTED, Solution.NOT_SOLVED, Satisfaction.NOT_SATISFIED)
    answers = good if happy else bad
    return Cell(month, unit, "市级", "莲池区", "供热", SurveyResult.VALID, answers, tickets)


def _answers(one: Ticket) -> Answers | None:
    if one.contact is None or one.solution is None or one.satisfaction is None:
        return None
    return Answers(Contact(one.contact), Solution(one.solution), Satisfaction(one.satisfaction))


_PLACE = {"unit": st.sampled_from(UNITS), "district": st.sampled_from(DISTRICTS)}
_MONTH = st.just("2026-11")
answered = st.builds(
    Ticket,
    **_PLACE,
    month=_MONTH,
    ending=st.just(GOOD),
    contact=st.sampled_from(["contacted", "not_contacted"]),
    solution=st.sampled_from(["solved", "partly", "not_solved"]),
    satisfaction=st.sampled_from(["satisfied", "basically", "not_satisfied"]),
)
unanswered = st.builds(
    Ticket, **_PLACE, month=_MONTH, ending=st.sampled_from([one.value for one in EXCLUSIONS])
)
tickets = st.lists(st.one_of(answered, answered, answered, unanswered), max_size=120)
