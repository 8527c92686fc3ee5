"""The duty catalogue over HTTP: read, import, export, propose; and disputed matters (Art. 17)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Path, Query, Request, Response, UploadFile

from backend.database import Reading, Writing
from backend.dispatch.act import seen
from backend.dispatch.views import HandlingView
from backend.dispatch.web import TicketNumber, calendar_of, done
from backend.duties import catalogue, disputes, importing, overrules, sheets, starting
from backend.duties.schemas import (
    Decided,
    Disputed,
    DisputePage,
    DisputeView,
    Dropped,
    DutyPage,
    Opined,
    ProposalView,
    VersionView,
    duty_view,
)
from backend.duties.sheets import Format
from backend.duties.views import dispute_views
from backend.errors import document
from backend.people.access import desk_of, require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.units import cursors
from backend.units.cursors import CursorText, Limit
from backend.units.schemas import Id, Plain

router = APIRouter(prefix="/api", tags=["duties"])
Seer = Annotated[Identity, Depends(require(Right.SEE_UNITS))]
Keeper = Annotated[Identity, Depends(require(Right.KEEP_DUTIES))]
Dispatcher = Annotated[Identity, Depends(require(Right.DISPATCH))]
Settler = Annotated[Identity, Depends(require(Right.SETTLE_DISPUTES))]
Opiner = Annotated[Identity, Depends(require(Right.HANDLE))]
Reader = Annotated[Identity, Depends(require(Right.SEE_TICKETS))]
DisputeId = Annotated[Id, Path()]
Version = Annotated[str, Query(max_length=40, description="a version; the one in force if none")]
FILES: dict[str, dict[str, str]] = {form.media_type.split(";")[0]: {} for form in Format}


@router.get("/duties", responses=document(403, 404))
async def duties(
    seer: Seer,
    session: Reading,
    category: Annotated[str, Query(max_length=40)] | None = None,
    version: Version | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 50,
) -> DutyPage:
    """List the entries of the catalogue 派单目录."""
    kept = await catalogue.in_force(session, _clean(version))
    found = await catalogue.duties_of(session, kept, _clean(category))
    start = cursors.unwrap_id("y", cursor) or 0
    shown = [duty_view(one) for one in found[start : start + limit]]
    after = start + len(shown)
    more = cursors.wrap("y", str(after)) if shown and after < len(found) else None
    name = kept.version if kept else starting.version()
    return DutyPage(version=name, items=shown, next_cursor=more)


@router.get("/duties/versions", responses=document(403))
async def versions(seer: Seer, session: Reading) -> list[VersionView]:
    """List the versions of the catalogue, the one in force first."""
    names = VersionView.model_fields.keys()
    found = [
        VersionView(**{name: getattr(one, name) for name in names})
        for one in await catalogue.versions(session)
    ]
    first = VersionView(
        version=starting.version(),
        note=starting.NOTE,
        entries=len(starting.entries()),
        made_at=None,
        actor=catalogue.MACHINE,
    )
    return found or [first]


@router.get(
    "/duties/export",
    response_class=Response,
    responses={**document(403, 404), 200: {"content": FILES, "description": "The table"}},
)
async def export(
    seer: Seer, session: Reading, form: Format = Format.XLSX, version: Version | None = None
) -> Response:
    """Export a version as CSV or Excel, in the shape that can be imported."""
    kept = await catalogue.in_force(session, _clean(version))
    rows = importing.table(await catalogue.duties_of(session, kept))
    return _file(form, "duties", sheets.write(form, importing.HEADINGS, rows))


@router.post("/duties/import", status_code=201, responses=document(403, 409))
async def take_in(
    request: Request,
    keeper: Keeper,
    session: Writing,
    file: Annotated[UploadFile, File(description="CSV (UTF-8 or GB 18030) or Excel")],
    version: Annotated[Plain, Form(min_length=1, max_length=40)],
    note: Annotated[Plain, Form(min_length=1, max_length=100)],
    unknown_units: Annotated[bool, Form()] = False,
) -> VersionView:
    """Import a new version as a whole; with one wrong row nothing is imported."""
    names = await importing.known(session)
    found = importing.read(await file.read(), names, unknown_units=unknown_units)
    now = desk_of(request).now()
    made = await catalogue.add_version(session, version, note, found, actor=keeper.actor, now=now)
    return VersionView(**{name: getattr(made, name) for name in VersionView.model_fields})


@router.get("/tickets/{number}/proposal", responses=document(403, 404))
async def proposal(asker: Dispatcher, session: Reading, number: TicketNumber) -> ProposalView:
    """Propose a unit for a ticket by the catalogue in force, with the runner-up and why."""
    ticket = await seen(session, asker, number)
    version, found = await catalogue.proposal_for(session, overrules.matter_of(ticket))
    return ProposalView(
        catalogue=version,
        entry=duty_view(found.entry) if found.entry else None,
        runner_up=duty_view(found.runner_up) if found.runner_up else None,
        clear=found.clear,
        why=found.why,
    )


@router.get(
    "/overrules/export",
    response_class=Response,
    responses={**document(403), 200: {"content": FILES, "description": "The rows"}},
)
async def training(keeper: Keeper, session: Reading, form: Format = Format.CSV) -> Response:
    """Export every overruled proposal as a row to learn from; numbers are hidden."""
    rows = [row async for row in overrules.training_rows(session)]
    return _file(form, "overrules", sheets.write(form, overrules.HEADINGS, rows))


@router.post("/tickets/{number}/dispute", status_code=201, responses=document(403, 404, 409))
async def dispute(
    request: Request, asker: Dispatcher, session: Writing, number: TicketNumber, sent: Disputed
) -> DisputeView:
    """Put a ticket of which it is unclear whose it is to the units (Art. 17)."""
    now, calendar = desk_of(request).now(), calendar_of(request)
    made = await disputes.put(session, asker, number, sent, at=now, calendar=calendar)
    return (await dispute_views(session, [made]))[0]


@router.get("/disputes", responses=document(403))
async def disputed(
    asker: Reader,
    session: Reading,
    state: Annotated[str, Query(pattern="^(open|decided|dropped)$")] | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 50,
) -> DisputePage:
    """List disputed matters: the hotline sees all, a unit those it was asked about."""
    before = cursors.unwrap_id("s", cursor)
    found = await disputes.page(session, asker, state, before, limit + 1)
    more = cursors.wrap("s", str(found[limit - 1].id)) if len(found) > limit else None
    shown = await dispute_views(session, found[:limit])
    return DisputePage(items=shown, next_cursor=more)


@router.post("/disputes/{dispute_id}/opinion", responses=document(403, 404, 409))
async def opine(
    request: Request, asker: Opiner, session: Writing, dispute_id: DisputeId, sent: Opined
) -> DisputeView:
    """Give the opinion of a unit that was asked."""
    kept = await disputes.opine(session, asker, dispute_id, sent, at=desk_of(request).now())
    return (await dispute_views(session, [kept]))[0]


@router.post("/disputes/{dispute_id}/decide", responses=document(403, 404, 409))
async def decide(
    request: Request, asker: Settler, session: Writing, dispute_id: DisputeId, sent: Decided
) -> HandlingView:
    """Decide which unit leads, with the reason: the ticket is dispatched (Art. 17)."""
    now, calendar = desk_of(request).now(), calendar_of(request)
    return await done(
        await disputes.decide(session, asker, dispute_id, sent, at=now, calendar=calendar)
    )


@router.post("/disputes/{dispute_id}/drop", responses=document(403, 404, 409))
async def drop(
    request: Request, asker: Settler, session: Writing, dispute_id: DisputeId, sent: Dropped
) -> DisputeView:
    """End a dispute that needs no decision any more."""
    kept = await disputes.drop(session, asker, dispute_id, sent, at=desk_of(request).now())
    return (await dispute_views(session, [kept]))[0]


def _file(form: Format, name: str, content: bytes) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form.value}"'}
    return Response(content, media_type=form.media_type, headers=headers)


def _clean(text: str | None) -> str | None:
    return text.replace("\x00", "") if text else None
