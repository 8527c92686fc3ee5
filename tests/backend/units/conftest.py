from collections.abc import AsyncIterator

import pytest

from tests.backend.people.office import Office, open_office
from tests.grounds import Ground


@pytest.fixture
async def office(ground: Ground) -> AsyncIterator[Office]:
    async with open_office(ground()) as opened:
        yield opened
