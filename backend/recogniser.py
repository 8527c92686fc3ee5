"""What every client of the recogniser shares: its address, its token, its end."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import httpx


class RecogniserClient:
    """A connection to the recogniser that is closed at the end of its block.

    `timeout` is in seconds, for connecting and for an answer.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        timeout: float,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._http = httpx.AsyncClient(
            base_url=base_url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=timeout,
            trust_env=False,
            transport=transport,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._http.aclose()
