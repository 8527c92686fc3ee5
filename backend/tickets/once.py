"""Idempotency keys: a request that is sent again is answered again, not carried out again.

The key is written in the transaction of the act itself: both are kept, or neither.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Header, Request, Response
from pydantic import BaseModel
from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import insert_into
from backend.errors import Invalid
from backend.people.identity import Identity
from backend.privacy import Seal
from backend.tickets.once_models import OnceKey

KEPT_DAYS = 7
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=100,
        pattern=r"^[\x21-\x7e]+$",
        description="Chosen by the sender, as a UUID: sent again with it, nothing is done twice",
    ),
]
Answer = TypeVar("Answer", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Once:
    """One request under its key; without a key it does nothing."""

    session: AsyncSession
    seal: Seal
    actor: str
    key: str | None

    async def known(self, form: type[Answer], response: Response) -> Answer | None:
        """Return what this request was answered before, or None if it is the first.

        A second one waits until the first has committed. Call it before anything is written.
        """
        if self.key is None:
            return None
        sealed = await self.session.scalar(select(OnceKey.answer_sealed).where(*self._mine()))
        if sealed is None:
            return None
        response.headers["Idempotency-Replayed"] = "true"
        return form.model_validate(self.seal.open(sealed))

    async def keep(self, answer: Answer) -> Answer:
        """Keep the answer for a repetition, and return it."""
        if self.key is not None:
            sealed = self.seal.close(answer.model_dump(mode="json"))
            row = update(OnceKey).where(*self._mine()).values(answer_sealed=sealed)
            await self.session.execute(row)
        return answer

    def _mine(self) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return OnceKey.actor == self.actor, OnceKey.key == self.key


async def once(
    request: Request, session: AsyncSession, asker: Identity, key: str | None, sent: bytes
) -> Once:
    """Begin a request under its key; raises Invalid for a key used for something else."""
    found = Once(session, request.app.state.seal, asker.actor, key)
    if key is None:
        return found
    digest = hashlib.sha256(f"{request.method} {request.url.path}\n".encode() + sent).hexdigest()
    now = dt.datetime.now(dt.UTC)
    row = insert_into(session, OnceKey).values(
        actor=asker.actor, key=key, request_digest=digest, at=now
    )
    await session.execute(row.on_conflict_do_nothing(index_elements=["actor", "key"]))
    query = select(OnceKey.request_digest).where(OnceKey.actor == asker.actor, OnceKey.key == key)
    if await session.scalar(query) != digest:
        raise Invalid(
            "key_of_another_request",
            "Idempotency-Key: was used for another request",
            field="Idempotency-Key",
            remedy="choose a new key for each thing that is to be made",
        )
    return found


async def forget(session: AsyncSession, now: dt.datetime) -> None:
    """Drop keys that nobody will send again."""
    old = now - dt.timedelta(days=KEPT_DAYS)
    await session.execute(delete(OnceKey).where(OnceKey.at < old))
