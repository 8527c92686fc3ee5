"""Gateways: how one message leaves, by SMS or by webhook. One method each, so a fake is short.

NotTaken
└── Refused   the receiver will never take it: trying again is no use
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
from pathlib import Path
from typing import Any, Protocol

import httpx

from backend.notices.settings import NoticeSettings


class NotTaken(Exception):
    """The receiver did not take the message; it may later."""


class Refused(NotTaken):
    """The receiver will never take this message."""


class Sms(Protocol):
    """Sends text messages; the same `key` twice is one message."""

    async def send(self, number: str, text: str, key: str) -> str:
        """Send, and return the receipt; raises NotTaken."""


class FileSms:
    """Writes each message to a file of its own (mode 600): for demonstrations and tests."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    async def send(self, number: str, text: str, key: str) -> str:
        """Write the message; the same key writes the same file."""
        name = hashlib.sha256(key.encode()).hexdigest()[:32]
        content = json.dumps({"to": number, "text": text, "key": key}, ensure_ascii=False)
        try:
            await asyncio.to_thread(self._write, name, content)
        except OSError as error:
            raise NotTaken(f"the file could not be written: {error.strerror}") from error
        return f"file:{name}"

    def _write(self, name: str, content: str) -> None:
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = self.directory / f".{name}.{os.getpid()}.part"
        with os.fdopen(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
            file.write(content)
        part.replace(self.directory / f"{name}.json")


class HttpSms:
    """Hands messages to an SMS service as JSON: {to, text, key}, with a bearer token."""

    def __init__(self, url: str, token: str | None, timeout_seconds: float) -> None:
        self.url, self.timeout_seconds = url, timeout_seconds
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    async def send(self, number: str, text: str, key: str) -> str:
        """Post the message; the key lets the service tell a repetition."""
        headers = {**self.headers, "Idempotency-Key": key}
        body = {"to": number, "text": text, "key": key}
        return await post(self.url, body, headers, self.timeout_seconds)


def sms_of(settings: NoticeSettings) -> Sms | None:
    """Return the gateway that is set up, or None."""
    if settings.sms_url:
        token = settings.sms_token.get_secret_value() if settings.sms_token else None
        return HttpSms(settings.sms_url, token, settings.notice_timeout_seconds)
    return FileSms(settings.sms_directory) if settings.sms_directory else None


async def call_webhook(
    url: str, secret: str, body: dict[str, Any], key: str, timeout_seconds: float
) -> str:
    """Post an event to another system, signed over its bytes with the secret they share."""
    content = json.dumps(body, ensure_ascii=False, sort_keys=True).encode()
    signature = hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
    headers = {"X-Hotline-Signature": f"sha256={signature}", "Idempotency-Key": key}
    return await post(url, content, headers, timeout_seconds)


async def post(
    url: str, body: dict[str, Any] | bytes, headers: dict[str, str], timeout_seconds: float
) -> str:
    """Post JSON and return the receipt; a 4xx other than 408, 425 and 429 is for good."""
    content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    sent = {"Content-Type": "application/json", **headers}
    try:
        async with httpx.AsyncClient(timeout=timeout_seconds, follow_redirects=False) as client:
            answer = await client.post(url, content=content, headers=sent)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NotTaken(f"not reached: {type(error).__name__}") from error
    if answer.is_success:
        return f"http:{answer.status_code}"
    lasting = answer.is_client_error and answer.status_code not in (408, 425, 429)
    raise (Refused if lasting else NotTaken)(f"answered {answer.status_code}")
