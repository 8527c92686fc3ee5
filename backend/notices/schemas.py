"""What is sent and shown of notices and webhooks."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field

from backend.notices.models import UnitContact
from backend.notices.settings import MOBILE
from backend.privacy import Seal, mask
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


class ContactIn(BaseModel):
    """The mobile number of a unit on duty, null to take it away; `version` as read, 0 for none."""

    number: Annotated[str, Field(pattern=MOBILE)] | None
    version: Annotated[int, Field(ge=0, le=2**31 - 1)]


class ContactView(BaseModel):
    """How a unit on duty is reached; the number is masked."""

    unit_id: int
    number: str | None
    version: int
    changed_at: dt.datetime | None


def contact_view(unit_id: int, found: UnitContact | None, seal: Seal) -> ContactView:
    """Show how a unit is reached, or that nobody said so yet."""
    if found is None:
        return ContactView(unit_id=unit_id, number=None, version=0, changed_at=None)
    number = mask(seal.open(found.number_sealed)) if found.number_sealed else None
    at = found.changed_at
    return ContactView(unit_id=unit_id, number=number, version=found.version, changed_at=at)
