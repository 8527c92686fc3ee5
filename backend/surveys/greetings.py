"""The sentences that name what a call is about, made before anybody is called."""

from __future__ import annotations

import time

import httpx
from sqlalchemy import select

from backend.database import Database
from backend.logs import log
from backend.recogniser import RecogniserClient
from backend.surveys.models import Survey
from backend.tickets.models import Ticket
from ivr_flows.prompts import load_prompts

PROMPTS = ("survey_hello", "survey_subject")
MAKING_SECONDS = 30.0
RETRY_SECONDS = 5.0


class Greetings(RecogniserClient):
    """Has each sentence made once by the recogniser's voice; it keeps them by their words."""

    def __init__(self, base_url: str, token: str) -> None:
        super().__init__(base_url, token, MAKING_SECONDS + 5)
        prompts = load_prompts()
        self._prompts = [prompts[name] for name in PROMPTS]
        self._made: set[str] = set()
        self._again_at = 0.0

    async def ready(self, database: Database) -> bool:
        """Tell whether every sentence is there, making one if not: call again until it is."""
        if time.monotonic() < self._again_at:
            return False
        async with database.transaction(writes=False) as session:
            query = select(Ticket.category).join(Survey, Survey.ticket_id == Ticket.id)
            subjects = set(await session.scalars(query.where(Survey.ended_at.is_(None)).distinct()))
        missing = sorted(subjects - self._made)
        if missing:
            await self._make(missing[0])
        return not missing

    async def _make(self, subject: str) -> None:
        try:
            for prompt in self._prompts:
                body = {"text": prompt.fill({"subject": subject}), "within_seconds": MAKING_SECONDS}
                (await self._http.post("/speech", json=body)).raise_for_status()
        except httpx.HTTPError as error:
            log.warning("no greeting could be made", why=type(error).__name__)
            self._again_at = time.monotonic() + RETRY_SECONDS
            return
        self._made.add(subject)
