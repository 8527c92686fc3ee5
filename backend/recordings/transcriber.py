"""Asks the recogniser for the words of a sound file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx

from backend.recogniser import RecogniserClient

PATIENCE_SECONDS = 10.0


class RecogniserAway(Exception):
    """The recogniser does not answer, or is full: try again later, as often as need be."""


class NotTranscribed(Exception):
    """The recogniser tried and failed, or refuses this sound."""


@dataclass(frozen=True, slots=True)
class Words:
    """What was said; `words` have their places in the sound, in seconds."""

    text: str
    words: list[dict[str, Any]] = field(default_factory=list)
    confidence: float | None = None
    engine: str | None = None


class Transcriber(RecogniserClient):
    """A client of the recogniser's /transcriptions; sounds are relative to the media directory."""

    def __init__(self, base_url: str, token: str) -> None:
        super().__init__(base_url, token, PATIENCE_SECONDS)

    async def ask(self, sound: str) -> str:
        """Hand a sound in and return the id of its transcription."""
        reply = await self._call("POST", "/transcriptions", json={"sound": sound})
        return str(reply["id"])

    async def words(self, transcription: str, wait_seconds: float) -> Words | None:
        """Return the words, or None if they are not known after `wait_seconds`."""
        reply = await self._call(
            "GET", f"/transcriptions/{transcription}", params={"wait_seconds": wait_seconds}
        )
        match reply.get("state"):
            case "done":
                return Words(
                    text=str(reply.get("text") or ""),
                    words=list(reply.get("words") or []),
                    confidence=reply.get("confidence"),
                    engine=reply.get("engine"),
                )
            case "failed":
                raise NotTranscribed(str(reply.get("error") or "failed"))
            case _:
                return None

    async def _call(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        try:
            reply = await self._http.request(method, path, **options)
        except httpx.HTTPError as error:
            raise RecogniserAway(type(error).__name__) from error
        if reply.status_code == httpx.codes.TOO_MANY_REQUESTS or reply.is_server_error:
            raise RecogniserAway(f"status {reply.status_code}")
        if reply.is_error:
            raise NotTranscribed(f"status {reply.status_code}: {reply.text[:200]}")
        try:
            answer = reply.json()
        except ValueError as error:
            raise RecogniserAway("an answer that is not JSON") from error
        if not isinstance(answer, dict):
            raise RecogniserAway("an answer that is not an object")
        return answer
