"""Attachments over HTTP: sent as a form, listed, and read as a stream."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from pydantic import BaseModel
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from backend.archive import attachments
from backend.archive.attachments import Upload
from backend.archive.content import ALLOWED
from backend.archive.models import SealedFile
from backend.archive.ranges import answer
from backend.archive.scanning import scan
from backend.archive.shelf import shelf_of
from backend.auth import Identity, Right, require
from backend.database import Reading, Writing
from backend.dispatch.act import seen
from backend.dispatch.web import TicketNumber
from backend.errors import Invalid, document
from backend.people.access import desk_of
from backend.tickets.once import Key, once
from backend.units.schemas import Id

router = APIRouter(prefix="/api/tickets/{number}/attachments", tags=["attachments"])
Attacher = Annotated[Identity, Depends(require(Right.ATTACH))]
Reader = Annotated[Identity, Depends(require(Right.SEE_TICKETS))]
FileId = Annotated[Id, Path()]
FORM = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "format": "binary"},
        "event": {"type": "string", "pattern": "^[0-9]{1,9}$"},
    },
}
_BODY = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": FORM}}}}
_SHOWN = {one.media_type for one in ALLOWED if one.shown}
_SEQ = re.compile(r"[0-9]{1,9}")


class FileView(BaseModel):
    """A file of a ticket; `event` is the number of the event it belongs to, as a reply."""

    id: int
    name: str
    media_type: str
    bytes: int
    sha256: str
    event: int | None
    by: str
    at: dt.datetime


class Files(BaseModel):
    """The files of a ticket, oldest first."""

    items: list[FileView]


@router.get("", responses=document(403, 404))
async def files(reader: Reader, session: Reading, number: TicketNumber) -> Files:
    """List the files of a ticket."""
    ticket = await seen(session, reader, number)
    return Files(items=[_view(one) for one in await attachments.of_ticket(session, ticket)])


async def upload_of(request: Request, asker: Attacher) -> tuple[Upload, int | None]:
    """Read the form once it is known who sends it; nothing of it touches a disk unsealed."""
    settings = shelf_of(request).settings
    parser = MultiPartParser(request.headers, request.stream(), max_files=1, max_fields=1)
    parser.spool_max_size = settings.attachment_most_bytes * 2
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, ValueError) as error:
        raise _no_form("the body is no form with one file") from error
    try:
        file, event = form.get("file"), form.get("event")
        if not isinstance(file, UploadFile):
            raise _no_form("file: is missing")
        name, data = file.filename or "", await file.read()
    finally:
        await form.close()
    upload = attachments.check(data, name, settings.attachment_most_bytes)
    await scan(data, settings)
    if event is None or event == "":
        return upload, None
    if not isinstance(event, str) or not _SEQ.fullmatch(event):
        raise Invalid("wrong_event", "event: is no number", field="event", remedy="send digits")
    return upload, int(event)


@router.post("", status_code=201, responses=document(403, 404, 409), openapi_extra=_BODY)
async def attach(
    request: Request,
    response: Response,
    asker: Attacher,
    sent: Annotated[tuple[Upload, int | None], Depends(upload_of)],
    session: Writing,
    number: TicketNumber,
    key: Key = None,
) -> FileView:
    """Attach a file to a ticket, or to one of its events as a reply (Art. 22)."""
    upload, event = sent
    asked = await once(request, session, asker, key, f"{upload.sha256} {event}".encode())
    if known := await asked.known(FileView, response):
        return known
    ticket = await seen(session, asker, number, locked=True)
    now, shelf = desk_of(request).now(), shelf_of(request)
    row = await attachments.attach(
        session, shelf, ticket, upload, event, actor=asker.actor, now=now
    )
    return await asked.keep(_view(row))


@router.get(
    "/{file_id}",
    response_class=Response,
    responses={
        **document(403, 404, 416),
        200: {"content": {one.media_type: {} for one in ALLOWED}},
        206: {"content": {one.media_type: {} for one in ALLOWED}},
    },
)
async def read(
    request: Request,
    reader: Reader,
    session: Writing,
    number: TicketNumber,
    file_id: FileId,
    asked: Annotated[str | None, Header(alias="Range", max_length=100)] = None,
) -> Response:
    """Read a file; the look is recorded."""
    ticket = await seen(session, reader, number)
    now = desk_of(request).now()
    row = await attachments.opened(session, ticket, file_id, actor=reader.actor, now=now)
    source = shelf_of(request).vault.open(row.sha256)
    way = "inline" if row.media_type in _SHOWN else "attachment"
    headers = {
        "Content-Disposition": f"{way}; filename*=UTF-8''{quote(row.name or 'file', safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return answer(source, asked, row.media_type, headers)


def _view(row: SealedFile) -> FileView:
    return FileView(
        id=row.id,
        name=row.name or "",
        media_type=row.media_type,
        bytes=row.bytes,
        sha256=row.sha256,
        event=row.event_seq,
        by=row.sealed_by,
        at=row.sealed_at,
    )


def _no_form(what: str) -> Invalid:
    return Invalid(
        "no_file", what, field="file", remedy="send multipart/form-data with one part named file"
    )
