from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.backend.archive.store import Store, open_store
from tests.backend.dispatch import fixtures
from tests.backend.people.office import MakeUrl

make_url = fixtures.make_url


@pytest.fixture
async def store(make_url: MakeUrl, tmp_path: Path) -> AsyncIterator[Store]:
    async with open_store(make_url(), tmp_path) as opened:
        yield opened
