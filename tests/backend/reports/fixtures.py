"""A city on each kind of database, for whoever tests what is counted."""

from collections.abc import AsyncIterator

import pytest

from tests.backend.reports.city import City, open_city
from tests.grounds import Ground


@pytest.fixture
async def city(ground: Ground) -> AsyncIterator[City]:
    async with open_city(ground) as opened:
        yield opened
