"""第三十六条 Assessment: graded and by kind, by month and year, on 响应率, 解决率 and 满意率.

本市建立健全接诉即办工作分级分类考核评价制度。……以响应率、解决率、满意率为核心内容，采取月度与年度考核评价相
结合、指标与评议考核评价相结合、工作数量与工作质量考核评价相结合的方式。
"""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

from backend.deadlines import SHANGHAI
from backend.statistics import (
    DEFAULT,
    Cell,
    Dimension,
    Month,
    Rated,
    Year,
    freeze,
    make_report,
    prove,
)
from backend.surveys.answers import Answers, Contact, Satisfaction, Solution
from backend.surveys.codes import SurveyResult
from tests.backend.reports import fixtures
from tests.backend.reports.city import BAD, GOOD, City

city = fixtures.city

COUNTED_AT = datetime(2026, 12, 20, 9, tzinfo=SHANGHAI)
NOVEMBER = Month(2026, 11)
YES, NO = Contact
FIFTEEN = (
    Cell(
        NOVEMBER,
        "供热公司",
        "市级",
        "莲池区",
        "供热",
        SurveyResult.VALID,
        Answers(YES, Solution.SOLVED, Satisfaction.SATISFIED),
        10,
    ),
    Cell(
        NOVEMBER,
        "供热公司",
        "市级",
        "莲池区",
        "供热",
        SurveyResult.VALID,
        Answers(YES, Solution.SOLVED, Satisfaction.BASICALLY),
        2,
    ),
    Cell(
        NOVEMBER,
        "东关街道",
        "乡级",
        "莲池区",
        "环境卫生",
        SurveyResult.VALID,
        Answers(NO, Solution.NOT_SOLVED, Satisfaction.NOT_SATISFIED),
        3,
    ),
)


def test_the_core_is_response_solution_and_satisfaction() -> None:
    figures = make_report(FIFTEEN, NOVEMBER, DEFAULT, Dimension.UNIT, COUNTED_AT).figures

    assert isinstance(figures, Rated)
    assert figures.contact.value == Fraction(12, 15)
    assert figures.solution.value == Fraction(12, 15)
    assert figures.satisfaction.value == Fraction(118, 150)
    assert figures.score == Fraction(8 + 40, 100) + Fraction(4, 10) * Fraction(118, 150)
    assert figures.band == "合格"


def test_assessment_is_graded_by_level_and_divided_by_kind() -> None:
    by_level = make_report(FIFTEEN, NOVEMBER, DEFAULT, Dimension.LEVEL, COUNTED_AT)
    by_kind = make_report(FIFTEEN, NOVEMBER, DEFAULT, Dimension.CATEGORY, COUNTED_AT)

    assert {row.key for row in by_level.rows} == {"市级", "乡级"}
    assert {row.key for row in by_kind.rows} == {"供热", "环境卫生"}


def test_month_and_year_are_assessed_from_the_same_tickets() -> None:
    december = [replace(cell, month=Month(2026, 12)) for cell in FIFTEEN]

    month = make_report(FIFTEEN, NOVEMBER, DEFAULT, Dimension.UNIT, COUNTED_AT)
    year = make_report([*FIFTEEN, *december], Year(2026), DEFAULT, Dimension.UNIT, COUNTED_AT)

    assert (month.counts.closed, year.counts.closed) == (15, 30)
    assert isinstance(month.figures, Rated)
    assert isinstance(year.figures, Rated)
    assert month.figures.score == year.figures.score


def test_quantity_stands_beside_quality() -> None:
    pending = replace(FIFTEEN[0], result=SurveyResult.PENDING, answers=None, tickets=85)

    report = make_report([*FIFTEEN, pending], NOVEMBER, DEFAULT, Dimension.UNIT, COUNTED_AT)

    assert (report.counts.closed, report.counts.valid) == (100, 15)
    assert report.counts.excluded == {SurveyResult.PENDING: 85}


def test_it_is_objective_because_anyone_can_compute_a_kept_report_again() -> None:
    kept = freeze(make_report(FIFTEEN, NOVEMBER, DEFAULT, Dimension.UNIT, COUNTED_AT))

    assert freeze(prove(kept)) == kept
    assert json.loads(kept)["settings"]["version"] == "2022-11"


def test_units_are_put_in_bands_and_into_no_order() -> None:
    report = make_report(FIFTEEN, NOVEMBER, DEFAULT, Dimension.UNIT, COUNTED_AT)
    record = json.loads(freeze(report))

    assert [row.key for row in report.rows] == sorted(row.key for row in report.rows)
    assert not {"rank", "place", "position"} & set(record["rows"][0])


async def test_it_is_fair_because_a_rating_is_taken_out_only_when_both_sides_were_heard(
    city: City,
) -> None:
    at = city.office.now - timedelta(days=3)
    await city.closed(GOOD, many=10, at=at)
    (number,) = await city.closed(BAD, at=at)
    unit, agent, supervisor = (city.browsers[who] for who in ("heat-lead", "agent", "supervisor"))

    grounds = {"grounds": "评价的是另一件事"}
    raised = (await unit.post(f"/api/tickets/{number}/rating-dispute", json=grounds)).json()
    path = f"/api/rating-disputes/{raised['id']}"
    verdict = {"decision": "void", "reason": "评价对象有误，双方说法一致"}
    early = await supervisor.post(f"{path}/decision", json=verdict)
    await agent.post(f"{path}/citizen", json={"words": "是我弄错了"})
    decided = (await supervisor.post(f"{path}/decision", json=verdict)).json()

    assert early.status_code == 409
    assert (decided["before"]["valid"], decided["after"]["valid"]) == (11, 10)
    assert decided["before"]["closed"] == decided["after"]["closed"] == 11
