"""A town on each kind of database, for whoever tests the life of a ticket."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.backend.dispatch.town import Town, open_town
from tests.backend.people.office import MakeUrl, databases


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def make_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MakeUrl]:
    with databases(request.param, tmp_path_factory.mktemp("dispatch")) as one_more:
        yield one_more


@pytest.fixture
async def town(make_url: MakeUrl) -> AsyncIterator[Town]:
    async with open_town(make_url()) as opened:
        yield opened
