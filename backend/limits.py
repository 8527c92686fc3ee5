"""Refuses bodies larger than anything a program of the hotline sends."""

from __future__ import annotations

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 4 * 1024 * 1024
FORM_BYTES = 64 * 1024
"""What the form around a file may take besides the file."""


class BodyLimit:
    """Ends the reading of a body with status 413 as soon as it is known to be too large."""

    def __init__(
        self, app: ASGIApp, most_bytes: int = MOST_BYTES, attachment_bytes: int = MOST_BYTES
    ) -> None:
        self.app, self.usual = app, most_bytes
        self.with_file = max(most_bytes, attachment_bytes + FORM_BYTES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, counting its bytes."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most_bytes = self.with_file if scope["path"].endswith("/attachments") else self.usual
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        seen = int(declared) if declared.isdigit() else 0

        async def counted() -> Message:
            nonlocal seen
            if seen > most_bytes:
                raise HTTPException(
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                    f"the body is larger than {most_bytes} bytes",
                    headers={"Connection": "close"},
                )
            message = await receive()
            if declared == b"0":
                seen += len(message.get("body", b""))
            return message

        await self.app(scope, counted, send)
