"""Open data (Art. 37): the published figures for everybody, as JSON and CSV."""

from __future__ import annotations

import csv
import io
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel

from backend.database import Reading, Writing
from backend.errors import document
from backend.people.access import desk_of, open_to_all, require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.reports.as_csv import MARK, harmless
from backend.reports.schemas import Span
from backend.reports.sheet import KEYS, TOTAL
from backend.statistics import publishing
from backend.statistics.counts import Dimension
from backend.statistics.public import HIDDEN
from backend.surveys.codes import SurveyResult

WHY = "figures for the public hold nothing personal and no small count"
router = APIRouter(prefix="/api", tags=["open data"])
public = APIRouter(prefix="/api/open", tags=["open data"], dependencies=[Depends(open_to_all(WHY))])
Publisher = Annotated[Identity, Depends(require(Right.PUBLISH))]
MonthPath = Annotated[str, Path(pattern=r"^[12]\d{3}(-(0[1-9]|1[0-2]))?$")]
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {}, "text/csv": {}}}}
RATES = ("响应率", "解决率", "满意率", "综合得分", "等次")
ANYBODY = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=3600"}


class OpenFormat(StrEnum):
    """What open data can be had as."""

    JSON = "json"
    CSV = "csv"


class PublishIn(BaseModel):
    """Which month or year is to be made public, for good."""

    month: Span


class Months(BaseModel):
    """Months and years whose figures are public, the newest first, and how each is divided."""

    months: list[str]
    years: list[str]
    by: list[str]


class FiguresView(BaseModel):
    """Figures as they were made public; null is hidden, not nothing."""

    month: str
    """2026-11, or 2026 for a year: its public months added up."""
    by: str
    figures: dict[str, Any]


@router.post("/figures", responses=document(403, 409))
async def publish(
    request: Request, publisher: Publisher, session: Writing, sent: PublishIn
) -> Months:
    """Make the figures of a month, or of a year's public months, public, once and for good."""
    await publishing.publish(session, sent.month, publisher, desk_of(request).now())
    return await _months(session)


@public.get("/figures", responses=document())
async def listed(response: Response, session: Reading) -> Months:
    """List the months and years whose figures are public."""
    response.headers.update(ANYBODY)
    return await _months(session)


@public.get("/figures/{month}", response_model=FiguresView, responses={**document(404), **FILE})
async def figures(
    session: Reading,
    month: MonthPath,
    by: Dimension = Dimension.DISTRICT,
    format: OpenFormat = OpenFormat.JSON,
) -> Response:
    """Return the public figures of a month or year."""
    found = await publishing.figures(session, month, by)
    if format is OpenFormat.CSV:
        name = f'attachment; filename="figures-{month}-{by}.csv"'
        headers = {**ANYBODY, "Content-Disposition": name}
        return Response(table(found.figures), media_type="text/csv; charset=utf-8", headers=headers)
    shown = FiguresView(month=month, by=by.value, figures=found.figures)
    return Response(shown.model_dump_json(), media_type="application/json", headers=ANYBODY)


def table(figures: dict[str, Any]) -> bytes:
    """Write published figures as CSV; what is hidden says so."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow((KEYS[Dimension(figures["by"])], "有效回访数V", *RATES))
    for row in (*figures["rows"], {**figures["total"], "key": TOTAL}):
        writer.writerow(line(row))
    writer.writerow(())
    writer.writerow(("办结件数", counted(figures["closed"])))
    for name, count in figures["endings"].items():
        writer.writerow((SurveyResult(name).chinese, counted(count)))
    return (MARK + out.getvalue()).encode()


def counted(count: int | None) -> str:
    """Write a count, or that it is hidden."""
    return HIDDEN if count is None else str(count)


def line(row: dict[str, Any]) -> list[str]:
    """Return a row's name, V and rates in words."""
    if row["figures"] is None:
        return [harmless(row["key"]), *[HIDDEN] * (len(RATES) + 1)]
    return [harmless(row["key"]), str(row["valid"]), *(row["figures"][one] for one in RATES)]


async def _months(session: Reading) -> Months:
    by = [one.value for one in publishing.PUBLISHED]
    spans = await publishing.spans(session)
    return Months(
        months=[one for one in spans if len(one) > len("2026")],
        years=[one for one in spans if len(one) == len("2026")],
        by=by,
    )
