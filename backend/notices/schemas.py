"""What is sent and shown of notices and webhooks."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field

from backend.units.schemas import Id, Plain


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
        fits = fits and url.isascii() and url.isprintable() and " " not in url and parts.port != 0
    except ValueError:
        fits = False
    if not fits:
        raise ValueError("must be an address like https://host/path, without a name or password")
    return url


class WebhookIn(BaseModel):
    """Another system that is to be told; with a unit, of that unit's tickets only."""

    name: Plain
    url: Annotated[str, Field(max_length=500), AfterValidator(_address)]
    unit_id: Id | None = None


class WebhookView(BaseModel):
    """A webhook; its secret was shown once, when it was made."""

    id: int
    name: str
    url: str
    unit_id: int | None
    active: bool
    made_at: dt.datetime


class WebhookMade(WebhookView):
    """A new webhook with the secret that signs what it is sent."""

    secret: str


class NoticeView(BaseModel):
    """One notice and how it went; the number it goes to is not shown."""

    id: int
    channel: str
    occasion: str
    text: str
    state: str
    made_at: dt.datetime
    tries: int
    sent_at: dt.datetime | None
    fault: str | None
