"""Has the recogniser listen to one side of a talk; a slot is taken only while others stay free."""

from __future__ import annotations

import uuid
from typing import Any

import httpx

from backend.recogniser import RecogniserClient

PATIENCE_SECONDS = 20.0
WAIT_SECONDS = 10.0
LONGEST_SECONDS, SILENCE_SECONDS = 60.0, 120.0


class EarAway(Exception):
    """The recogniser does not answer, or does not know the step any more."""


class Ear(RecogniserClient):
    """A client of the recogniser's /listen, for steps that play nothing and ask nothing."""

    def __init__(
        self,
        base_url: str,
        token: str,
        spare: int,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._spare = spare
        super().__init__(base_url, token, PATIENCE_SECONDS, transport)

    async def announce(self, listen_id: uuid.UUID, call_id: uuid.UUID, step: str) -> bool:
        """Announce a step; False while no slot may be taken. Raises EarAway."""
        slots = (await self._ask("GET", "/health")).get("slots") or {}
        if int(slots.get("used", 0)) + self._spare >= int(slots.get("total", 0)):
            return False
        wanted = {
            "listen_id": str(listen_id),
            "call_id": str(call_id),
            "step": step,
            "profile": "statement",
            "longest_seconds": LONGEST_SECONDS,
            "wait_seconds": SILENCE_SECONDS,
            "stop_keys": "",
            "emergency": False,
        }
        return bool(await self._ask("POST", "/listen", json=wanted))

    async def heard(self, listen_id: uuid.UUID) -> dict[str, Any]:
        """Wait until the step is over and return what was heard. Raises EarAway."""
        while True:
            path, wait = f"/listen/{listen_id}", {"wait_seconds": WAIT_SECONDS}
            found = await self._ask("GET", path, params=wait)
            if found.get("state") in ("done", "failed"):
                return found
            if not found:
                raise EarAway("the recogniser is full")

    async def _ask(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        """Return the answer; an empty one says that no slot is left."""
        try:
            reply = await self._http.request(method, path, **options)
            if reply.status_code == httpx.codes.TOO_MANY_REQUESTS:
                return {}
            reply.raise_for_status()
            found: dict[str, Any] = reply.json()
        except (httpx.HTTPError, ValueError) as error:
            raise EarAway(str(error)[:200] or type(error).__name__) from error
        return found
