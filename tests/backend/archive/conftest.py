from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.backend.archive.store import Store, open_store
from tests.grounds import Ground


@pytest.fixture
async def store(ground: Ground, tmp_path: Path) -> AsyncIterator[Store]:
    async with open_store(ground, tmp_path) as opened:
        yield opened
