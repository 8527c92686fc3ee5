"""What the call scripts ask of the backend, over HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import httpx

from agi.entries import Entry


class BackendAway(Exception):
    """The backend cannot be reached, or is not able to answer now."""


class BackendFailed(BackendAway):
    """The backend is there and failed at this very request (500)."""


class BackendRefused(Exception):
    """The backend will never take this request as it is."""

    def __init__(self, status: int, reason: str) -> None:
        self.status = status
        super().__init__(f"{status}: {reason}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the backend says of one entry: accepted, known or rejected."""

    id: str
    status: str
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """The draft ticket of a call."""

    number: str
    code: str
    read_back: str
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a ticket has got, as one sentence to say."""

    found: bool
    status_text: str = ""
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Callback:
    """What a callback is about; of a confidential caller only to themselves."""

    subject: str
    confidential: bool = False


class Backend(Protocol):
    """The backend as a call needs it. Methods raise ``BackendAway`` or ``BackendRefused``."""

    def draft(self, call_id: str, entries: Sequence[Entry]) -> Draft:
        """Make the draft of a call, or bring it up to date with these entries."""
        ...

    def progress(self, question: dict[str, str]) -> Progress:
        """Ask by ``number``, or by ``caller`` and ``code``."""
        ...

    def callback(self, call_id: str) -> Callback:
        """Ask what the callback is about that this call was placed for."""
        ...


class BackendClient:
    """The backend over HTTP. Safe to share between threads."""

    def __init__(self, url: str, token: str, *, answer_seconds: float = 8.0) -> None:
        self._http = httpx.Client(
            base_url=url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(answer_seconds, connect=1.0),
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=16),
            trust_env=False,
        )

    def journal(self, entries: Sequence[Entry]) -> list[Verdict]:
        """Deliver entries in order; the backend answers for each of them."""
        body = {"entries": [entry.to_json() for entry in entries]}
        results = self._post("/api/journal", body).get("results")
        if not isinstance(results, list):
            raise BackendAway("the backend's answer names no results")
        return [
            Verdict(str(one.get("id")), str(one.get("status")), _text(one.get("error")))
            for one in results
        ]

    def draft(self, call_id: str, entries: Sequence[Entry]) -> Draft:
        """Make the draft of a call, or bring it up to date with these entries."""
        body = {"entries": [entry.to_json() for entry in entries]}
        read = self._post(f"/api/calls/{call_id}/draft", body)
        try:
            return Draft(read["number"], read["code"], read["read_back"], read["fields"])
        except KeyError as missing:
            raise BackendAway(f"the draft has no {missing}") from missing

    def progress(self, question: dict[str, str]) -> Progress:
        """Ask by ``number``, or by ``caller`` and ``code``."""
        try:
            read = self._post("/api/progress", question)
        except BackendRefused as refused:
            if refused.status in (423, 429):
                return Progress(found=False, locked=True)
            if refused.status == 404:
                return Progress(found=False)
            raise
        text = _text(read.get("status_text")) or ""
        return Progress(bool(read.get("found")), text, bool(read.get("locked")))

    def callback(self, call_id: str) -> Callback:
        """Ask what the callback is about that this call was placed for."""
        read = self._ask("GET", f"/api/surveys/tries/{call_id}/subject")
        return Callback(_text(read.get("subject")) or "", bool(read.get("confidential")))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._ask("POST", path, body)

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        try:
            answer = self._http.request(method, path, json=body)
        except httpx.HTTPError as error:
            raise BackendAway(f"{type(error).__name__} at {path}") from error
        if answer.status_code == 500:
            raise BackendFailed(f"500 at {path}")
        if answer.status_code > 500:
            raise BackendAway(f"{answer.status_code} at {path}")
        if answer.status_code >= 400:
            raise BackendRefused(answer.status_code, answer.text[:300])
        try:
            read = answer.json()
        except ValueError as error:
            raise BackendAway(f"no JSON at {path}") from error
        if not isinstance(read, dict):
            raise BackendAway(f"no object at {path}")
        return read


def _text(value: object) -> str | None:
    return None if value is None else str(value)
