"""Reports over HTTP (Art. 29, 30, 36): live, kept, proved, and the rules they are made by."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from sqlalchemy import select

from backend.database import Reading, Writing
from backend.errors import Forbidden, document
from backend.people.access import desk_of, require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.reports import schemas
from backend.reports.as_html import POLICY
from backend.reports.making import OWN_UNITS, WHOLE_CITY, Format, make
from backend.statistics import asking, rules
from backend.statistics.counts import Dimension
from backend.statistics.frozen import digest
from backend.statistics.models import KeptReport
from backend.statistics.months import Month
from backend.statistics.periods import month_of

router = APIRouter(prefix="/api", tags=["reports"])
Reader = Annotated[Identity, Depends(require(Right.SEE_STATISTICS))]
Keeper = Annotated[Identity, Depends(require(Right.KEEP_RATES))]
SpanPath = Annotated[str, Path(max_length=7, description="A month, 2026-11, or a year, 2026")]
Digest = Annotated[str, Path(alias="digest", pattern=r"^[0-9a-f]{64}$")]
Answers = dict[int | str, dict[str, Any]]
Months = Annotated[int, Query(ge=1, le=36)]
TEXT: Answers = {200: {"content": {"application/json": {}}}}
FILES: Answers = {200: {"content": {one.media_type.split(";")[0]: {} for one in Format}}}


@router.get("/reports/kept", responses=document(403))
async def kept(
    reader: Reader, session: Reading, span: schemas.Span | None = None
) -> schemas.KeptList:
    """List kept reports, the newest first."""
    _refuse_units(reader)
    query = select(KeptReport).order_by(KeptReport.id.desc()).limit(200)
    if span is not None:
        query = query.where(KeptReport.span == str(asking.span_of(span)))
    rows = (await session.scalars(query)).all()
    names = schemas.KeptView.model_fields
    shown = [schemas.KeptView(**{name: getattr(row, name) for name in names}) for row in rows]
    return schemas.KeptList(reports=shown)


@router.get("/reports/kept/{digest}", responses={**document(403, 404), **TEXT})
async def kept_text(reader: Reader, session: Reading, of: Digest) -> Response:
    """Return a kept report byte for byte."""
    _refuse_units(reader)
    found = await asking.kept_of(session, of)
    return Response(found.text, media_type=Format.JSON.media_type)


@router.get("/reports/kept/{digest}/proof", responses=document(403, 404))
async def proof(reader: Reader, session: Reading, of: Digest) -> schemas.ProofView:
    """Compute a kept report again, from its own text and from what the database holds."""
    _refuse_units(reader)
    found = await asking.kept_of(session, of)
    again = await asking.count_again(session, found)
    return schemas.ProofView(
        digest=found.digest,
        from_its_text=digest(found.text) == found.digest,
        from_the_database=again == found.text,
        digest_counted_again=digest(again),
    )


@router.post("/reports", responses=document(403))
async def keep(
    request: Request, keeper: Keeper, session: Writing, sent: schemas.KeepIn
) -> schemas.KeptView:
    """Keep the report of a month or year as it is now, for the notice to the units (Art. 30)."""
    now = desk_of(request).now()
    made = await asking.keep(session, asking.span_of(sent.span), sent.by, keeper, now)
    names = schemas.KeptView.model_fields
    return schemas.KeptView(**{name: getattr(made, name) for name in names})


@router.get("/reports/{span}", responses={**document(403), **FILES})
async def report(
    request: Request,
    reader: Reader,
    session: Writing,
    span: SpanPath,
    by: Dimension = Dimension.UNIT,
    format: Format = Format.JSON,
) -> Response:
    """Count a month or year as it is known now; a unit sees its own branch only."""
    when, now = asking.span_of(span), desk_of(request).now()
    made = await asking.live(session, when, by, now, reader.sight)
    trends = []
    if format is Format.HTML and isinstance(when, Month):
        counted = await asking.trend(session, when, 12, made.counted_at, reader.sight)
        trends = [(month, figures) for month, _, figures in counted]
    scope = WHOLE_CITY if reader.sight.everything else OWN_UNITS
    file = make(made, format, scope, trends)
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    if format is Format.HTML:
        headers["Content-Security-Policy"] = POLICY
    elif format is not Format.JSON:
        headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return Response(file.content, media_type=format.media_type, headers=headers)


@router.get("/rates/trend", responses=document(403))
async def trend(
    request: Request, reader: Reader, session: Writing, months: Months = 12
) -> schemas.TrendView:
    """Return the totals of the last months with this one, the oldest first."""
    now = desk_of(request).now()
    counted_at = await asking.bring_up_to_date(session, now)
    last = month_of(now, await rules.history_of(session))
    counted = await asking.trend(session, last, months, counted_at, reader.sight)
    points = [schemas.point_of(*one) for one in counted]
    return schemas.TrendView(counted_at=counted_at, months=points)


@router.get("/rates/settings", responses=document(403))
async def settings(reader: Reader, session: Reading) -> schemas.SettingsView:
    """List the versions of weights, month, bands and smallest V."""
    history = await rules.history_of(session)
    return schemas.SettingsView(versions=[one.canonical() for one in history.versions])


@router.post("/rates/settings", responses=document(403, 409))
async def add_settings(
    request: Request, keeper: Keeper, session: Writing, sent: rules.VersionIn
) -> schemas.SettingsView:
    """Add a version for months that have not begun; the past stays as it was."""
    history = await rules.add_version(session, sent, keeper, desk_of(request).now())
    return schemas.SettingsView(versions=[one.canonical() for one in history.versions])


def _refuse_units(reader: Identity) -> None:
    """A kept report shows all units, so only those pass who see all."""
    if not reader.sight.everything:
        raise Forbidden(
            "not_yours",
            f"{reader.actor} sees the figures of its own units only",
            remedy="GET /api/reports/{span} counts those",
        )
