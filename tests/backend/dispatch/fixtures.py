"""A town on each kind of database, for whoever tests the life of a ticket."""

from collections.abc import AsyncIterator

import pytest

from tests.backend.dispatch.town import Town, open_town
from tests.grounds import Ground


@pytest.fixture
async def town(ground: Ground) -> AsyncIterator[Town]:
    async with open_town(ground) as opened:
        yield opened
