import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from backend.settings import Settings
from tests.backend.console.desk import Console, open_console


@pytest.fixture
def database_url(sqlite_pattern: Path, tmp_path: Path) -> str:
    """One kind of database is enough here: what pages call is tested on both."""
    shutil.copy(sqlite_pattern, tmp_path / "hotline.db")
    return f"sqlite+aiosqlite:///{tmp_path / 'hotline.db'}"


@pytest.fixture
async def console(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Console]:
    for name, value in (("TIME_COST", "1"), ("MEMORY_KIB", "8"), ("PARALLELISM", "1")):
        monkeypatch.setenv(f"HOTLINE_HASH_{name}", value)
    async with open_console(settings) as opened:
        yield opened
