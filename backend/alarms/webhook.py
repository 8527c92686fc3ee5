"""Tells one address of an alarm: signed JSON over HTTP, with an id that stays the same."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json

import httpx

from backend.alarms.models import Alarm
from backend.alarms.settings import OnDuty

SIGNATURE, MOMENT, DELIVERY = (
    "X-Hotline-Signature",
    "X-Hotline-Timestamp",
    "X-Hotline-Delivery",
)


class NotTaken(Exception):
    """The address did not answer with 2xx; the text says what it did instead."""


def signature(secret: str, moment: str, body: bytes) -> str:
    """Return `sha256=…`: HMAC-SHA256 in hex over the timestamp, a dot, and the body as sent."""
    mac = hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256)
    return f"sha256={mac.hexdigest()}"


def body_of(alarm: Alarm, ticket: str | None, turn: int, duty: str) -> bytes:
    """Write what an address is told; the same alarm at the same turn is the same bytes."""
    told = {
        "id": str(alarm.id),
        "delivery": f"{alarm.id}:{turn}",
        "duty": duty,
        "kind": alarm.kind,
        "level": alarm.level,
        "text": alarm.text,
        "raised_at": alarm.raised_at.isoformat(),
        "call_id": str(alarm.call_id) if alarm.call_id else None,
        "ticket": ticket,
        "acknowledge": f"/api/alarms/{alarm.id}/acknowledge",
    }
    return json.dumps(told, ensure_ascii=False).encode()


async def send(
    http: httpx.AsyncClient, to: OnDuty, body: bytes, delivery: str, secret: str
) -> None:
    """Post once; raises NotTaken for anything but 2xx, redirects included."""
    moment = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        DELIVERY: delivery,
        MOMENT: moment,
        SIGNATURE: signature(secret, moment, body),
    }
    try:
        reply = await http.post(to.url, content=body, headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NotTaken(type(error).__name__) from error
    if not reply.is_success:
        raise NotTaken(f"HTTP {reply.status_code}")
