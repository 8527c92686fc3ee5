"""What the call scripts ask of the recogniser, over HTTP."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

import httpx


class AsrAway(Exception):
    """The recogniser cannot be reached, is full, or failed."""


@dataclass(frozen=True, slots=True)
class Question:
    """What to listen for, and what to play first. Durations in seconds."""

    listen_id: str
    call_id: str
    step: str
    sounds: tuple[dict[str, str], ...]
    profile: str
    longest_seconds: float
    wait_seconds: float
    stop_keys: str = ""
    most_keys: int | None = None
    grammar: tuple[str, ...] = ()
    yields: bool = False
    """A call that the hotline placed: it is heard only where that takes nothing from a caller."""
    urgent: bool = False
    """A question about danger: it may take the place that is kept free for it."""

    def _priority(self) -> str:
        if self.urgent:
            return "emergency"
        return "survey" if self.yields else "normal"

    def to_json(self) -> dict[str, Any]:
        """Give the question as the recogniser takes it."""
        collect = None if self.most_keys is None else {"most": self.most_keys, "until": "#"}
        return {
            "listen_id": self.listen_id,
            "call_id": self.call_id,
            "step": self.step,
            "sounds": list(self.sounds),
            "profile": self.profile,
            "longest_seconds": self.longest_seconds,
            "wait_seconds": self.wait_seconds,
            "trailing_seconds": None,
            "stop_keys": self.stop_keys,
            "collect": collect,
            "grammar": list(self.grammar) or None,
            "emergency": True,
            "priority": self._priority(),
            "interruptible": True,
        }


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one listening step; ``ready`` once the words are final."""

    state: str
    ended_by: str | None = None
    text: str = ""
    words: list[dict[str, Any]] = field(default_factory=list)
    confidence: float | None = None
    keys: str = ""
    engine: str | None = None
    sound: str | None = None
    emergency: dict[str, Any] | None = None
    times: dict[str, float | None] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        """Tell whether nothing more will come."""
        return self.state in {"done", "failed"}

    def moment(self, name: str) -> str | None:
        """Give one of the step's times as ISO-8601, or None."""
        seconds = self.times.get(name)
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()


class Recogniser(Protocol):
    """What listens. Methods raise ``AsrAway``."""

    def announce(self, question: Question) -> None:
        """Tell what the next AudioSocket connection is for."""
        ...

    def result(self, listen_id: str, wait_seconds: float) -> Result:
        """Ask what was heard, waiting for the final words at most this long."""
        ...

    def speech(self, text: str, within_seconds: float = 1.5) -> str:
        """Have a sentence said; give the sound's name in the media directory."""
        ...


class AsrClient:
    """The recogniser over HTTP. Safe to share between threads."""

    def __init__(self, url: str, token: str) -> None:
        self._http = httpx.Client(
            base_url=url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(1.5, connect=0.5),
            limits=httpx.Limits(max_connections=400, max_keepalive_connections=32),
            trust_env=False,
        )

    def announce(self, question: Question) -> None:
        """Tell what the next AudioSocket connection is for; raises ``AsrAway``."""
        self._ask("POST", "/listen", json=question.to_json())

    def result(self, listen_id: str, wait_seconds: float) -> Result:
        """Ask what was heard, waiting for the final words at most this long."""
        read = self._ask(
            "GET",
            f"/listen/{listen_id}",
            params={"wait_seconds": wait_seconds},
            timeout=httpx.Timeout(wait_seconds + 1.5, connect=0.5),
        )
        return Result(
            state=str(read.get("state")),
            ended_by=read.get("ended_by"),
            text=str(read.get("text") or ""),
            words=list(read.get("words") or []),
            confidence=read.get("confidence"),
            keys=str(read.get("keys") or ""),
            engine=read.get("engine"),
            sound=read.get("sound"),
            emergency=read.get("emergency"),
            times=dict(read.get("times") or {}),
        )

    def speech(self, text: str, within_seconds: float = 1.5) -> str:
        """Have a sentence said; give the sound's name in the media directory."""
        body = {"text": text, "within_seconds": within_seconds}
        read = self._ask("POST", "/speech", json=body, timeout=within_seconds + 1.5)
        if not read.get("file"):
            raise AsrAway("no sound came of the sentence")
        return str(read["file"])

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        try:
            answer = self._http.request(method, path, **more)
            if answer.status_code >= 400:
                raise AsrAway(f"{answer.status_code} at {path}: {answer.text[:200]}")
            read = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise AsrAway(f"{type(error).__name__} at {path}") from error
        if not isinstance(read, dict):
            raise AsrAway(f"no object at {path}")
        return read
