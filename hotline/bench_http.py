"""A client of one connection that costs next to nothing, so that a measurement is the server's."""

import asyncio
import json
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

FIRST_ERROR = 400


class Refused(ValueError):
    """The answer is an error."""

    def __init__(self, status: int, what: str) -> None:
        super().__init__(what)
        self.status = status


class Client:
    """Sends one request after another over one connection; raises Refused for an error."""

    def __init__(self, port: int, token: str | None) -> None:
        self._port, self._token = port, token

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._writer.close()

    async def get(self, path: str, asked: dict[str, Any]) -> Any:
        """Ask for something."""
        return await self._send("GET", f"{path}?{urlencode(asked)}", b"")

    async def post(self, path: str, sent: dict[str, Any]) -> Any:
        """Send something."""
        return await self._send("POST", path, json.dumps(sent).encode())

    async def _send(self, method: str, path: str, body: bytes) -> Any:
        head = f"{method} {path} HTTP/1.1\r\nHost: bench\r\nContent-Length: {len(body)}\r\n"
        if body:
            head += "Content-Type: application/json\r\n"
        if self._token:
            head += f"Authorization: Bearer {self._token}\r\n"
        self._writer.write(head.encode() + b"\r\n" + body)
        answer = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status = int(answer.split(" ", 2)[1])
        lengths = [
            line.partition(":")[2]
            for line in answer.split("\r\n")
            if line.lower().startswith("content-length:")
        ]
        content = await self._reader.readexactly(int(lengths[0]))
        if status >= FIRST_ERROR:
            raise Refused(status, f"{method} {path}: {status} {content[:300]!r}")
        return json.loads(content)
