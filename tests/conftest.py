"""What all tests share: one server of each kind a run, and databases to be had from it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from backend.migrate import migrate
from hotline import throwaway
from hotline.throwaway import Postgres
from tests.grounds import EMPTY, Ground, PostgresGround, SqliteGround

DATABASES = ("sqlite", "postgresql")


def migrated(url: str) -> None:
    """Run the real migrations, away from any event loop of the test."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(migrate, url).result()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with throwaway.postgres() as cluster:
        migrated(cluster.create(EMPTY))
        yield cluster


@pytest.fixture(scope="session")
def sqlite_pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("databases") / f"{EMPTY}.db"
    migrated(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def sqlite_ground(sqlite_pattern: Path) -> Ground:
    return SqliteGround(sqlite_pattern)


@pytest.fixture(scope="session")
def postgres_ground(postgres: Postgres) -> Ground:
    return PostgresGround(postgres)


@pytest.fixture(scope="module", params=DATABASES)
def ground(request: pytest.FixtureRequest) -> Ground:
    """Give databases of one kind: each test runs on both."""
    name = "sqlite_ground" if request.param == "sqlite" else "postgres_ground"
    found: Ground = request.getfixturevalue(name)
    return found
