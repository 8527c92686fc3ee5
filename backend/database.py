"""The database: one engine, one session a request, and the only commit of the backend."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy import DateTime, Dialect, MetaData, Table, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

BUSY_SECONDS = 15
"""How long a writer waits for another one before the request fails with 503."""

Event = dict[str, Any]
Announce = Callable[[list[Event]], Awaitable[None]]


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class AwareTime(TypeDecorator[dt.datetime]):
    """A moment, always with its zone: stored as UTC, given back as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        """Refuse a time without a zone; hand the rest over as UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        """Give the zone back to a database that forgot it."""
        if value is None:
            return None
        moment: dt.datetime = value
        return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


class Database:
    """Opens transactions; `announce` is told what happened after each commit."""

    def __init__(self, url: str, announce: Announce | None = None) -> None:
        self.engine = make_engine(url)
        self._announce = announce
        self._one_writer = asyncio.Lock() if url.startswith("sqlite") else None

    @asynccontextmanager
    async def transaction(self, *, writes: bool = True) -> AsyncIterator[AsyncSession]:
        """Give a session that commits at the end and rolls back on any error.

        With `writes` the SQLite writer's lock is taken at the start, so that two writers wait
        for each other instead of failing; PostgreSQL locks by row.
        """
        queue = self._one_writer if writes and self._one_writer else contextlib.nullcontext()
        async with queue, AsyncSession(self.engine, expire_on_commit=False) as session:
            await session.connection(execution_options={"writes": writes})
            yield session
            await session.commit()
            events: list[Event] = session.info.pop("events", [])
        if events and self._announce:
            await self._announce(events)

    @asynccontextmanager
    async def glance(self) -> AsyncIterator[AsyncSession]:
        """Give a session for one look: each statement stands alone, without BEGIN and COMMIT."""
        if self._one_writer:
            async with self.transaction(writes=False) as session:
                yield session
            return
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            await session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
            yield session

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


def tell(session: AsyncSession, kind: str, **facts: Any) -> None:
    """Have listeners told of something once this session has committed."""
    session.info.setdefault("events", []).append({"kind": kind, **facts})


def insert_into(session: AsyncSession, table: type[Base]) -> Any:
    """Return an INSERT that knows ON CONFLICT, in the dialect of the session."""
    target = table.__table__
    assert isinstance(target, Table)
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(target)
    return sqlite.insert(target)


def make_engine(url: str) -> AsyncEngine:
    """Make the engine for a database URL, with SQLite set up as we need it."""
    if not url.startswith("sqlite"):
        engine = create_async_engine(url, pool_size=10, max_overflow=10)
        event.listen(engine.sync_engine, "checkout", _refuse_closed)
        return engine
    engine = create_async_engine(url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _refuse_closed(connection: DBAPIConnection, record: Any, fairy: Any) -> None:
    """Have connections that the server has closed made anew, without asking it each time."""
    if connection.driver_connection.is_closed():
        raise InvalidatePoolError


def _prepare_sqlite(connection: DBAPIConnection, _: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get("writes", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


async def _writing(request: Request) -> AsyncIterator[AsyncSession]:
    database: Database = request.app.state.database
    async with database.transaction() as session:
        yield session


async def _reading(request: Request) -> AsyncIterator[AsyncSession]:
    database: Database = request.app.state.database
    async with database.transaction(writes=False) as session:
        yield session


Writing = Annotated[AsyncSession, Depends(_writing, scope="function")]
"""A session that is committed before the answer leaves."""
Reading = Annotated[AsyncSession, Depends(_reading, scope="function")]

__all__ = [
    "AsyncConnection",
    "AwareTime",
    "Base",
    "Database",
    "Reading",
    "Writing",
    "insert_into",
    "tell",
]
