"""What the backend's tests share: real databases, a real Redis, the real application."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from backend.database import Database
from backend.main import create_app
from backend.privacy import Seal
from backend.settings import Settings
from hotline import throwaway
from hotline.throwaway import Postgres, RedisServer
from tests.conftest import DATABASES

TOKEN = "a-token-for-tests-only"
KEY = "dGVzdHMgb25seSB0ZXN0cyBvbmx5IHRlc3RzIG9ubHk="


@pytest.fixture(scope="session")
def redis() -> Iterator[RedisServer]:
    with throwaway.redis_server() as server:
        yield server


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh, migrated database: each test runs on both kinds."""
    if request.param == "sqlite":
        pattern: Path = request.getfixturevalue("sqlite_pattern")
        shutil.copy(pattern, tmp_path / "hotline.db")
        yield f"sqlite+aiosqlite:///{tmp_path / 'hotline.db'}"
        return
    cluster: Postgres = request.getfixturevalue("postgres")
    name = f"t{uuid.uuid4().hex}"
    yield cluster.create(name, "pattern")
    cluster.drop(name)


@pytest.fixture
def media(tmp_path: Path) -> Path:
    for name in ("recordings", "messages", "utterances"):
        (tmp_path / "media" / name).mkdir(parents=True)
    return tmp_path / "media"


@pytest.fixture
def settings(database_url: str, media: Path, redis: RedisServer) -> Settings:
    return Settings(
        database_url=database_url,
        service_token=SecretStr(TOKEN),
        data_key=SecretStr(KEY),
        redis_url=redis.url,
        media=media,
        lease_seconds=2.0,
        settle_seconds=0.0,
        closed_settle_seconds=0.0,
        retry_seconds=0.01,
        transcription_tries=2,
    )


@pytest.fixture
def settings_of_test(settings: Settings) -> Settings:
    """The same settings, by a name that leaves Hypothesis's `settings` free."""
    return settings


@pytest.fixture
def seal() -> Seal:
    return Seal(KEY)


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    opened = Database(settings.database_url)
    yield opened
    await opened.close()


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Start an application and give a client that carries the service token."""
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://backend", headers=headers
        ) as client:
            yield client


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with running(create_app(settings)) as opened:
        yield opened
