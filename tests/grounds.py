"""Databases for tests: migrated once a run, filled once for each way to fill them, then copied."""

from __future__ import annotations

import copy
import secrets
import shutil
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from hotline.throwaway import Postgres

T = TypeVar("T")
EMPTY = "pattern"
"""The name of the migrated database in which nothing stands yet."""
KEPT = 20
"""So many databases of past tests may lie about before they are removed together."""


class Ground(ABC):
    """Gives databases of one kind; called, a fresh one that is migrated and empty."""

    def __init__(self) -> None:
        self._filled: dict[str, Any] = {}

    def __call__(self) -> str:
        """Make a database, migrated and empty; return its URL."""
        return self.copy_of(EMPTY)

    async def filled(self, name: str, fill: Callable[[str], Awaitable[T]]) -> tuple[str, T]:
        """Make a database as `fill` leaves one; return its URL and what `fill` returned.

        `fill` is awaited once a run and closes its connections before it returns.
        """
        if name not in self._filled:
            self._filled[name] = await fill(self.copy_of(EMPTY, name))
        return self.copy_of(name), copy.deepcopy(self._filled[name])

    @abstractmethod
    def copy_of(self, pattern: str, name: str | None = None) -> str:
        """Copy a database, under a name it is to be kept by, and return the URL."""


class SqliteGround(Ground):
    """Files beside the first one; those of past tests are removed some at a time."""

    def __init__(self, first: Path) -> None:
        super().__init__()
        self.directory = first.parent
        self._past: list[Path] = []

    def copy_of(self, pattern: str, name: str | None = None) -> str:
        """Copy a file."""
        copied = self.directory / f"{name or secrets.token_hex(8)}.db"
        shutil.copy(self.directory / f"{pattern}.db", copied)
        if name is None:
            self._past.append(copied)
        if len(self._past) > KEPT:
            for past in self._past[: KEPT // 2]:
                for file in past.parent.glob(f"{past.name}*"):
                    file.unlink()
            del self._past[: KEPT // 2]
        return f"sqlite+aiosqlite:///{copied}"


class PostgresGround(Ground):
    """Databases of one cluster; those of past tests are removed some at a time."""

    def __init__(self, server: Postgres) -> None:
        super().__init__()
        self.server = server
        self._past: list[str] = []

    def copy_of(self, pattern: str, name: str | None = None) -> str:
        """Copy a database."""
        if name is None:
            name = f"c{secrets.token_hex(8)}"
            self._past.append(name)
        if len(self._past) > KEPT:
            self.server.drop(*self._past[: KEPT // 2])
            del self._past[: KEPT // 2]
        return self.server.create(name, pattern)
