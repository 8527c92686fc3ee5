"""Other systems' tokens and the audit record over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel
from sqlalchemy import select

from backend.database import Reading, Writing
from backend.errors import document
from backend.people import audit, tokens
from backend.people.access import desk_of, require
from backend.people.audit import Act, AuditEntry
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.people.schemas import NewToken, TokenIn, TokenView, token_view
from backend.tickets.once import Key, once
from backend.units import cursors
from backend.units.cursors import CursorText, Limit
from backend.units.schemas import Id

router = APIRouter(prefix="/api")
Keeper = Annotated[Identity, Depends(require(Right.KEEP_TOKENS))]
Auditor = Annotated[Identity, Depends(require(Right.READ_AUDIT))]
Name = Annotated[str | None, Query(max_length=100, pattern=r"^[a-z]+(:[0-9A-Za-z-]+)?$")]


class EntryView(BaseModel):
    """One act of the record: who, what, to whom, why, when."""

    seq: int
    at: dt.datetime
    act: Act
    actor: str
    subject: str
    reason: str | None
    data: dict[str, Any]
    hash: str


class EntryPage(BaseModel):
    """Some acts, newest first; `next_cursor` asks for the ones before them."""

    items: list[EntryView]
    next_cursor: str | None


class Wholeness(BaseModel):
    """Whether the record is whole; if not, `fault` says where it was changed, cut or reordered."""

    whole: bool
    fault: str | None


@router.get("/tokens", tags=["systems"], responses=document(403))
async def all_tokens(keeper: Keeper, session: Reading) -> list[TokenView]:
    """List the tokens of other systems, newest first, ended ones too."""
    return [token_view(token) for token in await tokens.all_of_them(session)]


@router.post("/tokens", tags=["systems"], status_code=201, responses=document(403, 404))
async def make_token(
    request: Request,
    response: Response,
    keeper: Keeper,
    session: Writing,
    sent: TokenIn,
    key: Key = None,
) -> NewToken:
    """Make a token for another system; its text is shown this once."""
    asked = await once(request, session, keeper, key, sent.model_dump_json().encode())
    if known := await asked.known(NewToken, response):
        return known
    now = desk_of(request).now()
    text, token = await tokens.make(session, sent, actor=keeper.actor, now=now)
    return await asked.keep(NewToken(token=text, about=token_view(token)))


@router.delete(
    "/tokens/{token_id}", tags=["systems"], status_code=204, responses=document(403, 404, 409)
)
async def revoke_token(
    request: Request, keeper: Keeper, session: Writing, token_id: Annotated[Id, Path()]
) -> None:
    """End a token at once."""
    await tokens.revoke(session, token_id, actor=keeper.actor, now=desk_of(request).now())


@router.get("/audit-entries", tags=["audit"], responses=document(403))
async def entries(
    auditor: Auditor,
    session: Reading,
    subject: Name = None,
    actor: Name = None,
    act: Act | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 50,
) -> EntryPage:
    """List recorded acts, newest first."""
    query = select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(limit + 1)
    wanted = {"subject": subject, "actor": actor, "act": act.value if act else None}
    query = query.filter_by(**{name: value for name, value in wanted.items() if value})
    before = cursors.unwrap_id("e", cursor)
    if before is not None:
        query = query.where(AuditEntry.seq < before)
    found = list(await session.scalars(query))
    names = EntryView.model_fields.keys()
    shown = [
        EntryView.model_validate({name: getattr(row, name) for name in names})
        for row in found[:limit]
    ]
    more = cursors.wrap("e", str(found[limit - 1].seq)) if len(found) > limit else None
    return EntryPage(items=shown, next_cursor=more)


@router.get("/audit-entries/check", tags=["audit"], responses=document(403))
async def check(auditor: Auditor, session: Reading) -> Wholeness:
    """Say whether the record is whole."""
    fault = await audit.fault(session)
    return Wholeness(whole=fault is None, fault=fault)
