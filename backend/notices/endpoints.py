"""Notices over HTTP: what a ticket's callers were told, and the webhooks of other systems."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from sqlalchemy import select

from backend.database import Reading, Writing
from backend.dispatch.act import seen
from backend.dispatch.web import TicketNumber
from backend.errors import NotFound, document
from backend.notices import contacts
from backend.notices.models import Notice, Webhook
from backend.notices.schemas import (
    ContactIn,
    ContactView,
    NoticeView,
    WebhookIn,
    WebhookMade,
    WebhookView,
    contact_view,
)
from backend.people import audit
from backend.people.access import desk_of, require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.privacy import Seal
from backend.tickets.once import Key, once
from backend.units import service as units
from backend.units.schemas import Id

router = APIRouter(prefix="/api", tags=["notices"])
Reader = Annotated[Identity, Depends(require(Right.SEE_TICKETS))]
Keeper = Annotated[Identity, Depends(require(Right.KEEP_TOKENS))]
UnitKeeper = Annotated[Identity, Depends(require(Right.KEEP_UNITS))]


@router.get("/tickets/{number}/notices", responses=document(403, 404))
async def notices(asker: Reader, session: Reading, number: TicketNumber) -> list[NoticeView]:
    """List what the caller of a ticket was told, and whether it arrived."""
    ticket = await seen(session, asker, number)
    query = select(Notice).where(Notice.ticket_id == ticket.id).order_by(Notice.id).limit(200)
    names = NoticeView.model_fields.keys()
    return [
        NoticeView(**{name: getattr(one, name) for name in names})
        for one in await session.scalars(query)
    ]


@router.get("/units/{unit_id}/contact", responses=document(403, 404))
async def contact(
    request: Request, seer: UnitKeeper, session: Reading, unit_id: Annotated[Id, Path()]
) -> ContactView:
    """Return where a unit on duty is told of what cannot wait; the number is masked."""
    found = await contacts.of_unit(session, unit_id)
    return contact_view(unit_id, found, request.app.state.seal)


@router.put("/units/{unit_id}/contact", responses=document(403, 404, 409))
async def change_contact(
    request: Request,
    keeper: UnitKeeper,
    session: Writing,
    unit_id: Annotated[Id, Path()],
    sent: ContactIn,
) -> ContactView:
    """Say where a unit on duty is told by SMS of urgent tickets, deadlines and supervision."""
    seal: Seal = request.app.state.seal
    now, actor = desk_of(request).now(), keeper.actor
    parts = (session, unit_id, sent.number, sent.version)
    changed = await contacts.change(*parts, seal=seal, actor=actor, at=now)
    return contact_view(unit_id, changed, seal)


@router.get("/webhooks", responses=document(403))
async def webhooks(keeper: Keeper, session: Reading) -> list[WebhookView]:
    """List the systems that are told by webhook."""
    found = await session.scalars(select(Webhook).order_by(Webhook.id))
    return [_view(one) for one in found]


@router.post("/webhooks", status_code=201, responses=document(403, 404))
async def add(
    request: Request,
    response: Response,
    keeper: Keeper,
    session: Writing,
    sent: WebhookIn,
    key: Key = None,
) -> WebhookMade:
    """Have another system told of every event; the secret is shown this once (Art. 32)."""
    asked = await once(request, session, keeper, key, sent.model_dump_json().encode())
    if known := await asked.known(WebhookMade, response):
        return known
    if sent.unit_id is not None:
        await units.find(session, sent.unit_id)
    seal: Seal = request.app.state.seal
    secret, now = secrets.token_urlsafe(32), desk_of(request).now()
    made = Webhook(name=sent.name, url=sent.url, unit_id=sent.unit_id, active=True, made_at=now)
    made.secret_sealed, made.made_by = seal.close(secret), keeper.actor
    session.add(made)
    await session.flush()
    await _record(session, audit.Act.TOKEN_MADE, keeper, made, request)
    return await asked.keep(WebhookMade(**_view(made).model_dump(), secret=secret))


@router.delete("/webhooks/{webhook_id}", responses=document(403, 404))
async def switch_off(
    request: Request, keeper: Keeper, session: Writing, webhook_id: Annotated[Id, Path()]
) -> WebhookView:
    """Tell this system no more; what waits for it is given up."""
    found = await session.get(Webhook, webhook_id)
    if found is None:
        raise NotFound(
            "no_such_webhook",
            f"there is no webhook {webhook_id}",
            field="webhook_id",
            remedy="GET /api/webhooks lists them",
        )
    if found.active:
        found.active = False
        await _record(session, audit.Act.TOKEN_REVOKED, keeper, found, request)
    return _view(found)


async def _record(
    session: Writing, act: audit.Act, keeper: Identity, hook: Webhook, request: Request
) -> None:
    now, subject = desk_of(request).now(), f"webhook:{hook.id}"
    await audit.record(session, act, actor=keeper.actor, subject=subject, at=now)


def _view(one: Webhook) -> WebhookView:
    return WebhookView(**{name: getattr(one, name) for name in WebhookView.model_fields})
